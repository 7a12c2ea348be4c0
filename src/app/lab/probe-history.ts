import type { ProbeReport } from '../../lab/probes/report.ts';
import type { Probes, StepReport } from './state.ts';

/** Reports that are kept of a run; beyond them every other one of the older is let go. */
const KEPT = 200;

/** A whole report joins what was found before it. */
export function addReport({ history }: Probes, latest: StepReport): Partial<Probes> {
  const { step } = latest;
  const kept = [
    ...history.filter((each) => each.step !== step),
    { step, report: withoutPictures(latest.report) },
  ].sort((a, b) => a.step - b.step);
  return { latest, history: kept.length > KEPT ? thinOut(kept) : kept };
}

/** Every other one, and both ends: the first is the random initialization. */
function thinOut(reports: readonly StepReport[]): StepReport[] {
  return reports.filter((_, at) => at % 2 === 0 || at === reports.length - 1);
}

/** Numbers as they were, without the matrices: a run's history would be tens of megabytes. */
function withoutPictures(report: ProbeReport): ProbeReport {
  return {
    ...report,
    pairs: report.pairs.map(({ first, second, alignment, gap }) => ({ first, second, alignment, gap })),
  };
}
