import { binOf, meanOf, quantileOf, rangeOf } from './statistics.ts';

/** How distances are distributed. */
export interface Spread {
  /** Distances that this is of. */
  readonly count: number;
  readonly smallest: number;
  readonly largest: number;
  readonly mean: number;
  /** Standard deviation: the root of the mean square, not of an estimate. */
  readonly deviation: number;
  /** Counts in equal bins from the smallest to the largest; the last bin holds the largest, too. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** @param distances finite; where there are none, numbers are NaN */
export function describeSpread(distances: Float32Array, bins: number): Spread {
  const range = rangeOf(distances);
  const counts = new Uint32Array(bins);
  const mean = meanOf(distances);
  let squares = 0;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i] ?? 0;
    const bin = binOf(distance, range, bins);
    counts[bin] = (counts[bin] ?? 0) + 1;
    squares += (distance - mean) ** 2;
  }
  return {
    count: distances.length,
    smallest: range[0],
    largest: range[1],
    mean,
    deviation: Math.sqrt(squares / distances.length),
    counts,
  };
}

/** Of some items, each seen as a query: how far its nearest and its farthest are. */
export interface Contrast {
  /** Items whose nearest is at distance 0, which have no contrast, are left out; the others are counted. */
  readonly items: number;
  /** (farthest − nearest) / nearest, mean over the items */
  readonly mean: number;
  readonly median: number;
}

/**
 * Relative contrast (Beyer, Goldstein, Ramakrishnan and Shaft 1999; Aggarwal, Hinneburg and Keim 2001): near 0 where
 * the nearest is hardly nearer than the farthest.
 *
 * @param nearest of each item
 * @param farthest of each item
 */
export function relativeContrast(nearest: Float32Array, farthest: Float32Array): Contrast {
  const contrasts = Float64Array.from(
    nearest,
    (least, i) => ((farthest[i] ?? 0) - least) / Math.abs(least),
  ).filter(Number.isFinite);
  contrasts.sort();
  return { items: contrasts.length, mean: meanOf(contrasts), median: quantileOf(contrasts, 0.5) };
}
