import type { Neighbors } from '../metrics/engine.ts';

/** Pairs of near items, nearest first: those under a threshold are the first of them. */
export interface NearPairs {
  /** 2 × pairs: the items of pair p at 2p (the lower) and 2p + 1 */
  readonly items: Uint32Array<ArrayBuffer>;
  readonly distances: Float32Array<ArrayBuffer>;
  /** All pairs below this distance are listed; others may be missing, as only the k nearest of each item are known. */
  readonly completeBelow: number;
}

/**
 * All pairs that are neighbors of each other in either direction, each once, by distance, then by their items.
 *
 * @param neighbors of a set in itself under a metric whose smallest is nearest
 */
export function nearPairs({ k, indices, distances }: Neighbors): NearPairs {
  const n = k === 0 ? 0 : indices.length / k;
  const first = new Uint32Array(n * k);
  const second = new Uint32Array(n * k);
  const apart = new Float32Array(n * k);
  let count = 0;
  let completeBelow = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    // A pair that neither item lists is no nearer than the last that either lists.
    if (k < n - 1) completeBelow = Math.min(completeBelow, distances[i * k + k - 1] ?? 0);
    for (let at = i * k; at < (i + 1) * k; at++) {
      const j = indices[at] ?? 0;
      if (j < i && indices.subarray(j * k, (j + 1) * k).includes(i)) continue;
      first[count] = Math.min(i, j);
      second[count] = Math.max(i, j);
      apart[count++] = distances[at] ?? 0;
    }
  }
  const order = Uint32Array.from({ length: count }, (_, p) => p).sort(
    (p, q) =>
      (apart[p] ?? 0) - (apart[q] ?? 0) ||
      (first[p] ?? 0) - (first[q] ?? 0) ||
      (second[p] ?? 0) - (second[q] ?? 0),
  );
  const items = new Uint32Array(2 * count);
  order.forEach((p, at) => {
    items[2 * at] = first[p] ?? 0;
    items[2 * at + 1] = second[p] ?? 0;
  });
  return { items, distances: Float32Array.from(order, (p) => apart[p] ?? 0), completeBelow };
}

/** How many of ascending distances are at most the threshold: a slider moves without measuring again. */
export function countWithin(distances: Float32Array, threshold: number): number {
  let from = 0;
  let to = distances.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((distances[middle] ?? 0) <= threshold) from = middle + 1;
    else to = middle;
  }
  return from;
}
