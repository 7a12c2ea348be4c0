export type Cell = string | number | undefined;

// Some thousand rows a piece, so that a large table is never one string.
const PIECE = 1 << 16;

/**
 * A table as RFC 4180 has it: commas, CRLF after each row, quotes where they are needed. Numbers have a point and no separators in
 * any language; what is not a number is an empty field.
 *
 * @yields pieces of the text, for a `Blob`
 */
export function* csvPieces(columns: readonly string[], rows: Iterable<readonly Cell[]>): Generator<string> {
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

function csvRow(cells: readonly Cell[]): string {
  const row = cells.map(field).join(',');
  // An empty line would be no row at all.
  return `${row === '' ? '""' : row}\r\n`;
}

function field(cell: Cell): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  if (cell === undefined) return '';
  return /[",\r\n\ufeff]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
