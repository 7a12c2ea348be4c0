import { interpolatePuOr, interpolateViridis } from 'd3-scale-chromatic';
import type { MatrixPicture } from './picture.ts';

/** Colors of the 256 bytes, red, green, blue from 0 to 255, one after the other. */
export type Colors = Uint8Array<ArrayBuffer>;

const palettes = new Map<MatrixPicture['colors'], Colors>();

/**
 * The colors of a picture. Near is yellow and far is dark violet (viridis, even steps for the eye); a difference is white at 0,
 * violet where the upper metric puts a pair nearer, and orange where the lower one does.
 */
export function paletteOf(kind: MatrixPicture['colors']): Colors {
  const known = palettes.get(kind);
  if (known) return known;
  const colors = new Uint8Array(256 * 3);
  for (let byte = 0; byte < 256; byte++) colors.set(parse(colorAt(kind, byte)), byte * 3);
  palettes.set(kind, colors);
  return colors;
}

function colorAt(kind: MatrixPicture['colors'], byte: number): string {
  return kind === 'near'
    ? interpolateViridis(1 - byte / 255)
    : interpolatePuOr(Math.max(0, (byte - 1) / 254));
}

/** `#rrggbb` or `rgb(r, g, b)`, as the two palettes give them. */
function parse(color: string): number[] {
  const hex = /^#(..)(..)(..)$/.exec(color)?.slice(1);
  if (hex) return hex.map((digits) => Number.parseInt(digits, 16));
  return (color.match(/\d+/g) ?? []).map(Number);
}

/** Some of the same as CSS writes them, evenly from the first byte to the last. */
export function stopsOf(kind: MatrixPicture['colors']): string[] {
  const colors = paletteOf(kind);
  const first = kind === 'near' ? 0 : 1;
  return Array.from({ length: 17 }, (_, stop) => {
    const at = Math.round(first + (stop * (255 - first)) / 16) * 3;
    return `rgb(${colors.subarray(at, at + 3).join(' ')})`;
  });
}

/** The same as a background. */
export const gradientOf = (kind: MatrixPicture['colors']): string =>
  `linear-gradient(to right, ${stopsOf(kind).join(', ')})`;
