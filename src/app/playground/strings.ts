import { reference } from '../../metrics/reference.ts';
import { symbolsOf } from '../../metrics/symbols.ts';

/** Two strings, position by position. */
export interface Alignment {
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** How many positions differ; undefined when the strings have different lengths or are empty. */
  readonly distance: number | undefined;
}

/** Compares by code points, as the engines do (`symbolsOf`): an emoji counts once, and not as two UTF-16 units. */
export function alignStrings(a: string, b: string): Alignment {
  const letters = { a: Array.from(a), b: Array.from(b) };
  if (letters.a.length !== letters.b.length || letters.a.length === 0) {
    return { ...letters, distance: undefined };
  }
  const { symbols, dimension } = symbolsOf([a, b]);
  const distance = reference.hamming(symbols.subarray(0, dimension), symbols.subarray(dimension));
  return { ...letters, distance };
}

const PAD = '·';

/** Dots after the shorter of two strings until both are of one length. */
export function padShorter(a: string, b: string): readonly [string, string] {
  const [m, n] = [Array.from(a).length, Array.from(b).length];
  return [a + PAD.repeat(Math.max(0, n - m)), b + PAD.repeat(Math.max(0, m - n))];
}

/** Both strings up to the length of the shorter. */
export function cutLonger(a: string, b: string): readonly [string, string] {
  const [x, y] = [Array.from(a), Array.from(b)];
  const length = Math.min(x.length, y.length);
  return [x.slice(0, length).join(''), y.slice(0, length).join('')];
}

/** Signs as a reader sees them, which may take several code points: a letter and its accent, a family of emojis. */
export function countSigns(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;
}

/** One byte of UTF-8 in each string, as bits with the highest first, and where they differ. */
export interface BytePair {
  readonly a: string;
  readonly b: string;
  readonly xor: string;
  readonly differing: number;
}

/** The bytes of two characters in UTF-8, padded with zero bytes where one takes fewer. */
export function bytePairs(a: string, b: string): readonly BytePair[] {
  const encoder = new TextEncoder();
  const [x, y] = [encoder.encode(a), encoder.encode(b)];
  return Array.from({ length: Math.max(x.length, y.length) }, (_, i) => {
    const bits = [
      bitsOfByte(x[i] ?? 0),
      bitsOfByte(y[i] ?? 0),
      bitsOfByte((x[i] ?? 0) ^ (y[i] ?? 0)),
    ] as const;
    const differing = reference.hamming(Array.from(bits[0], Number), Array.from(bits[1], Number));
    return { a: bits[0], b: bits[1], xor: bits[2], differing };
  });
}

function bitsOfByte(byte: number): string {
  return byte.toString(2).padStart(8, '0');
}

/** A whole number from −8 to 7 in four bits, two's complement. */
export function fourBits(value: number): string {
  return (value & 15).toString(2).padStart(4, '0');
}
