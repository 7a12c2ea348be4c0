import { memo, useMemo, useState } from 'react';
import { readSpread } from '../../../lab/probes/readings.ts';
import type { Modality } from '../../../lab/world/factors.ts';
import { CurveChart } from './curve-chart.tsx';
import { modalityName } from './modality-name.ts';
import { ProbeHead } from './probe-head.tsx';
import { acrossOf, lineOf, measured, type ProbedRun } from './probed-runs.ts';
import { Swatch } from './runs-shown.tsx';
import { SpreadBars } from './spread-bars.tsx';

/** Whether the embeddings of a modality use their space or have collapsed. */
export const SpreadProbes = memo(function SpreadProbes(props: {
  readonly runs: readonly ProbedRun[];
  readonly modality: Modality;
}) {
  const { runs, modality } = props;
  const [cursor, setCursor] = useState<number | undefined>();
  const latest = runs.flatMap(({ which, name, probes }) => {
    const spread = measured(probes.latest?.report.spread[modality]);
    return spread ? [{ which, name, spread }] : [];
  });
  // From nothing to all that is possible: a collapse is seen as one.
  const most = Math.max(...latest.map(({ spread }) => spread.most));
  const range = useMemo(() => [0, most] as const, [most]);
  if (latest.length === 0) return null;
  return (
    <>
      <ProbeHead id="rank" />
      <CurveChart
        title={`Effective rank of ${modalityName(modality)}, of at most ${most}`}
        lines={runs.map((run) => lineOf(run, ({ spread }) => measured(spread[modality])?.centeredRank))}
        across={acrossOf(runs)}
        range={range}
        cursor={cursor}
        onCursor={setCursor}
      />
      {latest.map(({ which, spread }) => (
        <p key={which} className={spread.collapse === 'none' ? undefined : 'lab-warning'}>
          {runs.length > 1 && <Swatch which={which} />}
          {readSpread(spread)}
        </p>
      ))}
      <ProbeHead id="deviations" />
      <SpreadBars
        label="Standard deviation"
        columns={latest.map(({ which, name, spread }) => ({ which, name, values: spread.deviations }))}
      />
    </>
  );
});
