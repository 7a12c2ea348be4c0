import { type Figure, ticksOf } from './figure.ts';
import { escapeMarkup, shorten } from './markup.ts';
import type { Paint } from './svg.ts';
import { gradientBar, svgNumber as number, svgText } from './svg-parts.ts';

/** A distance matrix and what stands beside it. Places are positions in the order, from 0. */
export interface MatrixDrawing {
  readonly title: string;
  /** What is shown, in which order, of how many. */
  readonly subtitle: string;
  readonly count: number;
  /** Its cells as a data URL, a pixel a cell or a block; where it is painted by somebody else, undefined. */
  readonly raster: string | undefined;
  /** Of each place. */
  readonly names: readonly string[];
  /** Colors from the near end to the far one, as CSS writes them, and what they mean. */
  readonly stops: readonly string[];
  readonly ends: readonly [string, string, string];
  /** RGBA of each place's label; undefined for none. */
  readonly colors: Uint8Array | undefined;
  readonly tree: MatrixTree | undefined;
}

/** A hierarchy of places: merge m has the clusters children[2m] and children[2m + 1], and is itself cluster count + m. */
interface MatrixTree {
  readonly children: ArrayLike<number>;
  /** Of each cluster, items first: its middle in places, and how high it lies, 0 to 1. */
  readonly middles: ArrayLike<number>;
  readonly heights: ArrayLike<number>;
}

/** CSS pixels of a side of the matrix. */
export const MATRIX_SIDE = 640;
const TREE = 72;
const STRIP = 10;
const NAME_LENGTH = 20;
/** Of an 11 pixel letter, rather too wide than too narrow. */
const LETTER = 6.6;
/** As many names can still be told apart. */
const MOST_NAMES = 50;
const TOP = 24;
const SCALE = 62;

/** Where the cells are, from the figure's top left. */
export function matrixCorner({ tree }: Pick<MatrixDrawing, 'tree'>): {
  readonly x: number;
  readonly y: number;
} {
  return { x: (tree ? TREE : 0) + STRIP, y: TOP + STRIP };
}

/** The matrix with its tree, its labels' colors, names or places along it, and the scale of its colors. */
export function matrixFigure(matrix: MatrixDrawing, paint: Paint): Figure {
  const { title, subtitle, count, raster, tree, colors } = matrix;
  const { x, y } = matrixCorner(matrix);
  const written = matrix.names.map((name) => shorten(name, NAME_LENGTH));
  const longest = written.reduce((most, { length }) => Math.max(most, length), 0);
  const beside = count <= MOST_NAMES ? Math.ceil(longest * LETTER) + 12 : 50;
  const cell = MATRIX_SIDE / Math.max(1, count);
  // A pixel for more than a cell is a mean, which is better smoothed than picked.
  const look = cell >= 1 ? ' style="image-rendering:pixelated"' : '';
  const cells = raster
    ? `<image x="${x}" y="${y}" width="${MATRIX_SIDE}" height="${MATRIX_SIDE}" preserveAspectRatio="none" href="${escapeMarkup(raster)}"${look}/>`
    : '';
  const bottom = y + MATRIX_SIDE + beside;
  return {
    title,
    description: `${subtitle}. Colors: ${matrix.ends.join('; ')}.`,
    width: x + MATRIX_SIDE + beside,
    height: bottom + SCALE,
    marks: [
      svgText(0, 8, subtitle, paint.label, { opacity: 0.75 }),
      `<rect x="${x - 0.5}" y="${y - 0.5}" width="${MATRIX_SIDE + 1}" height="${MATRIX_SIDE + 1}" fill="none" stroke="${paint.border}"/>`,
      cells,
      tree ? branches(tree, count, x - STRIP - 2, y, cell, paint) : '',
      colors ? strips(colors, x, y, cell) : '',
      count <= MOST_NAMES ? namesBeside(written, x, y, cell, paint) : places(count, x, y, cell, paint),
      scale(matrix, x, bottom + 14, paint),
    ].join('\n'),
  };
}

function branches(
  { children, middles, heights }: MatrixTree,
  count: number,
  base: number,
  top: number,
  cell: number,
  paint: Paint,
): string {
  const x = (id: number) => number(base - (heights[id] ?? 0) * (TREE - 6));
  const y = (id: number) => number(top + (middles[id] ?? 0) * cell);
  let d = '';
  for (let id = count; id < middles.length; id++) {
    const [a, b] = [children[2 * (id - count)] ?? 0, children[2 * (id - count) + 1] ?? 0];
    d += `M${x(a)} ${y(a)}H${x(id)}V${y(b)}H${x(b)}`;
  }
  return `<path fill="none" stroke="${paint.label}" stroke-opacity="0.75" d="${d}"/>`;
}

/** One stretch for each run of a color, above and to the left. */
function strips(colors: Uint8Array, x: number, y: number, cell: number): string {
  const count = colors.length / 4;
  const colorAt = (place: number) => `rgb(${colors.subarray(place * 4, place * 4 + 3).join(' ')})`;
  const runs: string[] = [];
  for (let from = 0; from < count; ) {
    const color = colorAt(from);
    let to = from + 1;
    while (to < count && colorAt(to) === color) to++;
    const length = number((to - from) * cell);
    runs.push(
      `<path fill="${color}" d="M${number(x + from * cell)} ${y - 7}h${length}v5h-${length}ZM${x - 7} ${number(y + from * cell)}h5v${length}h-5Z"/>`,
    );
    from = to;
  }
  return runs.join('');
}

function namesBeside(names: readonly string[], x: number, y: number, cell: number, paint: Paint): string {
  const size = Math.min(11, cell * 0.9);
  const end = MATRIX_SIDE + 6;
  return names
    .map((name, place) => {
      const at = (place + 0.5) * cell + size * 0.35;
      const row = svgText(x + end, y + at, name, paint.label, { size });
      const column = svgText(0, 0, name, paint.label, { size, anchor: 'end' });
      return `${row}<g transform="translate(${number(x + at)} ${number(y + end)}) rotate(-90)">${column}</g>`;
    })
    .join('');
}

/** Where names have no room: which place of the order it is, the first being 1. */
function places(count: number, x: number, y: number, cell: number, paint: Paint): string {
  const ticks = [{ value: 1, text: '1' }, ...ticksOf(2, count, 5)];
  const look = { size: 11, opacity: 0.75 };
  return ticks
    .map(({ value, text }) => {
      const at = (value - 0.5) * cell;
      const row = svgText(x + MATRIX_SIDE + 8, y + at + 4, text, paint.label, look);
      const column = svgText(x + at, y + MATRIX_SIDE + 18, text, paint.label, { ...look, anchor: 'middle' });
      return `<path stroke="${paint.label}" d="M${x + MATRIX_SIDE} ${number(y + at)}h5M${number(x + at)} ${y + MATRIX_SIDE}v5"/>${row}${column}`;
    })
    .join('');
}

function scale({ stops, ends }: MatrixDrawing, x: number, y: number, paint: Paint): string {
  const [near, middle, far] = ends;
  const look = { opacity: 0.75 };
  return [
    gradientBar('matrix-colors', stops, x, y, MATRIX_SIDE),
    svgText(x, y + 28, near, paint.label, look),
    svgText(x + MATRIX_SIDE / 2, y + 28, middle, paint.label, { ...look, anchor: 'middle' }),
    svgText(x + MATRIX_SIDE, y + 28, far, paint.label, { ...look, anchor: 'end' }),
  ].join('');
}
