import { SegmentedControl } from '@mantine/core';
import { memo, useState } from 'react';
import type { Accuracy } from '../../../lab/probes/accuracy.ts';
import { readAccuracy } from '../../../lab/probes/readings.ts';
import type { ProbeReport, Told } from '../../../lab/probes/report.ts';
import { FACTORS, type Modality, SHOWS } from '../../../lab/world/factors.ts';
import { CurveChart, type Reference, readAt } from './curve-chart.tsx';
import { type FactorRow, FactorTable, MarksLegend } from './factor-table.tsx';
import { modalityName } from './modality-name.ts';
import { percentText } from './number-words.ts';
import { ProbeHead } from './probe-head.tsx';
import { acrossOf, lineOf, measured, type ProbedRun } from './probed-runs.ts';
import { Swatch } from './runs-shown.tsx';

type FactorProbe = 'knn' | 'linear';

/** How well each factor can be told from the embeddings of one modality, beside chance and what was not trained. */
export const FactorProbes = memo(function FactorProbes(props: {
  readonly runs: readonly ProbedRun[];
  readonly modality: Modality;
}) {
  const { runs, modality } = props;
  const [probe, setProbe] = useState<FactorProbe>('linear');
  const [wished, setWished] = useState<Told>('shape');
  const rows = rowsOf(runs, modality, probe);
  const chosen = rows.find(({ factor }) => factor === wished) ?? rows[0];
  return (
    <>
      <ProbeHead id={probe} />
      <SegmentedControl
        size="xs"
        aria-label="How factors are told"
        value={probe}
        data={[
          { value: 'linear', label: 'Linear probe' },
          { value: 'knn', label: 'Nearest neighbors' },
        ]}
        onChange={(value) => setProbe(value === 'knn' ? 'knn' : 'linear')}
      />
      {chosen ? (
        <>
          <MarksLegend
            hasRandom={rows.some(({ random }) => random !== undefined)}
            hasRaw={rows.some(({ raw }) => raw !== undefined)}
          />
          <FactorTable
            rows={rows}
            hiddenIn={modalityName(modality)}
            chosen={chosen.factor}
            onChoose={setWished}
          />
          <FactorOverSteps runs={runs} modality={modality} probe={probe} row={chosen} />
        </>
      ) : (
        <p>{whyNone(runs, modality, probe)}</p>
      )}
    </>
  );
});

function FactorOverSteps(props: {
  readonly runs: readonly ProbedRun[];
  readonly modality: Modality;
  readonly probe: FactorProbe;
  readonly row: FactorRow;
}) {
  const { runs, modality, probe, row } = props;
  const { factor, chance, random, raw, isShown } = row;
  const [cursor, setCursor] = useState<number | undefined>();
  const name = factor.replace(/^./, (letter) => letter.toUpperCase());
  const lines = runs.map((run) =>
    lineOf(run, (report) => accuracyOf(report, modality, probe, factor)?.value),
  );
  const across = acrossOf(runs);
  const at = cursor ?? across.to;
  const reading = lines.map((line) => {
    const place = readAt(line, cursor);
    const value = place === undefined ? undefined : line.values[place];
    return `${runs.length > 1 ? `${line.name} ` : ''}${value === undefined ? 'no number' : percentText(value)}`;
  });
  const references: Reference[] = [{ value: chance, label: 'chance' }];
  if (random !== undefined) references.push({ value: random, label: 'untrained' });
  if (raw !== undefined) references.push({ value: raw, label: 'raw inputs' });
  return (
    <>
      <CurveChart
        title={`${name}${isShown ? '' : ' (hidden: must stay at chance)'}`}
        lines={lines}
        across={across}
        slider={{ label: `Step that is read of ${factor}`, text: `Step ${at}: ${reading.join(', ')}` }}
        range={WHOLE}
        references={references}
        words={percentText}
        tickWords={percentText}
        isTall
        cursor={cursor}
        onCursor={setCursor}
      />
      {runs.map(({ which, probes }) => {
        const latest = probes.latest && accuracyOf(probes.latest.report, modality, probe, factor);
        return (
          latest && (
            <p key={which}>
              {runs.length > 1 && <Swatch which={which} />}
              {readAccuracy(latest, name, factor === 'label' ? undefined : isShown)}
            </p>
          )
        );
      })}
    </>
  );
}

function whyNone(runs: readonly ProbedRun[], modality: Modality, probe: FactorProbe): string {
  const [first] = runs;
  const found = first?.probes.latest?.report[probe][modality];
  if (first?.settings.data && found) {
    return found.type === 'unfit'
      ? `No numbers: ${found.reason}`
      : 'These pictures have no labels that a probe could tell. Five pictures of a kind in one folder make a label.';
  }
  return runs.some(({ probes }) => probes.latest?.report[probe][modality]?.type === 'unfit')
    ? 'No numbers: see above.'
    : 'Not measured yet.';
}

const TOLD: readonly Told[] = [...FACTORS, 'label'];

function shows(modality: Modality, told: Told): boolean {
  return told === 'label' || SHOWS[modality].includes(told);
}

// The same array each time, so that a chart is not drawn anew for it.
const WHOLE = [0, 1] as const;

function rowsOf(runs: readonly ProbedRun[], modality: Modality, probe: FactorProbe): FactorRow[] {
  return TOLD.flatMap((factor) => {
    const found = runs.map(({ which, probes: { latest, history, raw } }) => {
      const start = history[0]?.step === 0 ? history[0].report : undefined;
      return {
        which,
        now: latest && accuracyOf(latest.report, modality, probe, factor),
        random: start && accuracyOf(start, modality, probe, factor)?.value,
        raw: raw?.[modality]?.[probe][factor]?.value,
      };
    });
    const known = found.find(({ now }) => now);
    if (!known?.now) return [];
    return {
      factor,
      isShown: shows(modality, factor),
      chance: known.now.chance,
      random: known.random,
      raw: known.raw,
      values: found.map(({ which, now }) => ({ which, value: now?.value })),
    };
  });
}

function accuracyOf(
  report: ProbeReport,
  modality: Modality,
  probe: FactorProbe,
  factor: Told,
): Accuracy | undefined {
  return measured<Partial<Record<Told, Accuracy>>>(report[probe][modality])?.[factor];
}
