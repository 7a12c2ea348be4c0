// The inner loops: four rows against one column, so that a column is read once for four. Sums are in float64.

export type Sums = Float64Array<ArrayBuffer>;

/** Where four rows begin in their array; the last ones may be the same row again. */
export type RowStarts = readonly [number, number, number, number];

/** Adds nothing to the values: any pair sum over one lane of columns. */
export type PairSum<T> = (
  rows: T,
  starts: RowStarts,
  columns: T,
  start: number,
  length: number,
  out: Sums,
) => void;

/** Four dot products. */
export const dotSums: PairSum<Float32Array<ArrayBuffer>> = (rows, starts, columns, start, length, out) => {
  const [r0, r1, r2, r3] = starts;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let j = 0; j < length; j++) {
    const y = columns[start + j] ?? 0;
    s0 += (rows[r0 + j] ?? 0) * y;
    s1 += (rows[r1 + j] ?? 0) * y;
    s2 += (rows[r2 + j] ?? 0) * y;
    s3 += (rows[r3 + j] ?? 0) * y;
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
};

/** Four sums of absolute differences. */
export const absoluteSums: PairSum<Float32Array<ArrayBuffer>> = (
  rows,
  starts,
  columns,
  start,
  length,
  out,
) => {
  const [r0, r1, r2, r3] = starts;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let j = 0; j < length; j++) {
    const y = columns[start + j] ?? 0;
    s0 += Math.abs((rows[r0 + j] ?? 0) - y);
    s1 += Math.abs((rows[r1 + j] ?? 0) - y);
    s2 += Math.abs((rows[r2 + j] ?? 0) - y);
    s3 += Math.abs((rows[r3 + j] ?? 0) - y);
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
};

/** Four counts of differing bits; `length` in 32-bit words. */
export const differingBits: PairSum<Uint32Array<ArrayBuffer>> = (
  rows,
  starts,
  columns,
  start,
  length,
  out,
) => {
  const [r0, r1, r2, r3] = starts;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let j = 0; j < length; j++) {
    const y = columns[start + j] ?? 0;
    s0 += countOneBits((rows[r0 + j] ?? 0) ^ y);
    s1 += countOneBits((rows[r1 + j] ?? 0) ^ y);
    s2 += countOneBits((rows[r2 + j] ?? 0) ^ y);
    s3 += countOneBits((rows[r3 + j] ?? 0) ^ y);
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
};

/** Warren, Hacker's Delight, §5-1: sums of 2, 4 and 8 bits side by side, then all by one multiplication. */
function countOneBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
