export type Cell = string | number | undefined;

// Some thousand rows a piece, so that a large table is never one string.
const PIECE = 1 << 16;

/**
 * A table as RFC 4180 has it: commas, CRLF after each row, quotes where they are needed. Numbers have a point and no separators in
 * any language; what is not a number is an empty field.
 *
 * @param isGuarded whether a text that a spreadsheet would take for a formula stands behind an apostrophe, as OWASP advises on CSV
 *   injection; numbers stay as they are
 * @yields pieces of the text, for a `Blob`
 */
export function* csvPieces(
  columns: readonly string[],
  rows: Iterable<readonly Cell[]>,
  isGuarded = false,
): Generator<string> {
  const csvRow = (cells: readonly Cell[]) => rowOf(isGuarded ? cells.map(guarded) : cells);
  let piece = csvRow(columns);
  for (const row of rows) {
    piece += csvRow(row);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** What Excel wants before UTF-8, and most others do without. */
export const BYTE_ORDER_MARK = '\ufeff';

/** The shortest decimal that is read back as the same 32-bit float: 0.1, and not 0.10000000149011612. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value)) return '';
  // Nine digits always are enough.
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function rowOf(cells: readonly Cell[]): string {
  const row = cells.map(field).join(',');
  // An empty line would be no row at all.
  return `${row === '' ? '""' : row}\r\n`;
}

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

function guarded(cell: Cell): Cell {
  if (typeof cell !== 'string' || !/^\s*[=+\-@]|^[\t\r]/.test(cell) || NUMBER.test(cell)) return cell;
  return `'${cell}`;
}

function field(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  if (cell === undefined) return '';
  return /[",\r\n\ufeff]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
