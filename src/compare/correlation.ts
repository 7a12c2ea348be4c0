import { sortByKey } from './sorting.ts';
import { meanOf } from './statistics.ts';

/** Ranks that can be compared again and again. */
export interface Ranked {
  /** Twice the mid-rank of each value: tied values share the mean of their ranks, and twice that is a whole number. */
  readonly ranks: Uint32Array<ArrayBuffer>;
  /** The values in order, smallest first. */
  readonly order: Uint32Array<ArrayBuffer>;
  /** Pairs of equal values. */
  readonly tied: number;
}

/** Ranks 32-bit floats (finite, fewer than 2³¹) in time that grows as their number. */
export function rankValues(values: Float32Array): Ranked {
  const keys = new Uint32Array(values.length);
  const bits = new Uint32Array(keys.buffer);
  const floats = new Float32Array(keys.buffer);
  for (let i = 0; i < values.length; i++) {
    // −0 becomes 0, as they are equal.
    floats[i] = (values[i] ?? 0) + 0;
    const word = bits[i] ?? 0;
    keys[i] = word >= 0x80000000 ? ~word : word | 0x80000000;
  }
  const items = new Uint32Array(values.length);
  for (let i = 0; i < items.length; i++) items[i] = i;
  const sorted = sortByKey(keys, items);
  const ranks = new Uint32Array(values.length);
  let tied = 0;
  forEachRun(sorted.keys, 0, values.length, (first, end) => {
    for (let at = first; at < end; at++) ranks[sorted.payload[at] ?? 0] = first + end + 1;
    tied += pairsOf(end - first);
  });
  return { ranks, order: sorted.payload, tied };
}

/**
 * Pearson's correlation of two lists of the same length, from −1 to 1; NaN where either is constant or has fewer than two.
 * Of the distances under two metrics this is the Mantel statistic (Mantel 1967). It is not the "distance correlation" of
 * Székely, Rizzo and Bakirov (2007), which compares double-centered matrices.
 */
export function pearson(x: Float32Array | Uint32Array, y: Float32Array | Uint32Array): number {
  if (isConstant(x) || isConstant(y)) return Number.NaN;
  const meanX = meanOf(x);
  const meanY = meanOf(y);
  let both = 0;
  let squaresX = 0;
  let squaresY = 0;
  for (let i = 0; i < x.length; i++) {
    const a = (x[i] ?? 0) - meanX;
    const b = (y[i] ?? 0) - meanY;
    both += a * b;
    squaresX += a * a;
    squaresY += b * b;
  }
  return Math.min(1, Math.max(-1, both / (Math.sqrt(squaresX) * Math.sqrt(squaresY))));
}

/** Spearman's rho: Pearson's correlation of the mid-ranks (Spearman 1904; ties as in SciPy's `spearmanr`). */
export function spearman(x: Ranked, y: Ranked): number {
  return pearson(x.ranks, y.ranks);
}

/**
 * Kendall's tau-b (Kendall 1945) by Knight's algorithm (1966), in O(m log m): (P − Q) / √((P + Q + X)(P + Q + Y)) with P
 * pairs in the same order, Q in opposite order, X tied in the first only, Y in the second only. NaN where either is constant.
 */
export function kendall(x: Ranked, y: Ranked): number {
  const all = pairsOf(x.ranks.length);
  if (all === x.tied || all === y.tied) return Number.NaN;
  // By the first, and where that is tied by the second.
  const own = new Uint32Array(x.ranks.length);
  const others = new Uint32Array(own.length);
  for (let at = 0; at < own.length; at++) {
    const item = y.order[at] ?? 0;
    own[at] = x.ranks[item] ?? 0;
    others[at] = y.ranks[item] ?? 0;
  }
  const sorted = sortByKey(own, others);
  let tiedInBoth = 0;
  forEachRun(sorted.keys, 0, own.length, (first, end) => {
    if (end - first < 2) return;
    forEachRun(sorted.payload, first, end, (from, to) => {
      tiedInBoth += pairsOf(to - from);
    });
  });
  const opposite = countInversions(sorted.payload);
  const excess = all - x.tied - y.tied + tiedInBoth - 2 * opposite;
  return excess / Math.sqrt(all - x.tied) / Math.sqrt(all - y.tied);
}

// Shorter pieces are sorted by insertion, which is as fast there.
const PIECE = 16;

/** Pairs that stand the wrong way round: merge sort, which counts what it overtakes. The values are sorted. */
function countInversions(values: Uint32Array<ArrayBuffer>): number {
  const { length } = values;
  let inversions = 0;
  for (let start = 0; start < length; start += PIECE) {
    const end = Math.min(length, start + PIECE);
    for (let i = start + 1; i < end; i++) {
      const value = values[i] ?? 0;
      let at = i;
      for (; at > start && (values[at - 1] ?? 0) > value; at--) values[at] = values[at - 1] ?? 0;
      values[at] = value;
      inversions += i - at;
    }
  }
  let from = values;
  let to = new Uint32Array(length);
  for (let width = PIECE; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(length, start + width);
      const end = Math.min(length, start + 2 * width);
      let left = start;
      let right = middle;
      let at = start;
      while (left < middle && right < end) {
        const a = from[left] ?? 0;
        const b = from[right] ?? 0;
        // 1 where the right one goes first: no branch, for none could be foreseen. Ranks are below 2³¹.
        const overtakes = (b - a) >>> 31;
        to[at++] = a ^ ((a ^ b) & -overtakes);
        inversions += (middle - left) * overtakes;
        right += overtakes;
        left += 1 - overtakes;
      }
      if (left < middle) to.set(from.subarray(left, middle), at);
      else to.set(from.subarray(right, end), at);
    }
    [from, to] = [to, from];
  }
  return inversions;
}

/** Every stretch of equal numbers from one place to before another. */
function forEachRun(
  sorted: Uint32Array,
  from: number,
  to: number,
  tell: (first: number, end: number) => void,
): void {
  let first = from;
  for (let at = from + 1; at < to; at++) {
    if (sorted[at] === sorted[first]) continue;
    tell(first, at);
    first = at;
  }
  if (first < to) tell(first, to);
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

function isConstant(values: Float32Array | Uint32Array): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false;
  return true;
}
