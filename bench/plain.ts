import type { VectorSet } from '../src/metrics/engine.ts';

/** What a page without any library would write: a loop over all pairs. */
export function plainMatrix(
  rows: VectorSet,
  columns: VectorSet,
  pair: (a: Float32Array, aAt: number, b: Float32Array, bAt: number, dimension: number) => number,
): Float32Array<ArrayBuffer> {
  const { dimension } = rows;
  const [n, m] = [rows.vectors.length / dimension, columns.vectors.length / dimension];
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      out[i * m + j] = pair(rows.vectors, i * dimension, columns.vectors, j * dimension, dimension);
    }
  }
  return out;
}

export function plainDot(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  dimension: number,
): number {
  let sum = 0;
  for (let at = 0; at < dimension; at++) sum += (a[aAt + at] ?? 0) * (b[bAt + at] ?? 0);
  return sum;
}

export function plainManhattan(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  dimension: number,
): number {
  let sum = 0;
  for (let at = 0; at < dimension; at++) sum += Math.abs((a[aAt + at] ?? 0) - (b[bAt + at] ?? 0));
  return sum;
}

export function plainSquared(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  dimension: number,
): number {
  let sum = 0;
  for (let at = 0; at < dimension; at++) sum += ((a[aAt + at] ?? 0) - (b[bAt + at] ?? 0)) ** 2;
  return sum;
}

/** Differing bits of rows packed into words, n × n. */
export function plainHamming(words: Uint32Array, wordsInRow: number): Float32Array<ArrayBuffer> {
  const n = words.length / wordsInRow;
  const out = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let at = 0; at < wordsInRow; at++) {
        let bits = (words[i * wordsInRow + at] ?? 0) ^ (words[j * wordsInRow + at] ?? 0);
        bits -= (bits >>> 1) & 0x55555555;
        bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
        sum += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
      }
      out[i * n + j] = sum;
    }
  }
  return out;
}

/** The k columns of smallest squared distance to each row: all distances, then a sort. */
export function plainNearest(
  rows: VectorSet,
  columns: VectorSet,
  k: number,
  isSelfLeftOut: boolean,
): Uint32Array<ArrayBuffer> {
  const m = columns.vectors.length / columns.dimension;
  const distances = plainMatrix(rows, columns, plainSquared);
  const n = distances.length / m;
  const out = new Uint32Array(n * k);
  for (let i = 0; i < n; i++) {
    const row = distances.subarray(i * m, (i + 1) * m);
    if (isSelfLeftOut) row[i] = Infinity;
    const order = Uint32Array.from({ length: m }, (_, j) => j).sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0));
    out.set(order.subarray(0, k), i * k);
  }
  return out;
}
