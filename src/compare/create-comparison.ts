import type { Job } from '../common/job.ts';
import { createWorkerJobs } from '../common/worker-jobs.ts';
import type { MetricEngine } from '../metrics/engine.ts';
import type { Agreement } from './agreement.ts';
import {
  type AgreementOptions,
  type CorrelationOptions,
  type Correlations,
  compareNeighbors,
  correlateDistances,
  type Measured,
} from './compare-metrics.ts';
import { type Honesty, type HonestyQuestion, measureHonesty } from './measure-honesty.ts';
import { measureSpace, type Space, type SpaceQuestion } from './measure-space.ts';
import type { Tools } from './rows-of-distances.ts';
import type { createWork } from './work.ts';

/**
 * Compares metrics, maps and spaces: distances and neighbors come from the engine, all counting is done in a worker, one
 * for each job. Every method takes a `Job` last; an abort ends its worker at once.
 */
export interface Comparison {
  /** Overlap of neighborhoods, rank-biased overlap, and the items that metrics disagree on. */
  agreement(metrics: readonly Measured[], options?: AgreementOptions, job?: Job): Promise<Agreement>;
  /** Pearson, Spearman and Kendall of the distances under each two metrics. */
  correlations(metrics: readonly Measured[], options?: CorrelationOptions, job?: Job): Promise<Correlations>;
  /** How far maps can be trusted. */
  honesty(question: HonestyQuestion, job?: Job): Promise<Honesty>;
  /** What a space is like under one metric. */
  space(question: SpaceQuestion, job?: Job): Promise<Space>;
  /** Ends all jobs; the engine stays open. */
  dispose(): void;
}

export function createComparison(engine: MetricEngine): Comparison {
  const workers = createWorkerJobs<ReturnType<typeof createWork>>(
    'comparison',
    () => new Worker(new URL('./compare-worker.ts', import.meta.url), { type: 'module', name: 'compare' }),
  );
  const run = <T>(job: Job, measure: (tools: Tools, job: Job) => Promise<T>): Promise<T> =>
    workers.run(job, ({ worker, guard, signal }) =>
      measure({ engine, work: worker, guard }, { signal, onProgress: job.onProgress }),
    );
  return {
    agreement: (metrics, options = {}, job = {}) =>
      run(job, (tools, inner) => compareNeighbors(tools, metrics, options, inner)),
    correlations: (metrics, options = {}, job = {}) =>
      run(job, (tools, inner) => correlateDistances(tools, metrics, options, inner)),
    honesty: (question, job = {}) => run(job, (tools, inner) => measureHonesty(tools, question, inner)),
    space: (question, job = {}) => run(job, (tools, inner) => measureSpace(tools, question, inner)),
    dispose: () => workers.dispose(),
  };
}
