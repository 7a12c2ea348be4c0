/** What the probes of the shown runs found, ready to be drawn. */
import { useMemo } from 'react';
import type { Probed, ProbeReport } from '../../../lab/probes/report.ts';
import type { RunSettings } from '../../../lab/training/settings.ts';
import type { Probes, StepReport } from '../state.ts';
import type { CurveLine } from './curve-chart.tsx';
import { namedRuns, type PanelProps, type Which } from './runs-shown.tsx';
import { type Scale, scaleExactly } from './scale.ts';

export interface ProbedRun {
  readonly which: Which;
  readonly name: string;
  readonly settings: RunSettings;
  readonly probes: Probes;
}

/** The same array until a probe found something new: steps of the training alone change nothing in it. */
export function useProbedRuns({ runs, names }: PanelProps): readonly ProbedRun[] {
  const [first, second] = runs;
  const [firstName, secondName] = names ?? [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the runs only what is read here counts
  return useMemo(
    () =>
      namedRuns({ runs, ...(names && { names }) }).map(({ run: { settings, probes }, which, name }) => ({
        which,
        name,
        settings,
        probes,
      })),
    [first?.settings, first?.probes, second?.settings, second?.probes, firstName, secondName],
  );
}

/** All reports of a run by step, the newest as far as it is. */
export function reportsOf({ latest, history }: Probes): readonly StepReport[] {
  return latest && history.at(-1)?.step !== latest.step && !history.some(({ step }) => step === latest.step)
    ? [...history, latest]
    : history;
}

export function measured<T>(probed: Probed<T> | undefined): T | undefined {
  return probed?.type === 'measured' ? probed.value : undefined;
}

/** A number of the reports over the steps. */
export function lineOf(
  { which, name, probes }: ProbedRun,
  pick: (report: ProbeReport) => number | undefined,
): CurveLine {
  const reports = reportsOf(probes);
  const values = reports.map(({ report }) => pick(report) ?? Number.NaN);
  return {
    which,
    name,
    steps: reports.map(({ step }) => step),
    values,
    has: (at) => Number.isFinite(values[at]),
  };
}

/** Steps of all reports. */
export function acrossOf(runs: readonly ProbedRun[]): Scale {
  const steps = runs.flatMap(({ probes }) => reportsOf(probes).map(({ step }) => step));
  return scaleExactly(Math.min(...steps), Math.max(...steps));
}

/** Why embeddings have no numbers, each reason once. */
export function reasonsOf({ spread, uniformity }: ProbeReport): readonly string[] {
  const found = [...Object.values(spread), ...Object.values(uniformity)];
  return [...new Set(found.flatMap((probed) => (probed.type === 'unfit' ? [probed.reason] : [])))];
}
