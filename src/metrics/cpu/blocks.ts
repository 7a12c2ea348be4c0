import type { Pause } from './known-set.ts';
import type { Measure } from './measure.ts';

/** A rectangle of pairs. */
export interface Block {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
}

/** What a job calls between pieces of work: it hands the thread over now and then, tells progress, and throws on cancel. */
export type Turn = (done: number, total: number) => Promise<void> | undefined;

// Some milliseconds of work, so that a cancel is heard in time on a slow machine too.
const ELEMENTS_AT_ONCE = 2 ** 22;
// 64 KiB of distances: a block is still in the cache when it is looked at.
const MOST_ROWS = 32;
const MOST_COLUMNS = 512;
// Rows longer than this make the block's other side shorter than a tile.
const FEWEST_ROWS = 4;
const FEWEST_COLUMNS = 8;

export interface Walk {
  /** Only for a set in itself: of two mirrored pairs outside the squares on the diagonal, one is measured. */
  readonly isHalf?: boolean;
  /** Which rows; all unless told. */
  readonly firstRow?: number;
  readonly rows?: number;
}

/**
 * Measures block by block. The columns of a row come in their order, and so do the rows of a column.
 *
 * @param see gets the values of each block, rows × columns, row-major; the next block overwrites them
 */
export async function walkBlocks<T>(
  measure: Measure<T>,
  { isHalf = false, firstRow: from = 0, rows: count = measure.rows - from }: Walk,
  turn: Turn,
  see: (block: Block, values: T) => void,
): Promise<void> {
  const pairs = ELEMENTS_AT_ONCE / measure.length;
  const mostRows = pairs < MOST_ROWS * FEWEST_COLUMNS ? FEWEST_ROWS : MOST_ROWS;
  const mostColumns = Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, Math.floor(pairs / mostRows)));
  const end = from + count;
  let done = 0;
  for (let firstRow = from; firstRow < end; firstRow += mostRows) {
    const rows = Math.min(mostRows, end - firstRow);
    const start = isHalf ? firstRow : 0;
    for (let firstColumn = start; firstColumn < measure.columns; firstColumn += mostColumns) {
      const columns = Math.min(mostColumns, measure.columns - firstColumn);
      const block = { firstRow, rows, firstColumn, columns };
      see(block, measure.measure(block));
      done += rows * (columns + (isHalf ? columns - firstMirrored(block) : 0));
      await turn(done, count * measure.columns);
    }
  }
}

/** The first column of a block, counted in it, that lies beyond the square on the diagonal: from there on pairs stand for two. */
export function firstMirrored({ firstRow, rows, firstColumn, columns }: Block): number {
  return Math.min(columns, Math.max(0, firstRow + rows - firstColumn));
}

/** For the work before and after all pairs. */
export function pauseIn(turn: Turn, done: number, total: number): Pause {
  return () => turn(done, total);
}

/** For a job that goes over its pairs several times. */
export function turnOfPass(turn: Turn, pass: number, passes: number): Turn {
  return (done, total) => turn(pass * total + done, passes * total);
}
