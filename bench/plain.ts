import type { VectorSet } from '../src/metrics/engine.ts';

/** What a page without any library would write. */
export function plainDotProducts(rows: VectorSet, columns: VectorSet): Float32Array {
  const { dimension } = rows;
  const [n, m] = [rows.vectors.length / dimension, columns.vectors.length / dimension];
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let at = 0; at < dimension; at++) {
        sum += (rows.vectors[i * dimension + at] ?? 0) * (columns.vectors[j * dimension + at] ?? 0);
      }
      out[i * m + j] = sum;
    }
  }
  return out;
}

/** The k columns of largest dot product with each row: all products, then a sort. */
export function plainNearest(rows: VectorSet, columns: VectorSet, k: number): Uint32Array {
  const products = plainDotProducts(rows, columns);
  const m = columns.vectors.length / columns.dimension;
  const n = products.length / m;
  const out = new Uint32Array(n * k);
  for (let i = 0; i < n; i++) {
    const row = products.subarray(i * m, (i + 1) * m);
    const order = Uint32Array.from({ length: m }, (_, j) => j).sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0));
    out.set(order.subarray(0, k), i * k);
  }
  return out;
}
