/** Bits of a place in each direction: 1,024 steps across the map are finer than any picture of a matrix. */
const BITS = 10;

/**
 * Items along a Hilbert curve through their places (Hilbert 1891, by the transposition of Skilling 2004), so that who is near in the
 * order is near on the map. Items without a place (NaN) come last.
 *
 * @param positions n × dimensions, row-major
 * @returns which item stands at each place; ties by lower index
 */
export function orderByMap(positions: Float32Array, dimensions: 2 | 3): Uint32Array<ArrayBuffer> {
  const count = positions.length / dimensions;
  const low = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY);
  for (let at = 0; at < positions.length; at++) {
    const value = positions[at] ?? Number.NaN;
    const axis = at % dimensions;
    if (value < (low[axis] ?? 0)) low[axis] = value;
    if (value > (high[axis] ?? 0)) high[axis] = value;
  }
  // One scale for all axes, or the curve would run along the longer one in steps of another size.
  const span = Math.max(...high.map((value, axis) => value - (low[axis] ?? 0)));
  const keys = Float64Array.from({ length: count }, (_, item) => {
    const steps = Array.from({ length: dimensions }, (_, axis) => {
      const value = (positions[item * dimensions + axis] ?? Number.NaN) - (low[axis] ?? 0);
      return span > 0 ? Math.floor((value / span) * (2 ** BITS - 1)) : value;
    });
    return steps.some(Number.isNaN) ? Number.POSITIVE_INFINITY : hilbertIndex(steps);
  });
  return sorted(count, (a, b) => compare(keys[a] ?? 0, keys[b] ?? 0));
}

/**
 * Items label by label, each label's likeliest first. Items without a label come last.
 *
 * @param labels of each item; −1 for none
 * @param shares of each item: how likely its label is
 */
export function orderByLabel(labels: Int32Array, shares: Float32Array): Uint32Array<ArrayBuffer> {
  const last = labels.length;
  const rank = (item: number) => ((labels[item] ?? -1) < 0 ? last : (labels[item] ?? 0));
  return sorted(
    labels.length,
    (a, b) => compare(rank(a), rank(b)) || compare(shares[b] ?? 0, shares[a] ?? 0),
  );
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function sorted(count: number, by: (a: number, b: number) => number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, item) => item).sort((a, b) => by(a, b) || a - b);
}

/** Where a Hilbert curve through a cube of 2^BITS steps a side passes a point. */
function hilbertIndex(point: readonly number[]): number {
  const x = Int32Array.from(point);
  const axes = x.length;
  const top = 1 << (BITS - 1);
  for (let bit = top; bit > 1; bit >>= 1) {
    const below = bit - 1;
    for (let axis = 0; axis < axes; axis++) {
      if ((x[axis] ?? 0) & bit) {
        x[0] = (x[0] ?? 0) ^ below;
      } else {
        const swap = ((x[0] ?? 0) ^ (x[axis] ?? 0)) & below;
        x[0] = (x[0] ?? 0) ^ swap;
        x[axis] = (x[axis] ?? 0) ^ swap;
      }
    }
  }
  // Gray code.
  for (let axis = 1; axis < axes; axis++) x[axis] = (x[axis] ?? 0) ^ (x[axis - 1] ?? 0);
  let turn = 0;
  for (let bit = top; bit > 1; bit >>= 1) if ((x[axes - 1] ?? 0) & bit) turn ^= bit - 1;
  let index = 0;
  for (let bit = top; bit >= 1; bit >>= 1) {
    for (let axis = 0; axis < axes; axis++) index = index * 2 + (((x[axis] ?? 0) ^ turn) & bit ? 1 : 0);
  }
  return index;
}
