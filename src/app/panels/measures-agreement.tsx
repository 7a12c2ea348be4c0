import { Button, Select, Switch } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { Agreement } from '../../compare/agreement.ts';
import type { Correlations } from '../../compare/compare-metrics.ts';
import { readDisagreement } from '../../compare/readings.ts';
import type { Id } from '../../data/item.ts';
import { select } from '../commands/select.ts';
import { useAnswer } from '../measures/ask.ts';
import { paint, unpaint, type Values } from '../measures/coloring.ts';
import { pairNumbers } from '../measures/pairs.ts';
import { askAgreement, askCorrelations } from '../measures/questions.ts';
import { type PairMeasure, useMeasures, writeMeasures } from '../measures/state.ts';
import { areMetricsNow, type Subject, type Subjects } from '../measures/subjects.ts';
import { agreementTable, contestedTable } from '../measures/tables.ts';
import { ItemRow } from '../parts/item-row.tsx';
import { Asked, Quiet } from './measures-asked.tsx';
import { PairMatrix } from './measures-matrix.tsx';
import { nameOf, SaveTable } from './measures-save.tsx';

const MEASURES: readonly { readonly value: PairMeasure; readonly label: string }[] = [
  { value: 'share', label: 'Overlap: mean share' },
  { value: 'jaccard', label: 'Overlap: Jaccard' },
  { value: 'rbo', label: 'Rank-biased overlap' },
  { value: 'spearman', label: 'Spearman of all distances' },
  { value: 'kendall', label: 'Kendall of all distances' },
];
const SIZES = ['5', '15', '50'];
/** Contested items in the list at first, and more each time. */
const LISTED = 10;

/** How far metrics agree on who is near. */
export function MeasuresAgreement({ subjects }: { readonly subjects: Subjects }) {
  const { metrics, ids } = subjects;
  const measure = useMeasures((state) => state.pairMeasure);
  const isCorrelation = measure === 'spearman' || measure === 'kendall';
  const enough = metrics.length > 1 && ids.length > 2;
  const agreement = useAnswer(
    useMemo(() => (enough ? askAgreement(metrics, ids) : undefined), [metrics, ids, enough]),
  );
  const correlations = useAnswer(
    useMemo(
      () => (enough && isCorrelation ? askCorrelations(metrics, ids) : undefined),
      [metrics, ids, enough, isCorrelation],
    ),
  );
  if (metrics.length < 2) {
    return (
      <Quiet>
        {subjects.settled
          ? 'All panes measure alike. Give one another metric, space or model to see how far they agree.'
          : 'The panes are still being laid out.'}
      </Quiet>
    );
  }
  const names = metrics.map(({ name }) => name);
  return (
    <>
      <Choice />
      {isCorrelation ? (
        <Asked asked={correlations} items={ids.length}>
          {(answer) => <Pairs names={names} correlations={answer} />}
        </Asked>
      ) : (
        <Asked asked={agreement} items={ids.length}>
          {(answer) => <Pairs names={names} agreement={answer} />}
        </Asked>
      )}
      {agreement.answer && (
        <>
          <SaveTable
            what="All measures"
            table={() => agreementTable(names, agreement.answer, correlations.answer)}
          />
          <Contested agreement={agreement.answer} metrics={metrics} ids={ids} />
        </>
      )}
    </>
  );
}

function Choice() {
  const measure = useMeasures((state) => state.pairMeasure);
  const size = useMeasures((state) => state.agreementSize);
  const sized = measure === 'share' || measure === 'jaccard';
  return (
    <div className="measures-line">
      <Select
        size="xs"
        style={{ flex: 1 }}
        aria-label="Measure of agreement"
        allowDeselect={false}
        value={measure}
        data={[...MEASURES]}
        onChange={(value) => {
          const chosen = MEASURES.find((each) => each.value === value);
          if (chosen) writeMeasures({ pairMeasure: chosen.value });
        }}
      />
      {sized && (
        <Select
          size="xs"
          w={82}
          aria-label="Nearest neighbors compared"
          allowDeselect={false}
          value={String(size)}
          data={SIZES.map((value) => ({ value, label: `@${value}` }))}
          onChange={(value) => writeMeasures({ agreementSize: Number(value) })}
        />
      )}
    </div>
  );
}

function Pairs(props: {
  readonly names: readonly string[];
  readonly agreement?: Agreement;
  readonly correlations?: Correlations;
}) {
  const { names, agreement, correlations } = props;
  const measure = useMeasures((state) => state.pairMeasure);
  const size = useMeasures((state) => state.agreementSize);
  const numbers = pairNumbers(measure, { agreement, correlations }, size);
  if (numbers.length === 0) return <Quiet>Too few items for neighborhoods that could be compared.</Quiet>;
  const [{ overlaps } = { overlaps: [] }] = agreement?.pairs ?? [];
  const used = (overlaps.find(({ k }) => k === size) ?? overlaps.at(-1))?.k;
  const isSized = measure === 'share' || measure === 'jaccard';
  return (
    <>
      <PairMatrix
        names={names}
        numbers={numbers}
        title={MEASURES.find(({ value }) => value === measure)?.label ?? ''}
      />
      {isSized && used !== undefined && used !== size && (
        <Quiet>
          Fewer than half of all items can be compared, so that here @{size} is @{used}, the largest there is.
        </Quiet>
      )}
      {correlations && (
        <Quiet>
          {correlations.isEveryPair
            ? `Of all ${correlations.count.toLocaleString('en-US')} pairs of items.`
            : `A sample: ${correlations.count.toLocaleString('en-US')} pairs, drawn for ${correlations.rows.toLocaleString('en-US')} items.`}
        </Quiet>
      )}
    </>
  );
}

/** The items that metrics disagree on most, as a list and as colors. */
function Contested(props: {
  readonly agreement: Agreement;
  readonly metrics: readonly Subject[];
  readonly ids: readonly Id[];
}) {
  const { agreement, metrics, ids } = props;
  const painted = useMeasures((state) => state.paint === 'disagreement');
  const [shown, setShown] = useState(LISTED);
  const { contested, disagreement, k } = agreement;
  useEffect(() => {
    if (!painted) return;
    const values: Values = {
      title: `Disagreement @${k}`,
      layers: [{ pane: 'all', ids, values: disagreement }],
      telling: 'high',
      ends: ['agree', 'disagree'],
    };
    paint(values, () => areMetricsNow(metrics));
  }, [painted, metrics, ids, disagreement, k]);
  const rows = [...contested].filter((row) => (disagreement[row] ?? 0) > 0);
  const first = rows[0];
  return (
    <>
      <h3>Where they disagree most</h3>
      <Switch
        size="sm"
        label="Color the map by disagreement"
        checked={painted}
        onChange={({ currentTarget: { checked } }) => {
          writeMeasures({ paint: checked ? 'disagreement' : 'none' });
          if (!checked) unpaint();
        }}
      />
      {first === undefined ? (
        <Quiet>The metrics agree on the nearest of every item.</Quiet>
      ) : (
        <>
          <p className="measures-reading">
            First in the list: {readDisagreement(disagreement[first] ?? 0, k).replace(/^T/, 't')}
          </p>
          <ul className="measures-items" aria-label="Most contested items">
            {rows.slice(0, shown).map((row) => (
              <li key={ids[row]}>
                <ItemRow id={ids[row] ?? ''}>
                  <span className="row-number">{(disagreement[row] ?? 0).toFixed(2)}</span>
                </ItemRow>
              </li>
            ))}
          </ul>
          <div className="measures-line">
            {rows.length > shown && (
              <Button size="compact-xs" variant="default" onClick={() => setShown(shown + 3 * LISTED)}>
                Show more
              </Button>
            )}
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => select(rows.slice(0, shown).flatMap((row) => ids[row] ?? []))}
            >
              Select these
            </Button>
          </div>
        </>
      )}
      <SaveTable what="Every item" table={() => contestedTable(agreement, ids, nameOf)} />
    </>
  );
}
