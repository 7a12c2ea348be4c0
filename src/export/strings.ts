import type { Figure } from './figure.ts';
import type { Paint } from './svg.ts';
import { svgNumber, svgText } from './svg-parts.ts';

/** Two letters at one position. */
export interface LetterPair {
  readonly a: string;
  readonly b: string;
  /** Of each byte three rows: both letters' bits, and where they differ. */
  readonly bytes: readonly (readonly string[])[];
}

const CELL = 64;
const WIDE = 92;
const LINE = 15;
const COLUMNS = 10;

/** Two strings letter below letter; those that differ are framed. */
export function stringsFigure(title: string, pairs: readonly LetterPair[], paint: Paint): Figure {
  const bits = Math.max(0, ...pairs.map(({ bytes }) => bytes.length)) * (3 * LINE + 8);
  const width = bits > 0 ? WIDE : CELL;
  const height = 108 + bits;
  const columns = Math.max(1, Math.min(COLUMNS, pairs.length));
  const cells = pairs.map((pair, at) => {
    const x = (at % columns) * (width + 8);
    const y = Math.floor(at / columns) * (height + 8);
    const differs = pair.a !== pair.b;
    const frame = differs
      ? `fill="${paint.accent}" fill-opacity="0.12" stroke="${paint.accent}" stroke-width="2"`
      : `fill="none" stroke="${paint.border}"`;
    const middle = width / 2;
    const line = (words: string, down: number, size: number, color = paint.label) =>
      svgText(middle, down, words, color, { anchor: 'middle', size });
    const rows = pair.bytes.flatMap((byte, place) =>
      byte.map(
        (row, at) =>
          `<g font-family="ui-monospace, monospace">${line(row, 118 + place * (3 * LINE + 8) + at * LINE, 13, at === 2 ? paint.accent : paint.label)}</g>`,
      ),
    );
    return `<g transform="translate(${svgNumber(x)} ${svgNumber(y)})"><rect width="${width}" height="${height}" rx="8" ${frame}/>${line(String(at + 1), 16, 11)}${line(pair.a, 48, 30)}${line(pair.b, 82, 30)}${line(differs ? '≠' : '=', 101, 13, differs ? paint.accent : paint.label)}${rows.join('')}</g>`;
  });
  const differing = pairs.filter(({ a, b }) => a !== b).length;
  return {
    title,
    description: `Letters position by position, of which ${differing} of ${pairs.length} differ.`,
    // Room for the title where there are few letters.
    width: Math.max(360, columns * (width + 8)),
    height: Math.ceil(pairs.length / columns) * (height + 8),
    marks: cells.join('\n'),
  };
}
