import { type Job, orAborted } from '../common/job.ts';
import { inSteps } from '../common/steps.ts';
import type { MetricOptions, MetricSet, VectorSet } from '../metrics/engine.ts';
import { isSymbols } from '../metrics/sets.ts';
import type { Isotropy } from './isotropy.ts';
import {
  countItems,
  nearestIsLargest,
  nearestOf,
  pickPairs,
  subsetOf,
  type Tools,
} from './rows-of-distances.ts';
import { planPairs, sampleItems } from './sample.ts';
import type { Contrast, Spread } from './spread.ts';
import type { NeighborReadings } from './work.ts';

export interface SpaceQuestion {
  readonly set: MetricSet;
  readonly options: MetricOptions;
  /** Nearest neighbors for hubness, outliers, near-duplicates and intrinsic dimension; 15 unless told. */
  readonly k?: number | undefined;
  /** Bins of the histograms; 64 unless told. */
  readonly bins?: number | undefined;
  /** Pairs in the histograms; all where there are no more; 500,000 unless told. */
  readonly pairs?: number | undefined;
  readonly seed?: number | undefined;
}

export interface DistanceReadings {
  /** The largest is nearest: these are similarities with their sign turned, and have no contrast. */
  readonly isSimilarity: boolean;
  readonly spread: Spread;
  readonly contrast: Contrast;
  /** Items whose nearest and farthest the contrast is of, among all. */
  readonly rows: number;
}

export interface Space {
  readonly items: number;
  readonly dimension: number;
  /** Of some pairs (`spread.count`); `isEveryPair` says whether of all. A similarity has its sign turned. */
  readonly distances: DistanceReadings;
  readonly isEveryPair: boolean;
  /** The same of independent random numbers under the same metric; null for symbols. */
  readonly random: {
    /** Rows of random numbers: as many as there are items, and at most 10,000. */
    readonly items: number;
    readonly gaussian: DistanceReadings;
    readonly uniform: DistanceReadings;
  } | null;
  /** Null where there are fewer than two items. */
  readonly neighbors: NeighborReadings | null;
  /** Null for symbols. It is of the vectors, and the same under every metric. */
  readonly isotropy: Isotropy | null;
}

const NEIGHBORS = 15;
const BINS = 64;
const PAIRS = 500_000;
const MOST_RANDOM_ITEMS = 10_000;
// The covariance of more rows would take seconds and say the same: rows × dimension² / 2 multiply-adds.
const MOST_COVARIANCE = 2e9;

/** What a space is like under one metric, beside random data of the same size. */
export async function measureSpace(tools: Tools, question: SpaceQuestion, job: Job = {}): Promise<Space> {
  const { set, options, k = NEIGHBORS, bins = BINS, pairs = PAIRS, seed = 1 } = question;
  const { dimension } = set;
  const n = countItems(set);
  // The items, two kinds of random data, neighbors, directions.
  const step = inSteps(job, [2, 2, 2, 2, 1]);
  const readDistances = async (of: MetricSet): Promise<DistanceReadings> => {
    const plan = planPairs(countItems(of), pairs, seed);
    const draw = { name: 'pairs', perRow: plan.perRow, seed };
    if (plan.pairs > 0) await pickPairs(tools, of, options, plan.rows, [draw], step());
    return {
      isSimilarity: nearestIsLargest(options.metric),
      spread: await orAborted(tools.work.spread('pairs', bins), job.signal),
      contrast: await orAborted(tools.work.contrast(), job.signal),
      rows: plan.rows?.length ?? countItems(of),
    };
  };
  const readRandom = async (kind: 'gaussian' | 'uniform', items: number): Promise<DistanceReadings> => {
    const vectors = await orAborted(tools.work.randomNumbers(kind, items * dimension, seed), job.signal);
    return readDistances({ vectors, dimension });
  };
  const distances = await readDistances(set);
  const items = Math.min(n, MOST_RANDOM_ITEMS);
  const random =
    isSymbols(set) || n < 2
      ? null
      : {
          items,
          gaussian: await readRandom('gaussian', items),
          uniform: await readRandom('uniform', items),
        };
  return {
    items: n,
    dimension,
    distances,
    isEveryPair: planPairs(n, pairs, seed).perRow === 0,
    random,
    neighbors: n < 2 ? null : await readNeighbors(tools, set, options, Math.min(k, n - 1), step()),
    isotropy: isSymbols(set) ? null : await readIsotropy(tools, set, seed, step()),
  };
}

async function readNeighbors(
  { engine, work }: Tools,
  set: MetricSet,
  options: MetricOptions,
  k: number,
  job: Job,
): Promise<NeighborReadings> {
  const neighbors = await nearestOf(engine, set, options, k, null, job);
  return orAborted(work.readNeighbors(neighbors, nearestIsLargest(options.metric)), job.signal);
}

async function readIsotropy(
  { work, guard }: Tools,
  set: VectorSet,
  seed: number,
  job: Job,
): Promise<Isotropy> {
  const { dimension } = set;
  const rows = Math.max(2, Math.floor((2 * MOST_COVARIANCE) / dimension ** 2));
  const n = countItems(set);
  const some = rows < n ? subsetOf(set, sampleItems(n, rows, seed)) : set;
  const tell = guard((done, total) => job.onProgress?.(done, total, 'Measuring directions'));
  const { vectors } = isSymbols(some) ? set : some;
  return orAborted(work.isotropy(vectors, dimension, tell), job.signal);
}
