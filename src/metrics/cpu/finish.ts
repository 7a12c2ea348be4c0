import type { Block } from './blocks.ts';
import type { Pause } from './known-set.ts';
import type { Pair } from './measure.ts';
import type { Floats } from './rows.ts';
import type { BlockSums } from './sums.ts';

/** Turns the sums of a block into its distances, row-major. */
export type Finish = (sums: BlockSums, block: Block, out: Float32Array<ArrayBuffer>) => void;

// Where the difference of two sums has lost more than half of a float64's 16 digits, the slow form is used.
const NEAR = 1e-8;

/** The sums are the distances. */
export const plainFinish: Finish = ({ values, rowStep, columnStep }, { rows, columns }, out) => {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      out[r * columns + c] = values[r * rowStep + c * columnStep] ?? 0;
    }
  }
};

/** √(‖x‖² + ‖y‖² − 2x·y) */
export async function euclideanFinish(
  { rows, columns, list }: Pair,
  chosen: Floats,
  pause: Pause,
): Promise<Finish> {
  const { floats } = rows;
  const rowNorms = await rows.squaredNorms(pause);
  const columnNorms = pick(await columns.squaredNorms(pause), list);
  return ({ values, rowStep, columnStep }, block, out) => {
    for (let r = 0; r < block.rows; r++) {
      const row = block.firstRow + r;
      const rowNorm = rowNorms[row] ?? 0;
      for (let c = 0; c < block.columns; c++) {
        const column = block.firstColumn + c;
        const norms = rowNorm + (columnNorms[column] ?? 0);
        const squared = norms - 2 * (values[r * rowStep + c * columnStep] ?? 0);
        out[r * block.columns + c] = Math.sqrt(
          squared > NEAR * norms ? squared : squaredDifference(floats, row, 1, chosen, column, 1),
        );
      }
    }
  };
}

/** 1 − x·y/(‖x‖‖y‖), from 0 to 2 */
export async function cosineFinish(
  { rows, columns, list }: Pair,
  chosen: Floats,
  pause: Pause,
): Promise<Finish> {
  const { floats } = rows;
  const rowLengths = (await rows.squaredNorms(pause)).map(Math.sqrt);
  const columnLengths = pick((await columns.squaredNorms(pause)).map(Math.sqrt), list);
  const isSelf = (row: number, column: number) => rows === columns && row === (list?.[column] ?? column);
  return ({ values, rowStep, columnStep }, block, out) => {
    for (let r = 0; r < block.rows; r++) {
      const row = block.firstRow + r;
      const p = rowLengths[row] ?? 0;
      for (let c = 0; c < block.columns; c++) {
        const column = block.firstColumn + c;
        const q = columnLengths[column] ?? 0;
        const cosine = (values[r * rowStep + c * columnStep] ?? 0) / (p * q);
        let distance = Math.min(1 - cosine, 2);
        if (p * q === 0) distance = isSelf(row, column) ? 0 : 1;
        else if (distance <= NEAR) distance = squaredDifference(floats, row, p, chosen, column, q) / 2;
        out[r * block.columns + c] = distance;
      }
    }
  };
}

function pick(
  values: Float64Array<ArrayBuffer>,
  list: Uint32Array<ArrayBuffer> | undefined,
): Float64Array<ArrayBuffer> {
  return list ? Float64Array.from(list, (at) => values[at] ?? 0) : values;
}

/** ‖x/p − y/q‖² */
function squaredDifference(
  rows: Floats,
  row: number,
  p: number,
  columns: Floats,
  column: number,
  q: number,
): number {
  const { values: a, length } = rows;
  const { values: b } = columns;
  let sum = 0;
  for (let j = 0; j < length; j++) {
    sum += ((a[row * length + j] ?? 0) / p - (b[column * length + j] ?? 0) / q) ** 2;
  }
  return sum;
}
