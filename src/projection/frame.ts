/** Half the extent of a finished map. */
export const MAP_RADIUS = 10;

/**
 * Moves positions so that the middle of their extent is the origin, and scales them so that the largest half extent
 * is {@link MAP_RADIUS}. Points that all coincide land on the origin.
 */
export function fitFrame(positions: ArrayLike<number>, dimensions: number): Float32Array<ArrayBuffer> {
  const low = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < positions.length; i++) {
    const d = i % dimensions;
    const value = positions[i] ?? 0;
    if (value < (low[d] ?? 0)) low[d] = value;
    if (value > (high[d] ?? 0)) high[d] = value;
  }
  const half = low.reduce((most, value, d) => Math.max(most, ((high[d] ?? 0) - value) / 2), 0);
  const scale = half > 0 ? MAP_RADIUS / half : 1;
  return Float32Array.from({ length: positions.length }, (_, i) => {
    const d = i % dimensions;
    return ((positions[i] ?? 0) - ((low[d] ?? 0) + (high[d] ?? 0)) / 2) * scale;
  });
}
