import type { MetricId, VectorSet } from './engine.ts';

type Row = ArrayLike<number>;

/**
 * Every metric in float64, as docs/metrics.md defines it: what the kernels are tested against. Rows have the same
 * length; under Hamming they are already bits (0 or 1).
 */
export const reference: Readonly<Record<MetricId, (x: Row, y: Row) => number>> = {
  euclidean: (x, y) => Math.sqrt(sum(x, y, (a, b) => (a - b) ** 2)),
  manhattan: (x, y) => sum(x, y, (a, b) => Math.abs(a - b)),
  cosine: (x, y) => Math.max(0, 1 - cosineOf(x, y)),
  hamming: (x, y) => sum(x, y, (a, b) => (a === b ? 0 : 1)),
  dot,
};

/** CLIP-style similarity in float64 (Radford et al. 2021, figure 3); arrays are pictures × labels, row-major. */
export function referenceSimilarity(pictures: VectorSet, labels: VectorSet, scale: number) {
  const rows = rowsOf(pictures);
  const columns = rowsOf(labels);
  const logits = rows.map((x) => columns.map((y) => scale * cosineOf(x, y)));
  const overLabels = logits.map(softmax);
  const overPictures = transpose(transpose(logits).map(softmax));
  return {
    logits: Float64Array.from(logits.flat()),
    overLabels: Float64Array.from(overLabels.flat()),
    overPictures: Float64Array.from(overPictures.flat()),
  };
}

function softmax(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

function transpose(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] ?? 0));
}

function rowsOf({ vectors, dimension }: VectorSet): Float32Array[] {
  return Array.from({ length: vectors.length / dimension }, (_, i) =>
    vectors.subarray(i * dimension, (i + 1) * dimension),
  );
}

/** 0 where either is a zero vector. */
function cosineOf(x: Row, y: Row): number {
  // √(xx·yy) and not √xx·√yy: of a row with itself the first is exactly xx.
  const norms = Math.sqrt(dot(x, x) * dot(y, y));
  return norms === 0 ? 0 : dot(x, y) / norms;
}

function dot(x: Row, y: Row): number {
  return sum(x, y, (a, b) => a * b);
}

function sum(x: Row, y: Row, term: (a: number, b: number) => number): number {
  let total = 0;
  for (let j = 0; j < x.length; j++) total += term(x[j] ?? 0, y[j] ?? 0);
  return total;
}
