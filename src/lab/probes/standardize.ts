import type { Rows } from '../training/learner.ts';
import { meanRow } from './rows.ts';

// What is left of a constant column of 32-bit floats that were computed one by one.
const ROUNDING = 1e-6;

export interface Scales {
  readonly mean: Float64Array;
  /** Of every column: root of the mean square, not of an estimate. */
  readonly deviation: Float64Array;
}

export function scalesOf({ values, width }: Rows): Scales {
  const mean = meanRow(values, width);
  const deviation = new Float64Array(width);
  for (let start = 0; start < values.length; start += width) {
    for (let c = 0; c < width; c++) {
      deviation[c] = (deviation[c] ?? 0) + ((values[start + c] ?? 0) - (mean[c] ?? 0)) ** 2;
    }
  }
  return { mean, deviation: deviation.map((sum) => Math.sqrt((sum * width) / values.length)) };
}

/** Each column at mean 0 and deviation 1 under the scales; a column that is constant up to the rounding of 32 bits is 0. */
export function standardizeRows(
  { values, width }: Rows,
  { mean, deviation }: Scales,
): Float64Array<ArrayBuffer> {
  const factors = deviation.map((of, c) => (of > ROUNDING * Math.abs(mean[c] ?? 0) ? 1 / of : 0));
  const standard = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    for (let c = 0; c < width; c++) {
      standard[start + c] = ((values[start + c] ?? 0) - (mean[c] ?? 0)) * (factors[c] ?? 0);
    }
  }
  return standard;
}
