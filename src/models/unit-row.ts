import { NotFinite } from './errors.ts';

/**
 * A row of a matrix, as a copy of length 1. A row of zeros has no direction, and stays what it is.
 *
 * @param model whose row it is, for messages
 * @throws {NotFinite} when something in the row is no number
 */
export function unitRow(
  rows: Float32Array,
  at: number,
  dimension: number,
  model: string,
): Float32Array<ArrayBuffer> {
  const row = Float32Array.from(rows.subarray(at * dimension, (at + 1) * dimension));
  const length = Math.hypot(...row);
  if (!Number.isFinite(length)) throw new NotFinite(model);
  if (length > 0) for (let i = 0; i < dimension; i++) row[i] = (row[i] ?? 0) / length;
  return row;
}
