import { createRandom } from '../projection/random.ts';

/**
 * Some items, each as likely as the others, in order (a partial shuffle after Fisher and Yates).
 *
 * @returns `count` different numbers below n, ascending; all n where there are no more
 */
export function sampleItems(n: number, count: number, seed: number): Uint32Array<ArrayBuffer> {
  const items = Uint32Array.from({ length: n }, (_, i) => i);
  if (count >= n) return items;
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    const other = i + Math.floor(random() * (n - i));
    const item = items[other] ?? 0;
    items[other] = items[i] ?? 0;
    items[i] = item;
  }
  return items.slice(0, count).sort();
}

/** Which pairs of n items are looked at. */
export interface PairPlan {
  /** The first items of the pairs, ascending; null for all n. */
  readonly rows: Uint32Array<ArrayBuffer> | null;
  /** Second items drawn for each row, with repetition, never the row itself; 0 for all that come after it: every pair once. */
  readonly perRow: number;
  /** Pairs in all. */
  readonly pairs: number;
}

// Pairs of one row have much in common, so that more rows say more than more pairs of each.
const MOST_ROWS = 2_000;

/** Every pair where there are at most `most`, else about as many, drawn for the items of a seeded sample. */
export function planPairs(n: number, most: number, seed: number): PairPlan {
  const all = countPairs(n);
  if (all <= most) return { rows: null, perRow: 0, pairs: all };
  const rows = n <= MOST_ROWS ? null : sampleItems(n, MOST_ROWS, seed);
  const count = rows?.length ?? n;
  const perRow = Math.ceil(most / count);
  return { rows, perRow, pairs: perRow * count };
}

/** How many different pairs n items make. */
export function countPairs(n: number): number {
  return (n * Math.max(0, n - 1)) / 2;
}

/** Draws an item other than `self`, each as likely as the others. */
export function drawOther(random: () => number, n: number, self: number): number {
  const item = Math.floor(random() * (n - 1));
  return item < self ? item : item + 1;
}

/** The sizes at which neighborhoods of n items can be compared: below n / 2, each once; a larger one becomes the largest. */
export function usableSizes(n: number, sizes: readonly number[]): number[] {
  const largest = Math.ceil(n / 2) - 1;
  const usable = sizes.map((k) => Math.min(k, largest)).filter((k) => Number.isInteger(k) && k >= 1);
  return [...new Set(usable)].sort((a, b) => a - b);
}
