/** A square matrix of correlations or cosines, put into numbers that a person reads. */

export interface SquareMatrix {
  /** Rows, and columns. */
  readonly size: number;
  /** size × size, row-major, from −1 to 1. */
  readonly values: Float32Array | Float64Array;
}

export interface MatrixNumbers {
  /** Mean of the diagonal. */
  readonly diagonal: number;
  /** Mean of what is beside it, and its mean size without the sign; NaN where nothing is. */
  readonly beside: number;
  readonly besideSize: number;
}

/** Of the square block whose rows and columns are in from … to − 1. */
export function numbersOf({ size, values }: SquareMatrix, from = 0, to = size): MatrixNumbers {
  let diagonal = 0;
  let beside = 0;
  let besideSize = 0;
  for (let row = from; row < to; row++) {
    for (let column = from; column < to; column++) {
      const value = values[row * size + column] ?? Number.NaN;
      if (row === column) diagonal += value;
      else {
        beside += value;
        besideSize += Math.abs(value);
      }
    }
  }
  const n = to - from;
  const others = n * (n - 1);
  return { diagonal: diagonal / n, beside: beside / others, besideSize: besideSize / others };
}

/** Share of the rows whose own column is their largest; a tie counts by lot. */
export function ownIsLargest({ size, values }: SquareMatrix): number {
  let found = 0;
  for (let row = 0; row < size; row++) {
    const own = values[row * size + row] ?? Number.NaN;
    let larger = 0;
    let equal = 0;
    for (let column = 0; column < size; column++) {
      const value = values[row * size + column] ?? Number.NaN;
      if (value > own) larger++;
      else if (value === own) equal++;
    }
    if (larger === 0 && equal > 0) found += 1 / equal;
  }
  return found / size;
}

/** What the colors of a picture stand for: the middle one, and how far the outer ones are from it. */
export interface ColorRange {
  readonly middle: number;
  readonly reach: number;
}

/** From −1 to 1, or as narrow as the values are about the mean of what is beside the diagonal. */
export function colorRangeOf(matrix: SquareMatrix, isStretched: boolean): ColorRange {
  const middle = isStretched ? numbersOf(matrix).beside : 0;
  if (!isStretched || !Number.isFinite(middle)) return { middle: 0, reach: 1 };
  let reach = 0;
  for (const value of matrix.values) reach = Math.max(reach, Math.abs(value - middle) || 0);
  // Where all values are one, each color would stand for it.
  return reach > 1e-6 ? { middle, reach } : { middle: 0, reach: 1 };
}

/** The cell that a key leads to; the same cell where it leads nowhere, undefined where reading ends. */
export function movedCell(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  cell: Cell | undefined,
  size: number,
): Cell | undefined | 'other' {
  const stride = shiftKey ? 8 : 1;
  const within = (place: number) => Math.min(size - 1, Math.max(0, place));
  if (key === 'Escape') return undefined;
  const moves = MOVES[key];
  if (!moves) return 'other';
  if (!cell) return { row: 0, column: 0 };
  const [down, right] = moves;
  return { row: within(cell.row + down * stride), column: within(cell.column + right * stride) };
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

// A way that ends at the edge whatever the size.
const FAR = 1e6;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -FAR],
  End: [0, FAR],
  PageUp: [-FAR, 0],
  PageDown: [FAR, 0],
};
