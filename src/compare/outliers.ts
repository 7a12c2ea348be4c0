import { largestItems } from './sorting.ts';
import { quantileOf } from './statistics.ts';

/** How far each item is from its nearest. */
export interface Outliers {
  readonly k: number;
  /** n: mean distance to the k nearest (Angiulli and Pizzuti 2002, who take the sum). */
  readonly scores: Float32Array<ArrayBuffer>;
  /** The items with the largest, farthest first. */
  readonly farthest: Uint32Array<ArrayBuffer>;
  /** Median of the scores; NaN where there are none. */
  readonly median: number;
}

const MOST_LISTED = 100;

/** @param distances n × k of the k nearest of each item, under a metric whose smallest is nearest */
export function scoreOutliers(distances: Float32Array, k: number): Outliers {
  const scores = new Float32Array(k === 0 ? 0 : distances.length / k);
  for (let i = 0; i < scores.length; i++) {
    let sum = 0;
    for (let at = i * k; at < (i + 1) * k; at++) sum += distances[at] ?? 0;
    scores[i] = sum / k;
  }
  return {
    k,
    scores,
    farthest: largestItems(scores, MOST_LISTED),
    median: quantileOf(scores.slice().sort(), 0.5),
  };
}
