const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;

/**
 * Sorts whole-number keys, each with a number that goes with it: stable, digit by digit from the lowest.
 *
 * @param keys below 2³²
 * @returns both in order, smallest key first; the arrays that were given may be among those returned, or hold anything
 */
export function sortByKey(
  keys: Uint32Array<ArrayBuffer>,
  payload: Uint32Array<ArrayBuffer>,
): { keys: Uint32Array<ArrayBuffer>; payload: Uint32Array<ArrayBuffer> } {
  const { length } = keys;
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, keys[i] ?? 0);
  // Both travel together, so that memory is read in order and only written here and there.
  let [fromKeys, fromPayload] = [keys, payload];
  let [toKeys, toPayload] = [new Uint32Array(length), new Uint32Array(length)];
  for (let shift = 0; shift < 32 && largest >= 2 ** shift; shift += DIGIT_BITS) {
    sortByDigit(fromKeys, fromPayload, toKeys, toPayload, shift);
    [fromKeys, toKeys] = [toKeys, fromKeys];
    [fromPayload, toPayload] = [toPayload, fromPayload];
  }
  return { keys: fromKeys, payload: fromPayload };
}

function sortByDigit(
  fromKeys: Uint32Array,
  fromPayload: Uint32Array,
  toKeys: Uint32Array,
  toPayload: Uint32Array,
  shift: number,
): void {
  const { length } = fromKeys;
  const starts = new Uint32Array(DIGITS);
  for (let i = 0; i < length; i++) {
    const digit = ((fromKeys[i] ?? 0) >>> shift) & (DIGITS - 1);
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit] ?? 0;
    starts[digit] = start;
    start += count;
  }
  for (let i = 0; i < length; i++) {
    const key = fromKeys[i] ?? 0;
    const digit = (key >>> shift) & (DIGITS - 1);
    const at = starts[digit] ?? 0;
    toKeys[at] = key;
    toPayload[at] = fromPayload[i] ?? 0;
    starts[digit] = at + 1;
  }
}

/** The items of the largest values, largest first, ties by lower index; NaN is left out. */
export function largestItems(values: Float32Array, count: number): Uint32Array<ArrayBuffer> {
  const items = Uint32Array.from({ length: values.length }, (_, i) => i).filter(
    (i) => !Number.isNaN(values[i] ?? 0),
  );
  return items.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b).slice(0, count);
}
