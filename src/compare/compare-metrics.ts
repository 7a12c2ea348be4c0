import { type Job, orAborted } from '../common/job.ts';
import { inSteps } from '../common/steps.ts';
import type { MetricOptions, MetricSet } from '../metrics/engine.ts';
import type { Agreement } from './agreement.ts';
import { countItems, nearestOf, pickPairs, type Tools } from './rows-of-distances.ts';
import { countPairs, type PairPlan, planPairs, usableSizes } from './sample.ts';
import type { Correlation } from './work.ts';

/** One way of measuring a set. Sets that are compared hold the same items in the same order; they may be of two models. */
export interface Measured {
  readonly set: MetricSet;
  readonly options: MetricOptions;
}

export interface AgreementOptions {
  /** Neighborhoods to compare; 5, 15 and 50 unless told. One of half the items or more becomes the largest below. */
  readonly sizes?: readonly number[] | undefined;
  /** The size that items are scored by; 15 unless told, or the next smaller one of `sizes`. */
  readonly k?: number | undefined;
  /** Of rank-biased overlap, above 0 and below 1; 0.9 unless told. */
  readonly persistence?: number | undefined;
}

const SIZES = [5, 15, 50];
const SCORED_SIZE = 15;

/**
 * How far several metrics agree on who is near, from exact neighbors.
 *
 * @returns without pairs where there are fewer than two metrics or three items
 */
export async function compareNeighbors(
  tools: Tools,
  metrics: readonly Measured[],
  { sizes = SIZES, k = SCORED_SIZE, persistence }: AgreementOptions,
  job: Job = {},
): Promise<Agreement> {
  const n = countShared(metrics);
  const usable = usableSizes(n, sizes);
  const largest = usable.at(-1);
  const step = inSteps(job, [...metrics.map(() => 1), COUNTING]);
  const lists =
    largest === undefined
      ? []
      : await inTurn(metrics, ({ set, options }) =>
          nearestOf(tools.engine, set, options, largest, null, step()),
        );
  const { onProgress } = step();
  const tell = tools.guard((done, total) => onProgress?.(done, total, 'Comparing neighbors'));
  return orAborted(tools.work.agreement(lists, usable, { k, persistence }, tell), job.signal);
}

export interface CorrelationOptions {
  /** Up to how many items every pair is taken; 5,000 unless told. */
  readonly mostItems?: number | undefined;
  /** Pairs that are drawn beyond; a million unless told. */
  readonly sampledPairs?: number | undefined;
  readonly seed?: number | undefined;
}

export interface Correlations {
  /** Each two of the metrics. */
  readonly pairs: readonly Correlation[];
  /** Pairs of items that they are of. */
  readonly count: number;
  /** False where pairs were drawn. */
  readonly isEveryPair: boolean;
  /** Items whose distances the pairs were drawn from. */
  readonly rows: number;
}

const MOST_ITEMS = 5_000;
const SAMPLED_PAIRS = 1_000_000;
/** How long the counting takes beside what it counts of one metric, for the progress. */
const COUNTING = 0.5;
const CORRELATING = 4;

/**
 * Pearson's, Spearman's and Kendall's correlation of all distances under each two metrics. A similarity (`dot`) counts as
 * a distance with its sign turned.
 */
export async function correlateDistances(
  tools: Tools,
  metrics: readonly Measured[],
  { mostItems = MOST_ITEMS, sampledPairs = SAMPLED_PAIRS, seed = 1 }: CorrelationOptions,
  job: Job = {},
): Promise<Correlations> {
  const n = countShared(metrics);
  const plan: PairPlan =
    n <= mostItems ? { rows: null, perRow: 0, pairs: countPairs(n) } : planPairs(n, sampledPairs, seed);
  const draws = metrics.map((_, place) => ({ name: `${place}`, perRow: plan.perRow, seed }));
  const step = inSteps(job, [...metrics.map(() => 1), CORRELATING]);
  if (n > 1) {
    await inTurn(metrics, ({ set, options }, place) =>
      pickPairs(tools, set, options, plan.rows, draws.slice(place, place + 1), step()),
    );
  }
  const { onProgress } = step();
  const tell = tools.guard((done, total) => onProgress?.(done, total, 'Correlating distances'));
  const names = draws.map(({ name }) => name);
  return {
    pairs: await orAborted(tools.work.correlations(names, tell), job.signal),
    count: plan.pairs,
    isEveryPair: plan.perRow === 0,
    rows: plan.rows?.length ?? n,
  };
}

/** @throws {RangeError} when the sets differ in the number of items */
function countShared(metrics: readonly Measured[]): number {
  const counts = metrics.map(({ set }) => countItems(set));
  const n = counts[0] ?? 0;
  if (counts.every((count) => count === n)) return n;
  throw new RangeError(
    `The sets hold ${counts.join(', ')} items; to be compared, all must hold the same ones.`,
  );
}

/** One after the other: each takes the whole device. */
async function inTurn<T, R>(list: readonly T[], use: (each: T, place: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [place, each] of list.entries()) results.push(await use(each, place));
  return results;
}
