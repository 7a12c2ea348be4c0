import type { Job } from '../common/job.ts';
import type { MetricEngine, MetricOptions, MetricSet } from '../metrics/engine.ts';
import type { LandmarkDistances } from '../projection/classical-scaling.ts';
import { countItems, nearestIsLargest, subsetOf } from './rows-of-distances.ts';
import { sampleItems } from './sample.ts';

export interface ScalingOptions {
  /** Up to how many items all distances are taken; {@link MOST_SCALED} unless told. */
  readonly mostItems?: number | undefined;
  /** Landmarks beyond; {@link LANDMARKS} unless told. */
  readonly landmarks?: number | undefined;
  readonly seed?: number | undefined;
}

export const MOST_SCALED = 2_000;
export const LANDMARKS = 500;

/**
 * What `classicalScaling` of a layout takes: all distances, or those of a seeded sample of landmarks.
 *
 * @throws {RangeError} under a metric that is no distance (`dot`)
 */
export async function distancesForScaling(
  engine: Pick<MetricEngine, 'distances'>,
  set: MetricSet,
  options: MetricOptions,
  { mostItems = MOST_SCALED, landmarks: count = LANDMARKS, seed = 1 }: ScalingOptions = {},
  job: Job = {},
): Promise<LandmarkDistances> {
  if (nearestIsLargest(options.metric)) {
    throw new RangeError(
      `Classical scaling needs distances, and "${options.metric}" is a similarity. Take another metric, or PCA.`,
    );
  }
  const n = countItems(set);
  if (n <= mostItems) return { n, landmarks: null, distances: await engine.distances(set, options, job) };
  const landmarks = sampleItems(n, count, seed);
  const rows = subsetOf(set, landmarks);
  return { n, landmarks, distances: await engine.distances(rows, { ...options, columns: set }, job) };
}
