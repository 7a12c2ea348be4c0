import type { Block } from './blocks.ts';
import type { Rows } from './rows.ts';
import { TILE_COLUMNS, TILE_ROWS, type Tile } from './tiles.ts';

/** The sums of a block of pairs: that of row r and column c is at r × `rowStep` + c × `columnStep`. */
export interface BlockSums {
  readonly values: Float64Array<ArrayBuffer>;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** @returns a function that sums a block into an array of its own, which the next block overwrites */
export function makeBlockSums<T>(
  tile: Tile<T>,
  rows: Rows<T>,
  columns: Rows<T>,
): (block: Block) => BlockSums {
  let values = new Float64Array(0);
  return (block) => {
    // A single query is the common case of a search: it goes to the short side of the tile, the columns to the long one.
    const isTurned = block.rows <= TILE_COLUMNS;
    const long = isTurned
      ? { rows: columns, first: block.firstColumn, count: block.columns }
      : { rows, first: block.firstRow, count: block.rows };
    const short = isTurned
      ? { rows, first: block.firstRow, count: block.rows }
      : { rows: columns, first: block.firstColumn, count: block.columns };
    const stride = Math.ceil(short.count / TILE_COLUMNS) * TILE_COLUMNS;
    const size = Math.ceil(long.count / TILE_ROWS) * TILE_ROWS * stride;
    if (values.length < size) values = new Float64Array(size);
    for (let i = 0; i < long.count; i += TILE_ROWS) {
      for (let j = 0; j < short.count; j += TILE_COLUMNS) {
        tile(long.rows, long.first + i, short.rows, short.first + j, values, i * stride + j, stride);
      }
    }
    return isTurned ? { values, rowStep: 1, columnStep: stride } : { values, rowStep: stride, columnStep: 1 };
  };
}
