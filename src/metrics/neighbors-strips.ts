import type { Tile } from './tile.ts';

/** What one submit measures of a pair of pieces. */
interface Strip {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
  /** That are measured: all, or on a diagonal those above it. */
  readonly pairs: number;
}

// Along one side of a dispatch, on any device.
const MOST_WORKGROUPS = 65_535;

/**
 * Cuts a pair of pieces so that each strip has about the pairs that one submit may hold.
 *
 * @param isDiagonal where rows and columns are the same piece: only pairs above the diagonal are wanted
 * @param room pairs that the next submit may hold
 */
export function* stripsOf(
  rows: number,
  columns: number,
  { groupRows, groupColumns }: Tile,
  isDiagonal: boolean,
  room: () => number,
): Generator<Strip> {
  // Strips begin where the rectangles of workgroups do, on a diagonal those of both directions.
  const rowStep = isDiagonal ? Math.max(groupRows, groupColumns) : groupRows;
  let height = 0;
  for (let firstRow = 0; firstRow < rows; firstRow += height) {
    const start = isDiagonal ? firstRow : 0;
    height = Math.min(rows - firstRow, alignUp(room() / (columns - start), rowStep));
    let width = 0;
    for (let firstColumn = start; firstColumn < columns; firstColumn += width) {
      const most = MOST_WORKGROUPS * groupColumns;
      width = Math.min(columns - firstColumn, most, alignUp(room() / height, groupColumns));
      const below = isDiagonal && firstColumn === start ? (Math.min(width, height) * height) / 2 : 0;
      yield { firstRow, rows: height, firstColumn, columns: width, pairs: height * width - below };
    }
  }
}

function alignUp(count: number, step: number): number {
  return Math.max(1, Math.ceil(count / step)) * step;
}
