import type { MetricId, VectorSet } from '../../src/metrics/engine.ts';
import { reference } from '../../src/metrics/reference.ts';

/** d that stand around the sizes of lanes (4), words (32), blocks (128) and tiles. */
export const DIMENSIONS = [1, 3, 4, 5, 63, 64, 65, 512, 1280];

export const METRICS: readonly MetricId[] = ['euclidean', 'manhattan', 'cosine', 'hamming', 'dot'];

// docs/metrics.md: 1e-5 relative, 1e-6 absolute near 0.
export const RELATIVE = 1e-5;
export const ABSOLUTE = 1e-6;

/** A stream of the same numbers every time: mulberry32. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal values of the given mean. */
export function normalSet(seed: number, rows: number, dimension: number, mean = 0): VectorSet {
  const random = randomStream(seed);
  const vectors = Float32Array.from({ length: rows * dimension }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return mean + radius * Math.cos(2 * Math.PI * random());
  });
  return { vectors, dimension };
}

/** With row 3 a copy of row 1, and row 5 all zeros, where there are that many. */
export function withOddRows(set: VectorSet): VectorSet {
  const { dimension } = set;
  const vectors = set.vectors.slice();
  vectors.copyWithin(3 * dimension, dimension, 2 * dimension);
  vectors.fill(0, 5 * dimension, 6 * dimension);
  return { vectors, dimension };
}

export function rowsOf(set: VectorSet): Float32Array[] {
  const rows: Float32Array[] = [];
  for (let at = 0; at < set.vectors.length; at += set.dimension) {
    rows.push(set.vectors.subarray(at, at + set.dimension));
  }
  return rows;
}

/** The float64 answer, row-major, and how far from it a result may be (bits and duplicates: not at all): rows × columns. */
export function expectedDistances(metric: MetricId, rows: VectorSet, columns: VectorSet = rows) {
  const isSame = rows.vectors === columns.vectors;
  const prepared = [rows, columns].map((set) => (metric === 'hamming' ? toBits(set, columns) : rowsOf(set)));
  const [a = [], b = []] = prepared;
  const measure = reference[metric];
  const values = new Float64Array(a.length * b.length);
  const allowed = new Float64Array(a.length * b.length);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      const at = i * b.length + j;
      const value = isSame && i === j && metric !== 'dot' ? 0 : measure(x, y);
      values[at] = value;
      const isExact =
        metric === 'hamming' || (metric !== 'dot' && value === 0 && x.every((v, c) => v === y[c]));
      allowed[at] = isExact ? 0 : RELATIVE * Math.abs(value) + ABSOLUTE * scaleOf(metric, x, y);
    });
  });
  return { values, allowed, rows: a.length, columns: b.length };
}

// A dot product near 0 of long rows is a small difference of large products: its error goes with the lengths.
function scaleOf(metric: MetricId, x: Float32Array, y: Float32Array): number {
  return metric === 'dot' ? Math.max(1, lengthOf(x) * lengthOf(y)) : 1;
}

function lengthOf(row: Float32Array): number {
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
}

/** The largest error over what is allowed: at most 1 is right. NaN counts as wrong. */
export function worstError(
  actual: ArrayLike<number>,
  expected: { values: Float64Array; allowed: Float64Array },
): number {
  if (actual.length !== expected.values.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  expected.values.forEach((value, at) => {
    const error = Math.abs((actual[at] ?? Number.NaN) - value);
    const allowed = expected.allowed[at] ?? 0;
    const ratio = error === 0 ? 0 : error / allowed;
    worst = Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : Math.max(worst, ratio);
  });
  return worst;
}

/** Thresholds by the plain definition: sort, and take the middle. */
function toBits(set: VectorSet, base: VectorSet): Float32Array[] {
  const thresholds = Array.from({ length: base.dimension }, (_, j) => {
    const column = rowsOf(base).map((row) => row[j] ?? 0);
    column.sort((a, b) => a - b);
    const at = (rank: number) => column[rank] ?? Number.NaN;
    return (at((column.length - 1) >> 1) + at(column.length >> 1)) / 2;
  });
  return rowsOf(set).map((row) => row.map((value, j) => (value > (thresholds[j] ?? 0) ? 1 : 0)));
}
