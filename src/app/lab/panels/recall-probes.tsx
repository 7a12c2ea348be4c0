import { SegmentedControl } from '@mantine/core';
import { memo, useState } from 'react';
import { readRecall } from '../../../lab/probes/readings.ts';
import type { RetrievalReport } from '../../../lab/probes/report.ts';
import { MODALITIES, type Modality } from '../../../lab/world/factors.ts';
import { percentText } from './number-words.ts';
import { ProbeHead } from './probe-head.tsx';
import { measured, type ProbedRun } from './probed-runs.ts';
import { Swatch } from './runs-shown.tsx';
import './recall.css';
import { modalityName } from './modality-name.ts';

interface Direction {
  readonly from: Modality;
  readonly to: Modality;
}

/** Recall between every two modalities, with what was trained, what emerged and what must stay at chance. */
export const RecallProbes = memo(function RecallProbes({ runs }: { readonly runs: readonly ProbedRun[] }) {
  const [k, setK] = useState('1');
  const [wished, setWished] = useState<Direction | undefined>();
  const sought = runs.filter(({ probes }) => (probes.latest?.report.retrieval.length ?? 0) > 0);
  if (sought.length === 0) return null;
  return (
    <>
      <ProbeHead id="recall" />
      <SegmentedControl
        size="xs"
        aria-label="How many of the nearest count"
        value={k}
        data={[
          { value: '1', label: 'Recall@1' },
          { value: '5', label: 'Recall@5' },
        ]}
        onChange={setK}
      />
      <ul className="lab-legend" aria-label="Pairs">
        {MARKS.map(({ mark, label }) => (
          <li key={mark}>
            <i className="lab-recall-key" data-mark={mark} aria-hidden="true" />
            {label}
          </li>
        ))}
      </ul>
      {sought.map((run) => (
        <RecallMatrix
          key={run.which}
          run={run}
          isNamed={runs.length > 1}
          k={Number(k)}
          wished={wished}
          onChoose={setWished}
        />
      ))}
    </>
  );
});

const MARKS = [
  { mark: 'trained', label: 'trained with each other' },
  { mark: 'emergent', label: 'emergent: never trained together' },
  { mark: 'unrelated', label: 'unrelated: must stay at chance' },
] as const;

interface RecallMatrixProps {
  readonly run: ProbedRun;
  readonly isNamed: boolean;
  readonly k: number;
  readonly wished: Direction | undefined;
  readonly onChoose: (direction: Direction) => void;
}

function RecallMatrix({ run, isNamed, k, wished, onChoose }: RecallMatrixProps) {
  const reports = run.probes.latest?.report.retrieval ?? [];
  const modalities = MODALITIES.filter((modality) => reports.some(({ from }) => from === modality));
  const at = (from: Modality, to: Modality) =>
    reports.find((report) => report.from === from && report.to === to);
  const chosen = (wished && at(wished.from, wished.to)) ?? reports[0];
  const read = chosen && recallOf(chosen, k);
  const chance = reports.map((report) => recallOf(report, k)?.chance).find((found) => found !== undefined);
  return (
    <>
      {isNamed && (
        <strong>
          <Swatch which={run.which} />
          {run.name}
        </strong>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="lab-wide" aria-label={`Recall of ${run.name}`} tabIndex={0}>
        <table className="lab-recall">
          <caption className="visually-hidden">Recall@{k}: rows seek, columns are found, in percent</caption>
          <thead>
            <tr>
              <td>{'from \\ to'}</td>
              {modalities.map((modality) => (
                <th key={modality} scope="col">
                  {modalityName(modality)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {modalities.map((from) => (
              <tr key={from}>
                <th scope="row">{modalityName(from)}</th>
                {modalities.map((to) => {
                  const report = at(from, to);
                  return (
                    <td key={to}>
                      {report && (
                        <RecallCell
                          report={report}
                          k={k}
                          isChosen={report === chosen}
                          onChoose={() => onChoose({ from, to })}
                        />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p>
        {chosen && read ? (
          <>
            <strong>
              {modalityName(chosen.from)} to {modalityName(chosen.to)}:
            </strong>{' '}
            {readRecall(read, chosen)}
          </>
        ) : (
          'No numbers: see above.'
        )}
        {chance !== undefined && ` Chance is ${percentText(chance)}.`}
      </p>
    </>
  );
}

function RecallCell(props: {
  readonly report: RetrievalReport;
  readonly k: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { report, k, isChosen, onChoose } = props;
  const { from, to, mark } = report;
  const recall = recallOf(report, k);
  // 0 at chance or below, 1 where all are found; by the root, as chance is small and a little above it counts.
  const share = recall ? Math.sqrt(Math.max(0, (recall.value - recall.chance) / (1 - recall.chance))) : 0;
  return (
    <button
      type="button"
      data-mark={mark}
      style={{ background: `color-mix(in srgb, var(--accent) ${Math.round(45 * share)}%, var(--surface))` }}
      aria-label={`${modalityName(from)} to ${modalityName(to)}, ${mark}: ${recall ? percentText(recall.value) : 'no number'}`}
      aria-pressed={isChosen}
      onClick={onChoose}
    >
      {recall ? percentText(recall.value).replace(/\s%$/, '') : '–'}
    </button>
  );
}

function recallOf({ recalls }: RetrievalReport, k: number) {
  return measured(recalls)?.find((each) => each.k === k);
}
