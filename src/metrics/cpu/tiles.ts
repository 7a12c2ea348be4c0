// The inner loops: four rows against two columns, so that six numbers that are read serve eight pairs; more sums than
// these do not fit the registers of a processor. Each pair is summed from its first dimension to its last, in float64,
// whatever stands beside it: the same pair gives the same bits in every job.

import type { Rows } from './rows.ts';

/**
 * Eight pair sums, of the rows from `row` with the columns from `column`, written to `out` at `at`, and `stride` further
 * for each next row. Beyond the last row or column the last one is taken again.
 */
export type Tile<T> = (
  rows: Rows<T>,
  row: number,
  columns: Rows<T>,
  column: number,
  out: Float64Array<ArrayBuffer>,
  at: number,
  stride: number,
) => void;

export const TILE_ROWS = 4;
export const TILE_COLUMNS = 2;

/** Dot products. */
export const dotTile: Tile<Float32Array<ArrayBuffer>> = (rows, row, columns, column, out, at, stride) => {
  const { values: a, length } = rows;
  const { values: b } = columns;
  const r0 = startOf(rows, row);
  const r1 = startOf(rows, row + 1);
  const r2 = startOf(rows, row + 2);
  const r3 = startOf(rows, row + 3);
  const c0 = startOf(columns, column);
  const c1 = startOf(columns, column + 1);
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let j = 0; j < length; j++) {
    const y0 = b[c0 + j] ?? 0;
    const y1 = b[c1 + j] ?? 0;
    const x0 = a[r0 + j] ?? 0;
    s00 += x0 * y0;
    s01 += x0 * y1;
    const x1 = a[r1 + j] ?? 0;
    s10 += x1 * y0;
    s11 += x1 * y1;
    const x2 = a[r2 + j] ?? 0;
    s20 += x2 * y0;
    s21 += x2 * y1;
    const x3 = a[r3 + j] ?? 0;
    s30 += x3 * y0;
    s31 += x3 * y1;
  }
  out[at] = s00;
  out[at + 1] = s01;
  out[at + stride] = s10;
  out[at + stride + 1] = s11;
  out[at + 2 * stride] = s20;
  out[at + 2 * stride + 1] = s21;
  out[at + 3 * stride] = s30;
  out[at + 3 * stride + 1] = s31;
};

/** Sums of absolute differences. */
export const absoluteTile: Tile<Float32Array<ArrayBuffer>> = (
  rows,
  row,
  columns,
  column,
  out,
  at,
  stride,
) => {
  const { values: a, length } = rows;
  const { values: b } = columns;
  const r0 = startOf(rows, row);
  const r1 = startOf(rows, row + 1);
  const r2 = startOf(rows, row + 2);
  const r3 = startOf(rows, row + 3);
  const c0 = startOf(columns, column);
  const c1 = startOf(columns, column + 1);
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let j = 0; j < length; j++) {
    const y0 = b[c0 + j] ?? 0;
    const y1 = b[c1 + j] ?? 0;
    const x0 = a[r0 + j] ?? 0;
    s00 += Math.abs(x0 - y0);
    s01 += Math.abs(x0 - y1);
    const x1 = a[r1 + j] ?? 0;
    s10 += Math.abs(x1 - y0);
    s11 += Math.abs(x1 - y1);
    const x2 = a[r2 + j] ?? 0;
    s20 += Math.abs(x2 - y0);
    s21 += Math.abs(x2 - y1);
    const x3 = a[r3 + j] ?? 0;
    s30 += Math.abs(x3 - y0);
    s31 += Math.abs(x3 - y1);
  }
  out[at] = s00;
  out[at + 1] = s01;
  out[at + stride] = s10;
  out[at + stride + 1] = s11;
  out[at + 2 * stride] = s20;
  out[at + 2 * stride + 1] = s21;
  out[at + 3 * stride] = s30;
  out[at + 3 * stride + 1] = s31;
};

/** All bits of a packed symbol but its top one. */
export const LOW_BITS = { 1: 0, 8: 0x7f7f7f7f, 16: 0x7fff7fff, 32: 0x7fffffff } as const;

/**
 * Counts of differing symbols that are packed in 32-bit words. One column after the other, for V8 inlines the counting
 * four times and not eight.
 *
 * @param low one of `LOW_BITS`
 */
export const makeSymbolsTile =
  (low: number): Tile<Uint32Array<ArrayBuffer>> =>
  (rows, row, columns, column, out, at, stride) => {
    const { values: a, length } = rows;
    const { values: b } = columns;
    const r0 = startOf(rows, row);
    const r1 = startOf(rows, row + 1);
    const r2 = startOf(rows, row + 2);
    const r3 = startOf(rows, row + 3);
    for (let k = 0; k < TILE_COLUMNS; k++) {
      const c = startOf(columns, column + k);
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let j = 0; j < length; j++) {
        const y = b[c + j] ?? 0;
        s0 += countSymbols((a[r0 + j] ?? 0) ^ y, low);
        s1 += countSymbols((a[r1 + j] ?? 0) ^ y, low);
        s2 += countSymbols((a[r2 + j] ?? 0) ^ y, low);
        s3 += countSymbols((a[r3 + j] ?? 0) ^ y, low);
      }
      out[at + k] = s0;
      out[at + k + stride] = s1;
      out[at + k + 2 * stride] = s2;
      out[at + k + 3 * stride] = s3;
    }
  };

/** The same of symbols that take two words each. They are rare, so this one is only short. */
export const wideSymbolsTile: Tile<Uint32Array<ArrayBuffer>> = (
  rows,
  row,
  columns,
  column,
  out,
  at,
  stride,
) => {
  const { values: a, length } = rows;
  const { values: b } = columns;
  for (let i = 0; i < TILE_ROWS; i++) {
    const r = startOf(rows, row + i);
    for (let k = 0; k < TILE_COLUMNS; k++) {
      const c = startOf(columns, column + k);
      let sum = 0;
      for (let j = 0; j < length; j += 2) {
        if (a[r + j] !== b[c + j] || a[r + j + 1] !== b[c + j + 1]) sum++;
      }
      out[at + i * stride + k] = sum;
    }
  }
};

function startOf({ length, count }: Rows<unknown>, row: number): number {
  return Math.min(row, count - 1) * length;
}

/**
 * Symbols of which any bit is set: those below its top bit carry into that, unless they are all 0. Then ones are counted
 * as sums of 2, 4 and 8 bits side by side, and all by one multiplication (Warren, Hacker's Delight, §5-1).
 */
function countSymbols(word: number, low: number): number {
  let bits = (((word & low) + low) | word) & ~low;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
