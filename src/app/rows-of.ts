import type { VectorSet } from '../metrics/engine.ts';

/** The rows of `set` in the order of `rows`, copied. */
export function rowsOf(set: VectorSet, rows: readonly number[]): VectorSet {
  const vectors = new Float32Array(rows.length * set.dimension);
  rows.forEach((row, to) => {
    vectors.set(set.vectors.subarray(row * set.dimension, (row + 1) * set.dimension), to * set.dimension);
  });
  return { vectors, dimension: set.dimension };
}
