import type { BitThreshold, MetricId, VectorSet } from '../engine.ts';
import { computeThresholds, packBits, wordsOf } from '../thresholds.ts';
import { absoluteSums, differingBits, dotSums, type PairSum, type RowStarts } from './kernels.ts';

/** Measures up to four rows, from `first`, against all columns: `out` is 4 × columns, row-major. */
export type Measure = (first: number, out: Float32Array<ArrayBuffer>) => void;

/** How many rows a `Measure` does at once. */
export const ROWS_AT_ONCE = 4;

/** A set with what metrics need to know of its rows, found when first asked for. */
export class KnownSet {
  readonly set: VectorSet;
  readonly rows: number;
  #norms: Float64Array<ArrayBuffer> | undefined;
  readonly #thresholds = new Map<BitThreshold, Float64Array<ArrayBuffer>>();
  readonly #bits = new Map<BitThreshold, Uint32Array<ArrayBuffer>>();

  constructor(set: VectorSet) {
    this.set = set;
    this.rows = set.vectors.length / set.dimension;
  }

  /** x·x of every row. */
  get squaredNorms(): Float64Array<ArrayBuffer> {
    this.#norms ??= this.#measureNorms();
    return this.#norms;
  }

  async thresholds(kind: BitThreshold): Promise<Float64Array<ArrayBuffer>> {
    const thresholds = this.#thresholds.get(kind) ?? (await computeThresholds(this.set, kind));
    this.#thresholds.set(kind, thresholds);
    return thresholds;
  }

  /** Rows as packed bits by the thresholds of `base`; kept when that is this set. */
  async bits(kind: BitThreshold, base: KnownSet): Promise<Uint32Array<ArrayBuffer>> {
    const kept = base === this ? this.#bits.get(kind) : undefined;
    if (kept) return kept;
    const words = wordsOf(this.set.dimension);
    const bits = new Uint32Array(this.rows * words);
    const thresholds = await base.thresholds(kind);
    for (let i = 0; i < this.rows; i++) packBits(this.set, i, thresholds, bits, i * words);
    if (base === this) this.#bits.set(kind, bits);
    return bits;
  }

  #measureNorms(): Float64Array<ArrayBuffer> {
    const { vectors, dimension } = this.set;
    const norms = new Float64Array(this.rows);
    for (let i = 0; i < this.rows; i++) {
      let sum = 0;
      for (let at = i * dimension; at < (i + 1) * dimension; at++) sum += (vectors[at] ?? 0) ** 2;
      norms[i] = sum;
    }
    return norms;
  }
}

/** The columns are the base: Hamming's thresholds come from them. */
export async function makeMeasure(
  metric: MetricId,
  rows: KnownSet,
  columns: KnownSet,
  threshold: BitThreshold = 'median',
): Promise<Measure> {
  const { dimension } = columns.set;
  const [a, b] = [rows.set.vectors, columns.set.vectors];
  switch (metric) {
    case 'manhattan':
      return sumMeasure(absoluteSums, a, b, dimension, rows.rows, columns.rows);
    case 'dot':
      return sumMeasure(dotSums, a, b, dimension, rows.rows, columns.rows);
    case 'hamming': {
      const y = await columns.bits(threshold, columns);
      const x = rows === columns ? y : await rows.bits(threshold, columns);
      return sumMeasure(differingBits, x, y, wordsOf(dimension), rows.rows, columns.rows);
    }
    case 'euclidean':
      return sumMeasure(dotSums, a, b, dimension, rows.rows, columns.rows, euclideanFinish(rows, columns));
    case 'cosine':
      return sumMeasure(dotSums, a, b, dimension, rows.rows, columns.rows, cosineFinish(rows, columns));
  }
}

type Finish = (sum: number, row: number, column: number) => number;

function sumMeasure<T>(
  pairSum: PairSum<T>,
  rows: T,
  columns: T,
  length: number,
  rowCount: number,
  columnCount: number,
  finish: Finish = (sum) => sum,
): Measure {
  const sums = new Float64Array(ROWS_AT_ONCE);
  return (first, out) => {
    const last = rowCount - 1;
    const at = (i: number) => Math.min(first + i, last) * length;
    const starts: RowStarts = [at(0), at(1), at(2), at(3)];
    const count = Math.min(ROWS_AT_ONCE, rowCount - first);
    for (let column = 0; column < columnCount; column++) {
      pairSum(rows, starts, columns, column * length, length, sums);
      for (let i = 0; i < count; i++) {
        out[i * columnCount + column] = finish(sums[i] ?? 0, first + i, column);
      }
    }
  };
}

// Where the difference of two sums has lost more than half of a float64's 16 digits, the slow form is used.
const NEAR = 1e-8;

function euclideanFinish(rows: KnownSet, columns: KnownSet): Finish {
  const { dimension } = columns.set;
  const [a, b] = [rows.set.vectors, columns.set.vectors];
  const [rowNorms, columnNorms] = [rows.squaredNorms, columns.squaredNorms];
  return (sum, row, column) => {
    const norms = (rowNorms[row] ?? 0) + (columnNorms[column] ?? 0);
    const squared = norms - 2 * sum;
    if (squared > NEAR * norms) return Math.sqrt(squared);
    return Math.sqrt(squaredDifference(a, row * dimension, 1, b, column * dimension, 1, dimension));
  };
}

function cosineFinish(rows: KnownSet, columns: KnownSet): Finish {
  const { dimension } = columns.set;
  const [a, b] = [rows.set.vectors, columns.set.vectors];
  const [rowNorms, columnNorms] = [rows.squaredNorms, columns.squaredNorms];
  return (sum, row, column) => {
    const rowNorm = Math.sqrt(rowNorms[row] ?? 0);
    const columnNorm = Math.sqrt(columnNorms[column] ?? 0);
    if (rowNorm * columnNorm === 0) return rows === columns && row === column ? 0 : 1;
    const distance = 1 - sum / (rowNorm * columnNorm);
    if (distance > NEAR) return Math.min(distance, 2);
    return squaredDifference(a, row * dimension, rowNorm, b, column * dimension, columnNorm, dimension) / 2;
  };
}

/** ‖x/p − y/q‖² */
function squaredDifference(
  a: Float32Array<ArrayBuffer>,
  rowAt: number,
  p: number,
  b: Float32Array<ArrayBuffer>,
  columnAt: number,
  q: number,
  dimension: number,
): number {
  let sum = 0;
  for (let j = 0; j < dimension; j++) sum += ((a[rowAt + j] ?? 0) / p - (b[columnAt + j] ?? 0) / q) ** 2;
  return sum;
}
