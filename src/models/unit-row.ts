/** A row of a matrix, as a copy of length 1. A row of zeros has no direction, and stays what it is. */
export function unitRow(rows: Float32Array, at: number, dimension: number): Float32Array<ArrayBuffer> {
  const row = Float32Array.from(rows.subarray(at * dimension, (at + 1) * dimension));
  const length = Math.hypot(...row);
  if (length > 0) for (let i = 0; i < dimension; i++) row[i] = (row[i] ?? 0) / length;
  return row;
}
