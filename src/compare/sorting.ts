const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;

/**
 * Sorts by whole-number keys, stable, digit by digit from the lowest.
 *
 * @param keys below 2³²; keys[i] is that of item i
 * @param order items to begin with; all in order unless given
 * @returns the items, smallest key first
 */
export function sortByKey(
  keys: Uint32Array,
  order: Uint32Array<ArrayBuffer> = Uint32Array.from({ length: keys.length }, (_, i) => i),
): Uint32Array<ArrayBuffer> {
  let largest = 0;
  for (let i = 0; i < keys.length; i++) largest = Math.max(largest, keys[i] ?? 0);
  let from = order;
  let to = new Uint32Array(order.length);
  const starts = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && largest >= 2 ** shift; shift += DIGIT_BITS) {
    starts.fill(0);
    for (let i = 0; i < from.length; i++) {
      const digit = ((keys[i] ?? 0) >>> shift) % DIGITS;
      starts[digit] = (starts[digit] ?? 0) + 1;
    }
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = starts[digit] ?? 0;
      starts[digit] = start;
      start += count;
    }
    for (let i = 0; i < from.length; i++) {
      const item = from[i] ?? 0;
      const digit = ((keys[item] ?? 0) >>> shift) % DIGITS;
      const at = starts[digit] ?? 0;
      to[at] = item;
      starts[digit] = at + 1;
    }
    [from, to] = [to, from === order ? new Uint32Array(order.length) : from];
  }
  return from;
}

/** The items of the largest values, largest first, ties by lower index; NaN is left out. */
export function largestItems(values: Float32Array, count: number): Uint32Array<ArrayBuffer> {
  const items = Uint32Array.from({ length: values.length }, (_, i) => i).filter(
    (i) => !Number.isNaN(values[i] ?? 0),
  );
  return items.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b).slice(0, count);
}
