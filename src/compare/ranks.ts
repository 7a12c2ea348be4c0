import { keyOfFloat } from '../metrics/float-keys.ts';

// A 32-bit key and the number of an item are one whole number that a float64 holds: 32 + 21 bits.
const MOST_ITEMS = 2 ** 21;

/** Ranks of some items in one row of distances after the other. */
export type RankCounter = (
  /** n distances from `self`, smallest nearest */
  row: Float32Array,
  self: number,
  /** at most `width` items other than `self` */
  targets: Uint32Array,
  /** as many: 1 for the nearest of all */
  ranks: Uint32Array,
) => void;

/**
 * Counts how many items are nearer than each of a few: by distance, then by index, `self` left out. The targets are
 * sorted, and each distance is looked up among them: a row takes O(n log width), and no row is ever sorted.
 *
 * @throws {RangeError} when there are more than 2,097,152 items
 */
export function makeRankCounter(n: number, width: number): RankCounter {
  if (n > MOST_ITEMS) {
    throw new RangeError(`Ranks among ${n} items cannot be counted; at most ${MOST_ITEMS} can.`);
  }
  const keys = new Float64Array(width);
  const own = new Float64Array(width);
  const distances = new Float32Array(width);
  const items = new Uint32Array(width);
  // Items by how many of the sorted targets are not farther; the last count is of those beyond all.
  const counts = new Uint32Array(width + 1);
  // So many that most hold no target at all: then there is nothing to look up.
  const buckets = 8 * width;
  // Targets before each bucket of equal width between the nearest target and the farthest.
  const before = new Uint32Array(buckets + 2);

  return (row, self, targets, ranks) => {
    const count = targets.length;
    if (count === 0) return;
    for (let t = 0; t < count; t++) {
      const item = targets[t] ?? 0;
      own[t] = keyOfFloat(row[item] ?? 0) * MOST_ITEMS + item;
    }
    const sorted = keys.subarray(0, count);
    sorted.set(own.subarray(0, count));
    sorted.sort();
    for (let t = 0; t < count; t++) {
      const item = (sorted[t] ?? 0) % MOST_ITEMS;
      items[t] = item;
      distances[t] = row[item] ?? 0;
    }
    const nearest = distances[0] ?? 0;
    const farthest = distances[count - 1] ?? 0;
    const scale = farthest > nearest ? (buckets - 1) / (farthest - nearest) : 0;
    before.fill(0);
    for (let t = 0; t < count; t++) {
      const bucket = Math.floor(((distances[t] ?? 0) - nearest) * scale) + 1;
      before[bucket] = (before[bucket] ?? 0) + 1;
    }
    for (let b = 1; b < before.length; b++) before[b] = (before[b] ?? 0) + (before[b - 1] ?? 0);

    counts.fill(0);
    for (let item = 0; item < n; item++) {
      const distance = row[item] ?? 0;
      if (distance > farthest || item === self) continue;
      if (distance < nearest) {
        counts[0] = (counts[0] ?? 0) + 1;
        continue;
      }
      // Rounding never turns an order around, so that only targets of its own bucket need a look.
      const bucket = Math.floor((distance - nearest) * scale);
      let from = before[bucket] ?? 0;
      let to = before[bucket + 1] ?? 0;
      while (from < to) {
        const middle = (from + to) >> 1;
        const other = distances[middle] ?? 0;
        if (other < distance || (other === distance && (items[middle] ?? 0) <= item)) from = middle + 1;
        else to = middle;
      }
      counts[from] = (counts[from] ?? 0) + 1;
    }
    for (let t = 1; t < count; t++) counts[t] = (counts[t] ?? 0) + (counts[t - 1] ?? 0);
    for (let t = 0; t < count; t++) ranks[t] = 1 + (counts[placeOf(sorted, own[t] ?? 0)] ?? 0);
  };
}

/** Where a value stands first in ascending ones. */
function placeOf(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
