import { Select } from '@mantine/core';
import { useState } from 'react';
import { readBlocks } from '../../../lab/probes/readings.ts';
import type { PairReport } from '../../../lab/probes/report.ts';
import type { RecipeId } from '../../../lab/training/settings.ts';
import { type MatrixNumbers, numbersOf, ownIsLargest } from './matrix-numbers.ts';
import { MatrixPicture } from './matrix-picture.tsx';
import { modalityName, pairName } from './modality-name.ts';
import { numberText, percentText } from './number-words.ts';
import { ProbeHead } from './probe-head.tsx';
import { measured, type ProbedRun, useProbedRuns } from './probed-runs.ts';
import { ProbesStatus } from './probes-status.tsx';
import { type PanelProps, RunLegend, Swatch } from './runs-shown.tsx';

/** The two matrices that losses shape: which dimensions go together, and which items. */
export function PicturesPanel(props: PanelProps) {
  const runs = useProbedRuns(props);
  const [wished, setWished] = useState<string | undefined>();
  const pairs = new Map(
    runs.flatMap(({ probes }) =>
      (probes.latest?.report.pairs ?? [])
        .filter(({ correlation }) => correlation !== undefined)
        .map((pair) => [keyOf(pair), pairName(pair.first, pair.second)] as const),
    ),
  );
  const chosen = wished !== undefined && pairs.has(wished) ? wished : [...pairs.keys()][0];
  const isMeasured = runs.some(({ probes }) => probes.latest);
  const correlations = <Pictures key="correlation" id="correlation" runs={runs} chosen={chosen} />;
  const similarities = <Pictures key="similarities" id="similarities" runs={runs} chosen={chosen} />;
  return (
    <section className="lab-panel" aria-label="Matrices">
      <RunLegend runs={runs} />
      <ProbesStatus runs={runs} />
      {isMeasured && chosen === undefined && (
        <p>
          There is no matrix to see: no two modalities learn from each other here, and no second view was
          embedded.
        </p>
      )}
      {chosen !== undefined && (
        <>
          {pairs.size > 1 && (
            <Select
              size="xs"
              label="Pair"
              allowDeselect={false}
              value={chosen}
              data={[...pairs].map(([value, label]) => ({ value, label }))}
              onChange={(value) => setWished(value ?? undefined)}
            />
          )}
          {runs.some(({ settings }) => SHAPES_DIMENSIONS.includes(settings.recipe))
            ? [correlations, similarities]
            : [similarities, correlations]}
        </>
      )}
    </section>
  );
}

/** Recipes whose losses are of dimensions, not of items. */
const SHAPES_DIMENSIONS: readonly RecipeId[] = ['vicreg', 'barlow-twins', 'decur'];

const keyOf = ({ first, second }: PairReport): string => `${first} ${second}`;

interface PicturesProps {
  readonly id: 'correlation' | 'similarities';
  readonly runs: readonly ProbedRun[];
  readonly chosen: string | undefined;
}

/** One matrix of each run, side by side. */
function Pictures({ id, runs, chosen }: PicturesProps) {
  return (
    <>
      <ProbeHead id={id} />
      <div className="lab-matrices">
        {runs.map((run) => {
          const pair = run.probes.latest?.report.pairs.find((each) => keyOf(each) === chosen);
          return (
            <div key={run.which} className="lab-one-matrix">
              {runs.length > 1 && (
                <strong>
                  <Swatch which={run.which} />
                  {run.name}
                </strong>
              )}
              {pair ? (
                id === 'correlation' ? (
                  <Correlation pair={pair} run={run} />
                ) : (
                  <Similarities pair={pair} />
                )
              ) : (
                <p>This run has no such pair.</p>
              )}
            </div>
          );
        })}
      </div>
    </>
  );
}

function Correlation({ pair, run }: { readonly pair: PairReport; readonly run: ProbedRun }) {
  const found = measured(pair.correlation);
  if (!found) return <Unfit />;
  const { values, rows, chance, blocks } = found;
  const common = blocks.common?.dimensions ?? 0;
  const isParted = run.settings.recipe === 'decur';
  const words = isParted ? readBlocks(blocks) : readMatrix(numbersOf({ size: rows, values }), chance);
  return (
    <>
      <MatrixPicture
        title={`Correlation of ${pairName(pair.first, pair.second)}`}
        matrix={matrixOf(values, rows)}
        sides={sidesOf(pair)}
        unit="dimension"
        blocks={isParted ? { first: common, names: ['common', 'unique'] } : undefined}
        description={words}
      />
      <p>{words}</p>
    </>
  );
}

function Similarities({ pair }: { readonly pair: PairReport }) {
  const found = measured(pair.similarities);
  if (!found) return <Unfit />;
  const matrix = matrixOf(found.values, found.n);
  const { diagonal, beside } = numbersOf(matrix);
  const words = `Pairs have a cosine of ${numberText(diagonal)} on average, others ${numberText(beside)}; ${percentText(ownIsLargest(matrix))} of ${found.n} items are most similar to their own (chance ${percentText(1 / found.n)}).`;
  return (
    <>
      <MatrixPicture
        title={`Cosines of ${pairName(pair.first, pair.second)}`}
        matrix={matrix}
        sides={sidesOf(pair)}
        unit="item"
        isStretched
        description={words}
      />
      <p>{words}</p>
    </>
  );
}

/** The reason stands once, at the top. */
function Unfit() {
  return <p>No picture: see above.</p>;
}

const matrices = new WeakMap<Float32Array, { size: number; values: Float32Array }>();

/** The same object for the same numbers, so that a picture is drawn once. */
function matrixOf(values: Float32Array, size: number) {
  const known = matrices.get(values) ?? { size, values };
  matrices.set(values, known);
  return known;
}

function sidesOf({ first, second }: PairReport): readonly [string, string] {
  return first === second
    ? [`${modalityName(first)}, first view`, 'second view']
    : [modalityName(first), modalityName(second)];
}

function readMatrix({ diagonal, besideSize }: MatrixNumbers, chance: number): string {
  const unrelated = `dimensions that have nothing to do with each other have ${numberText(chance)}`;
  return `The same dimension correlates by ${numberText(diagonal)} on average; different ones by ${numberText(besideSize)}, without the sign (${unrelated}).`;
}
