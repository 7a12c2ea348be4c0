import type { Rows } from '../training/learner.ts';
import { checkPairs, checkRows } from './rows.ts';
import { scalesOf, standardizeRows } from './standardize.ts';

/** Pearson correlations of every dimension of one set of rows with every dimension of another. */
export interface CrossCorrelation {
  /** rows × columns, row-major, in −1..1; 0 where a dimension is constant. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly columns: number;
  /** Items. */
  readonly n: number;
  /** Mean size of a correlation of unrelated dimensions: √(2 / (π n)). */
  readonly chance: number;
}

/**
 * Cross-correlation matrix, as Barlow Twins (Zbontar et al. 2021, equation 2) and DeCUR (Wang et al. 2023, section 3) shape it: C = ẑ₁ᵀ ẑ₂ / n, each
 * dimension standardized over the items. The losses add 10⁻⁵ to each variance; this does not, so that it shows what a small dimension does, too.
 *
 * @param first n × d₁
 * @param second n × d₂, the same items in the same order
 * @throws {UnfitRows} when rows are not finite, or fewer than two
 */
export function crossCorrelation(first: Rows, second: Rows): CrossCorrelation {
  checkRows(first, 'The first embeddings', 2);
  checkRows(second, 'The second embeddings', 2);
  checkPairs(first, second);
  const a = standardizeRows(first, scalesOf(first));
  const b = standardizeRows(second, scalesOf(second));
  const { count: n, width: rows } = first;
  const { width: columns } = second;
  const sums = new Float64Array(rows * columns);
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < rows; r++) {
      const factor = (a[i * rows + r] ?? 0) / n;
      const start = r * columns;
      for (let c = 0; c < columns; c++) {
        sums[start + c] = (sums[start + c] ?? 0) + factor * (b[i * columns + c] ?? 0);
      }
    }
  }
  return { values: Float32Array.from(sums), rows, columns, n, chance: Math.sqrt(2 / (Math.PI * n)) };
}

/** A block on the diagonal of a square cross-correlation matrix. */
export interface Block {
  readonly dimensions: number;
  /** Mean correlation of a dimension with the same one of the other set. */
  readonly diagonal: number;
  /** Mean size of the correlations of different dimensions; 0 where there is only one. */
  readonly offDiagonal: number;
}

export interface Blocks {
  /** Of the first dimensions; undefined where there are none. */
  readonly common: Block | undefined;
  /** Of all others. */
  readonly unique: Block | undefined;
  /** Mean size of the correlations of a common with a unique dimension, which DeCUR leaves alone. */
  readonly between: number | undefined;
}

/**
 * What the blocks of common and of unique dimensions come to: DeCUR wants a common diagonal of 1 and a unique one of 0, and 0 beside both.
 *
 * @param common how many dimensions are, the first ones; all of them for Barlow Twins
 * @throws {RangeError} when the matrix is not square, or has no such number of dimensions
 */
export function blocksOf({ values, rows, columns }: CrossCorrelation, common: number): Blocks {
  if (rows !== columns) {
    throw new RangeError(`A matrix of ${rows} × ${columns} has no diagonal. Give both sets one width.`);
  }
  if (!Number.isInteger(common) || common < 0 || common > rows) {
    throw new RangeError(`${common} of ${rows} dimensions cannot be common.`);
  }
  let between = 0;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < rows; c++) {
      if (r < common !== c < common) between += Math.abs(values[r * rows + c] ?? 0);
    }
  }
  const pairs = 2 * common * (rows - common);
  return {
    common: blockOf(values, rows, 0, common),
    unique: blockOf(values, rows, common, rows),
    between: pairs > 0 ? between / pairs : undefined,
  };
}

function blockOf(values: Float32Array, width: number, from: number, to: number): Block | undefined {
  const dimensions = to - from;
  if (dimensions === 0) return undefined;
  let diagonal = 0;
  let beside = 0;
  for (let r = from; r < to; r++) {
    diagonal += values[r * width + r] ?? 0;
    for (let c = from; c < to; c++) if (c !== r) beside += Math.abs(values[r * width + c] ?? 0);
  }
  return {
    dimensions,
    diagonal: diagonal / dimensions,
    offDiagonal: dimensions > 1 ? beside / (dimensions * (dimensions - 1)) : 0,
  };
}
