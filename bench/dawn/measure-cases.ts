import type { Gpu } from '../../src/gpu/gpu.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import type { Case, CaseRow } from './case.ts';
import type { PassTimer } from './pass-timer.ts';
import type { Peak } from './peaks.ts';

export interface Limits {
  /** A case that would take longer than this once is left out. */
  readonly onceMs: number;
  /** Repetitions end when a case took this long. */
  readonly caseMs: number;
}

const MOST_REPETITIONS = 7;
// Buffers, pipelines and the pace of submits settle in the first runs of a short case.
const WARM_UPS = 3;

/**
 * From small to large, for as long as the last rate promises that the next is in time.
 *
 * @returns what was measured, and the titles of what was left out
 */
export async function measureCases(
  gpu: Gpu,
  cases: readonly Case[],
  limits: Limits,
  peak: Peak | undefined,
  timer: PassTimer | undefined,
  onRow: (row: CaseRow) => void,
): Promise<string[]> {
  let perMs = Infinity;
  for (const [i, task] of cases.entries()) {
    if (task.work / perMs > limits.onceMs) return cases.slice(i).map(({ title }) => title);
    const row = await measureCase(gpu, task, limits, peak, timer);
    onRow(row);
    // What fails at one size fails at the larger ones, only later.
    if (row.wallMs.length === 0) return cases.slice(i + 1).map(({ title }) => title);
    perMs = task.work / Math.min(...row.wallMs);
  }
  return [];
}

async function measureCase(
  gpu: Gpu,
  task: Case,
  limits: Limits,
  peak: Peak | undefined,
  timer: PassTimer | undefined,
): Promise<CaseRow> {
  const { open, peak: peakOfTask, engine: options, ...size } = task;
  const wallMs: number[] = [];
  const kernelMs: number[] = [];
  const about = {
    ...size,
    ...{ wallMs, kernelMs, peak: peak ? peakOfTask(peak) : null },
  };
  const engine = createGpuEngine(gpu, options);
  try {
    const { run, judge } = open.call(task);
    const first = await clock(() => run(engine));
    const verdict = judge(first.result);
    let spentMs = first.durationMs;
    for (let i = 1; i < WARM_UPS && spentMs < limits.caseMs / 2; i++) {
      spentMs += (await clock(() => run(engine))).durationMs;
    }
    while (wallMs.length < MOST_REPETITIONS && (wallMs.length === 0 || spentMs < limits.caseMs)) {
      timer?.start();
      const { durationMs } = await clock(() => run(engine));
      const timed = await timer?.stop();
      spentMs += durationMs;
      wallMs.push(durationMs);
      if (timed) kernelMs.push(timed.kernelMs);
    }
    return { ...about, verdict };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...about, verdict: { isRight: false, says: `failed: ${message.split('\n')[0]}` } };
  } finally {
    engine.dispose();
  }
}

async function clock<T>(run: () => Promise<T>): Promise<{ result: T; durationMs: number }> {
  const start = performance.now();
  const result = await run();
  return { result, durationMs: performance.now() - start };
}
