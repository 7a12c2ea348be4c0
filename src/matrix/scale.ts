/** All distances of some items under one metric. */
export interface Distances {
  readonly count: number;
  /** count × count, row-major, symmetric. */
  readonly values: Float32Array<ArrayBuffer>;
  /** `largest` under a similarity. */
  readonly nearest: 'smallest' | 'largest';
}

/** How distances become places between near and far: by their size, or by how many pairs are nearer. */
export type Scale = 'distance' | 'rank';

/** Of the distances between different items; NaN where there are none. */
export interface DistanceRange {
  readonly smallest: number;
  readonly largest: number;
}

// So many values are told apart in ranks. Pairs in one bin share the mean of their ranks; a picture shows 256 steps.
const BINS = 2 ** 20;

export function rangeOf({ count, values }: Distances): DistanceRange {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    for (let at = row * count + row + 1; at < (row + 1) * count; at++) {
      const value = values[at] ?? 0;
      if (value < smallest) smallest = value;
      if (value > largest) largest = value;
    }
  }
  return count < 2 ? { smallest: Number.NaN, largest: Number.NaN } : { smallest, largest };
}

/**
 * Where a distance lies between the nearest pair (0) and the farthest (1). By rank it is the share of pairs that are nearer, with
 * half of those that are as near.
 */
export function placeOnScale(
  distances: Distances,
  range: DistanceRange,
  scale: Scale,
): (distance: number) => number {
  const { smallest, largest } = range;
  const span = largest - smallest;
  const turned = distances.nearest === 'largest';
  if (!(span > 0)) return () => 0;
  if (scale === 'distance') {
    const from = turned ? largest : smallest;
    const factor = turned ? -1 / span : 1 / span;
    return (distance) => Math.min(1, Math.max(0, (distance - from) * factor));
  }
  const factor = (BINS - 1) / span;
  const binOf = (distance: number) =>
    Math.min(BINS - 1, Math.max(0, Math.floor((distance - smallest) * factor)));
  const places = rankPlaces(distances, binOf, turned);
  return (distance) => places[binOf(distance)] ?? 0;
}

/** For each bin the mean rank of its pairs, over the number of pairs. */
function rankPlaces(
  { count, values }: Distances,
  binOf: (distance: number) => number,
  turned: boolean,
): Float32Array {
  const counts = new Uint32Array(BINS);
  for (let row = 0; row < count; row++) {
    for (let at = row * count + row + 1; at < (row + 1) * count; at++) {
      const bin = binOf(values[at] ?? 0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  const pairs = (count * (count - 1)) / 2;
  const places = new Float32Array(BINS);
  let below = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const here = counts[bin] ?? 0;
    const place = (below + here / 2) / pairs;
    places[bin] = turned ? 1 - place : place;
    below += here;
  }
  return places;
}
