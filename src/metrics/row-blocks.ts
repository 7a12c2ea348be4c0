import type { Block, Pairing } from './distances.ts';

/** Which rows, and how much of them at once. */
interface RowSpan {
  readonly firstRow: number;
  readonly rows: number;
  /** Rows of a block, at most. */
  readonly mostRows: number;
  /** Pairs that the next block may hold: asked before each, as the pace changes. */
  mostPairs(): number;
}

// A dispatch has at most 65,535 workgroups along a side, and the smallest tiles are 16 rows or columns wide.
const LONGEST_SIDE = 2 ** 19;

/**
 * Blocks that measure some rows against all columns. Blocks of the same rows follow each other, their columns rising
 * without a gap, from column 0 to the last.
 */
export function* blocksOfRows({ rows, columns }: Pairing, span: RowSpan): Generator<Block> {
  const lastRow = span.firstRow + span.rows;
  for (const rowChunk of rows.chunks) {
    const stop = Math.min(rowChunk.rows, lastRow - rowChunk.first);
    let blockRows = 0;
    for (let firstRow = Math.max(0, span.firstRow - rowChunk.first); firstRow < stop; firstRow += blockRows) {
      const pairs = span.mostPairs();
      const most = Math.min(span.mostRows, LONGEST_SIDE, Math.max(Math.sqrt(pairs), pairs / columns.rows));
      blockRows = Math.min(stop - firstRow, Math.max(1, Math.floor(most)));
      for (const columnChunk of columns.chunks) {
        let blockColumns = 0;
        for (let firstColumn = 0; firstColumn < columnChunk.rows; firstColumn += blockColumns) {
          const room = Math.min(LONGEST_SIDE, Math.floor(span.mostPairs() / blockRows));
          blockColumns = Math.min(columnChunk.rows - firstColumn, Math.max(1, room));
          yield { rowChunk, columnChunk, firstRow, rows: blockRows, firstColumn, columns: blockColumns };
        }
      }
    }
  }
}
