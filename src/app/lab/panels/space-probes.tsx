import { Select } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { readAlignment, readGap, readUniformity } from '../../../lab/probes/readings.ts';
import type { PairReport, ProbeReport } from '../../../lab/probes/report.ts';
import { CurveChart } from './curve-chart.tsx';
import { modalityName, pairName } from './modality-name.ts';
import { ProbeHead, ProbeSource } from './probe-head.tsx';
import { acrossOf, lineOf, measured, type ProbedRun, reportsOf } from './probed-runs.ts';
import { Swatch } from './runs-shown.tsx';
import { TracePlot } from './trace-plot.tsx';

/** Where pairs lie on the sphere: how near to each other, how evenly among all, and whether two modalities keep apart. */
export const SpaceProbes = memo(function SpaceProbes({ runs }: { readonly runs: readonly ProbedRun[] }) {
  const [wished, setWished] = useState<string | undefined>();
  const [cursor, setCursor] = useState<number | undefined>();
  const choices = useMemo(() => pairsOf(runs), [runs]);
  const chosen = choices.find(({ value }) => value === wished) ?? choices[0];
  if (!chosen) return null;
  const pairOf = (report: ProbeReport) => report.pairs.find((pair) => keyOf(pair) === chosen.value);
  const gapOf = (report: ProbeReport) => measured(pairOf(report)?.gap)?.value;
  const latest = runs.map((run) => ({
    ...run,
    pair: run.probes.latest && pairOf(run.probes.latest.report),
    report: run.probes.latest?.report,
  }));
  const gapByChance = latest
    .map(({ pair }) => measured(pair?.gap)?.chance)
    .find((value) => value !== undefined);
  return (
    <>
      <h3>Alignment and uniformity</h3>
      <p>Are pairs near each other, and all others spread over all directions?</p>
      <ProbeSource ids={['alignment', 'uniformity']} />
      {choices.length > 1 && (
        <Select
          size="xs"
          aria-label="Pair"
          allowDeselect={false}
          value={chosen.value}
          data={[...choices]}
          onChange={(value) => setWished(value ?? undefined)}
        />
      )}
      <TracePlot
        title={`Alignment by uniformity of ${chosen.label}`}
        x={{ name: 'uniformity', better: '← better' }}
        y={{ name: 'alignment', better: '↓ better' }}
        traces={runs.map(({ which, name, probes }) => ({
          which,
          name,
          points: reportsOf(probes).map(({ step, report }) => ({
            step,
            x: uniformityOf(report, pairOf(report)),
            y: measured(pairOf(report)?.alignment)?.value ?? Number.NaN,
          })),
        }))}
      />
      {latest.map(({ which, pair, report }) => {
        const alignment = measured(pair?.alignment);
        const parts = pair ? [...new Set([pair.first, pair.second])] : [];
        return (
          <div key={which} className="lab-readings">
            {alignment && (
              <p>
                {runs.length > 1 && <Swatch which={which} />}
                Alignment: {readAlignment(alignment)}
              </p>
            )}
            {parts.map((modality) => {
              const uniformity = measured(report?.uniformity[modality]);
              return (
                uniformity && (
                  <p key={modality}>
                    {runs.length > 1 && <Swatch which={which} />}
                    Uniformity of {modalityName(modality)}: {readUniformity(uniformity)}
                  </p>
                )
              );
            })}
          </div>
        );
      })}
      {chosen.isOfTwo && (
        <>
          <ProbeHead id="gap" />
          <CurveChart
            title={`Gap of ${chosen.label}`}
            lines={runs.map((run) => lineOf(run, gapOf))}
            across={acrossOf(runs)}
            references={gapByChance === undefined ? [] : [{ value: gapByChance, label: 'chance' }]}
            cursor={cursor}
            onCursor={setCursor}
          />
          {latest.map(({ which, pair }) => {
            const gap = measured(pair?.gap);
            return (
              gap && (
                <p key={which}>
                  {runs.length > 1 && <Swatch which={which} />}
                  {readGap(gap)}
                </p>
              )
            );
          })}
        </>
      )}
    </>
  );
});

const keyOf = ({ first, second }: PairReport): string => `${first} ${second}`;

/** All pairs that any run has, those that learn from each other first. */
function pairsOf(runs: readonly ProbedRun[]) {
  const pairs = new Map<string, PairReport>();
  for (const { probes } of runs) {
    for (const pair of probes.latest?.report.pairs ?? []) {
      if (!pairs.has(keyOf(pair)) || pair.correlation) pairs.set(keyOf(pair), pair);
    }
  }
  return [...pairs]
    .sort(([, a], [, b]) => Number(b.correlation !== undefined) - Number(a.correlation !== undefined))
    .map(([value, { first, second }]) => ({
      value,
      label: pairName(first, second),
      isOfTwo: first !== second,
    }));
}

/** Mean of both sides. */
function uniformityOf({ uniformity }: ProbeReport, pair: PairReport | undefined): number {
  if (!pair) return Number.NaN;
  const sides = [pair.first, pair.second].map(
    (modality) => measured(uniformity[modality])?.value ?? Number.NaN,
  );
  return sides.reduce((sum, value) => sum + value, 0) / sides.length;
}
