import type { Neighbors } from '../metrics/engine.ts';

/**
 * How far a map's neighborhoods can be trusted: 1 when no point has a neighbor on the map that is far in truth, less
 * the farther the false ones are (Venna and Kaski 2001; what scikit-learn's `trustworthiness` gives).
 *
 * @param ranking for each item all others, nearest first (k = n − 1): the rank of every false neighbor is needed
 * @param positions n × dimensions, row-major
 * @param k size of the neighborhood, below n / 2
 * @returns 0..1
 * @throws {RangeError} when the ranking is not whole, or k is not in 1..n/2
 */
export function trustworthiness(
  ranking: Neighbors,
  positions: Float32Array,
  dimensions: number,
  k: number,
): number {
  const n = positions.length / dimensions;
  if (ranking.k !== n - 1 || ranking.indices.length !== n * (n - 1)) {
    throw new RangeError(
      `Trustworthiness of ${n} items needs all ${n - 1} neighbors of each, not ${ranking.k}.`,
    );
  }
  if (!(Number.isInteger(k) && k >= 1 && k < n / 2)) {
    throw new RangeError(
      `k is ${k}; trustworthiness of ${n} items needs a whole number from 1 to below ${n / 2}.`,
    );
  }
  const rank = new Uint32Array(n);
  let penalty = 0;
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < n - 1; r++) rank[ranking.indices[i * (n - 1) + r] ?? 0] = r + 1;
    for (const j of nearestOnMap(positions, dimensions, i, k)) penalty += Math.max(0, (rank[j] ?? 0) - k);
  }
  return 1 - penalty * (2 / (n * k * (2 * n - 3 * k - 1)));
}

/**
 * The share of the true k nearest neighbors that are among the k nearest on the map, over all items: 0..1.
 *
 * @param neighbors n × at least k, nearest first
 * @param positions n × dimensions, row-major
 * @throws {RangeError} when k is not in 1..neighbors.k
 */
export function neighborsKept(
  neighbors: Neighbors,
  positions: Float32Array,
  dimensions: number,
  k: number,
): number {
  if (!(Number.isInteger(k) && k >= 1 && k <= neighbors.k)) {
    throw new RangeError(
      `k is ${k}; it must be a whole number from 1 to ${neighbors.k}, the neighbors at hand.`,
    );
  }
  const n = positions.length / dimensions;
  let kept = 0;
  for (let i = 0; i < n; i++) {
    const truth = new Set(neighbors.indices.subarray(i * neighbors.k, i * neighbors.k + k));
    for (const j of nearestOnMap(positions, dimensions, i, k)) if (truth.has(j)) kept++;
  }
  return n > 0 ? kept / (n * k) : 1;
}

/** The k nearest of point i on the map, self left out, ties by lower index. */
function nearestOnMap(positions: Float32Array, dimensions: number, i: number, k: number): number[] {
  const n = positions.length / dimensions;
  const best: number[] = [];
  const distances: number[] = [];
  for (let j = 0; j < n; j++) {
    if (j === i) continue;
    let sum = 0;
    for (let d = 0; d < dimensions; d++) {
      sum += ((positions[i * dimensions + d] ?? 0) - (positions[j * dimensions + d] ?? 0)) ** 2;
    }
    if (best.length === k && sum >= (distances[k - 1] ?? 0)) continue;
    let at = Math.min(best.length, k - 1);
    for (; at > 0 && (distances[at - 1] ?? 0) > sum; at--) {
      best[at] = best[at - 1] ?? 0;
      distances[at] = distances[at - 1] ?? 0;
    }
    best[at] = j;
    distances[at] = sum;
  }
  return best;
}
