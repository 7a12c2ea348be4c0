import { symmetricSpectrum } from '../../projection/symmetric-spectrum.ts';
import type { Rows } from '../training/learner.ts';
import { gramOfColumns, gramOfRows } from './gram.ts';
import { checkRows, meanRow } from './rows.ts';

/**
 * Effective rank (Roy and Vetterli 2007): how many directions are in use, counted by how evenly. With singular values σ of the n × d matrix
 *
 *     erank = exp( − Σ pᵢ ln pᵢ ),   pᵢ = σᵢ / Σ σ
 *
 * from 1, where one direction has all, to min(n, d), where all have the same; 0 for a matrix of zeros.
 *
 * @param singularValues as `singularValuesOf` gives them
 */
export function effectiveRank(singularValues: Float64Array): number {
  const sum = singularValues.reduce((all, value) => all + value, 0);
  if (sum === 0) return 0;
  let entropy = 0;
  for (const value of singularValues) {
    const share = value / sum;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/**
 * All min(n, d) singular values, largest first, from the spectrum of the smaller of XᵀX and XXᵀ. What lies below 10⁻⁷ of the length of the whole matrix is
 * the rounding of 32-bit floats, and is 0.
 *
 * @param isCentered takes each column's mean off first, so that only differences between the items count
 * @throws {UnfitRows} when rows are not finite
 */
export function singularValuesOf(rows: Rows, isCentered = false): Float64Array<ArrayBuffer> {
  checkRows(rows, 'Embeddings');
  const { values, count: n, width: d } = rows;
  const mean = isCentered ? meanRow(values, d) : new Float64Array(d);
  const x = Float64Array.from(values, (value, at) => value - (mean[at % d] ?? 0));
  const gram = d <= n ? gramOfColumns(x, n, d) : gramOfRows(x, n, d);
  const { values: squares } = symmetricSpectrum(gram, Math.min(n, d), 0);
  const floor = ROUNDING ** 2 * values.reduce((sum, value) => sum + value * value, 0);
  return squares.map((square) => (square > floor ? Math.sqrt(square) : 0));
}

const ROUNDING = 1e-7;
