/** The bin of equal width that a value lies in; the last holds the end of the range, and all where the range is empty. */
export function binOf(value: number, [from, to]: readonly [number, number], bins: number): number {
  if (!(to > from)) return bins - 1;
  return Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
}

/** The smallest and the largest; NaN where there are none. */
export function rangeOf(values: Float32Array): readonly [from: number, to: number] {
  if (values.length === 0) return [Number.NaN, Number.NaN];
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  return [from, to];
}

/** Of ascending values: between the two around the place, as in NumPy; NaN where there are none. */
export function quantileOf(sorted: Float32Array | Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** NaN where there are none. */
export function meanOf(values: Float32Array | Float64Array | Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}
