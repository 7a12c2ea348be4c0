import type { GpuMatrix, MatrixChunk } from '../gpu/matrix.ts';
import type { Tile } from './tile.ts';

/** Some rows of one chunk. */
export interface Piece {
  readonly chunk: MatrixChunk;
  /** Within the chunk. */
  readonly start: number;
  readonly rows: number;
}

/** How a search is cut: every pair of a row piece and a column piece is looked at by itself. */
export interface Plan {
  readonly isBothWays: boolean;
  readonly rowPieces: readonly Piece[];
  /** The same array where the search goes both ways. */
  readonly columnPieces: readonly Piece[];
  /** Lists of a query: its base is cut among so many invocations. */
  readonly parts: number;
  /** Numbers that the bounds of one pair of pieces take, one way. */
  readonly bounds: number;
}

export interface PlanQuestion {
  readonly rows: GpuMatrix;
  readonly columns: GpuMatrix;
  readonly isSameSet: boolean;
  readonly k: number;
  readonly tile: Tile;
  /** Bounds held at once, at most. */
  readonly maxBounds: number;
  /** Invocations that keep the device busy. */
  readonly invocations: number;
}

const ALIGNMENT = 32;
const MOST_PARTS = 256;
const LIST_BYTES = 64 * 2 ** 20;
// Both ways, the lists of all queries are held at once.
const ALL_LIST_BYTES = 256 * 2 ** 20;

export function planSearch(question: PlanQuestion): Plan {
  const { rows, columns, isSameSet, k, tile, maxBounds, invocations } = question;
  const group = columnsInGroup(tile);
  const mostQueries = Math.max(ALIGNMENT, alignDown(LIST_BYTES / (8 * k)));
  // Two ways, each a bound a group.
  const square = Math.max(ALIGNMENT, alignDown(Math.sqrt((maxBounds * group) / 2)));
  if (isSameSet && isSquare(tile) && rows.rows * 2 > invocations && rows.rows * k * 8 <= ALL_LIST_BYTES) {
    const pieces = cut(columns, Math.min(square, mostQueries));
    return {
      isBothWays: true,
      rowPieces: pieces,
      columnPieces: pieces,
      parts: 1,
      bounds: boundsOf(pieces, pieces, tile),
    };
  }
  const rowPieces = cut(rows, Math.min(square, mostQueries));
  const tallest = mostRows(rowPieces);
  const columnPieces = cut(columns, Math.max(ALIGNMENT, alignDown((maxBounds * group) / tallest)));
  // Each part measures at least k groups again, which should be few of its own.
  const useful = Math.floor(mostRows(columnPieces) / (group * 8 * k));
  const parts = Math.max(1, Math.min(MOST_PARTS, Math.floor(invocations / tallest), useful));
  return {
    isBothWays: false,
    rowPieces,
    columnPieces,
    parts,
    bounds: boundsOf(rowPieces, columnPieces, tile),
  };
}

/**
 * Numbers between the bounds of one group and those of the next, for so many queries. An odd number of cache lines: by a
 * power of two, all that one query reads would fall on the same few lines of a cache.
 */
export function strideOf(queries: number): number {
  const line = 16;
  return queries < 4 * line ? queries : (Math.ceil(queries / line) | 1) * line;
}

/** Groups that a tile makes of so many columns; those past the end are empty. */
export function columnGroups(columns: number, { groupColumns, constants }: Tile): number {
  return Math.ceil(columns / groupColumns) * (constants.GROUP_COLUMNS ?? 1);
}

/** The same of rows, where they are the base. */
export function rowGroups(rows: number, { groupRows, constants }: Tile): number {
  return Math.ceil(rows / groupRows) * (constants.GROUP_ROWS ?? 1);
}

function columnsInGroup({ groupColumns, constants }: Tile): number {
  return groupColumns / (constants.GROUP_COLUMNS ?? 1);
}

/** Whether groups of rows are made like groups of columns. */
export function isSquare({ constants }: Tile): boolean {
  const { TILE_ROWS, TILE_COLUMNS, GROUP_ROWS, GROUP_COLUMNS, ROW_STEP, COLUMN_STEP } = constants;
  const isContiguous = ROW_STEP === 1 && COLUMN_STEP === 1;
  return TILE_ROWS === TILE_COLUMNS && (isContiguous || GROUP_ROWS === GROUP_COLUMNS);
}

function boundsOf(rowPieces: readonly Piece[], columnPieces: readonly Piece[], tile: Tile): number {
  const groups = Math.max(
    columnGroups(mostRows(columnPieces), tile),
    rowGroups(mostRows(columnPieces), tile),
  );
  return strideOf(mostRows(rowPieces)) * groups;
}

function mostRows(pieces: readonly Piece[]): number {
  return Math.max(...pieces.map(({ rows }) => rows));
}

/** Pieces of about the same size. */
function cut({ chunks }: GpuMatrix, most: number): Piece[] {
  return chunks.flatMap((chunk) => {
    const count = Math.ceil(chunk.rows / most);
    const height = Math.ceil(chunk.rows / count / ALIGNMENT) * ALIGNMENT;
    return Array.from({ length: Math.ceil(chunk.rows / height) }, (_, i) => ({
      chunk,
      start: i * height,
      rows: Math.min(height, chunk.rows - i * height),
    }));
  });
}

function alignDown(rows: number): number {
  return Math.floor(rows / ALIGNMENT) * ALIGNMENT;
}
