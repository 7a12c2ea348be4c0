import type { BitThreshold, VectorSet } from './engine.ts';

/**
 * One threshold a dimension, over all rows of a set: a value above it becomes bit 1.
 *
 * The median of an even number of values is the mean of the middle two, as in NumPy. Medians are exact; means are
 * summed in float64.
 */
export function computeThresholds(
  { vectors, dimension }: VectorSet,
  kind: BitThreshold,
): Float64Array<ArrayBuffer> {
  const thresholds = new Float64Array(dimension);
  const rows = vectors.length / dimension;
  if (kind === 'zero' || rows === 0) return thresholds;
  if (kind === 'mean') {
    for (let at = 0; at < vectors.length; at++) {
      const column = at % dimension;
      thresholds[column] = (thresholds[column] ?? 0) + (vectors[at] ?? 0);
    }
    return thresholds.map((sum) => sum / rows);
  }
  const column = new Float32Array(rows);
  for (let j = 0; j < dimension; j++) {
    for (let i = 0; i < rows; i++) column[i] = vectors[i * dimension + j] ?? 0;
    column.sort();
    const upper = column[rows >> 1] ?? 0;
    thresholds[j] = rows % 2 === 1 ? upper : ((column[(rows >> 1) - 1] ?? 0) + upper) / 2;
  }
  return thresholds;
}

/** 32-bit words that a row of bits takes. */
export function wordsOf(dimension: number): number {
  return Math.ceil(dimension / 32);
}

/** Sets bit j of the words at `offset` where the row's value j is above its threshold. */
export function packBits(
  { vectors, dimension }: VectorSet,
  row: number,
  thresholds: Float64Array<ArrayBuffer>,
  out: Uint32Array<ArrayBuffer>,
  offset: number,
): void {
  for (let j = 0; j < dimension; j++) {
    if ((vectors[row * dimension + j] ?? 0) > (thresholds[j] ?? 0)) {
      const word = offset + (j >>> 5);
      out[word] = (out[word] ?? 0) | (1 << (j & 31));
    }
  }
}
