import { dotAt } from './rows.ts';

/** XᵀX, d × d, of n × d numbers: every entry, so that either half can be read. */
export function gramOfColumns(x: Float64Array, n: number, d: number): Float64Array<ArrayBuffer> {
  const gram = new Float64Array(d * d);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      const factor = x[i * d + a] ?? 0;
      for (let b = 0; b <= a; b++) gram[a * d + b] = (gram[a * d + b] ?? 0) + factor * (x[i * d + b] ?? 0);
    }
  }
  return mirror(gram, d);
}

/** XXᵀ, n × n. */
export function gramOfRows(x: Float64Array, n: number, d: number): Float64Array<ArrayBuffer> {
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) gram[i * n + j] = dotAt(x, i * d, x, j * d, d);
  }
  return mirror(gram, n);
}

function mirror(gram: Float64Array<ArrayBuffer>, n: number): Float64Array<ArrayBuffer> {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) gram[j * n + i] = gram[i * n + j] ?? 0;
  }
  return gram;
}
