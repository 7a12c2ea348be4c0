import type { SymbolSet } from './engine.ts';
import { InvalidVectors } from './errors.ts';

/**
 * Strings of one length as the numbers of their characters, to be compared position by position under Hamming:
 * "Saurav" and "Sourav" are at distance 1.
 *
 * A character is a Unicode code point, so that an emoji counts as one; marks that join to others (accents written
 * apart, skin tones) count as well. Normalize strings first where the same letter may be written in two ways.
 *
 * @throws {InvalidVectors} when there are no strings, when they are empty, or when two differ in length
 */
export function symbolsOf(strings: readonly string[]): SymbolSet {
  const rows = strings.map((text) => Array.from(text, (character) => character.codePointAt(0) ?? 0));
  const dimension = rows[0]?.length;
  if (dimension === undefined) {
    throw new InvalidVectors('There are no strings, so their length is not known. Give one at least.');
  }
  const odd = rows.findIndex((row) => row.length !== dimension);
  if (odd !== -1) {
    throw new InvalidVectors(
      `String 0 (${quote(strings[0])}) has ${dimension} characters and string ${odd} (${quote(strings[odd])}) has ${rows[odd]?.length}; Hamming compares strings of one length. Pad the shorter ones, or leave them out.`,
    );
  }
  if (dimension === 0) {
    throw new InvalidVectors('The strings are empty: there is nothing to compare. Leave them out.');
  }
  let largest = 0;
  for (const row of rows) for (const symbol of row) largest = Math.max(largest, symbol);
  const length = rows.length * dimension;
  const symbols =
    largest < 2 ** 8
      ? new Uint8Array(length)
      : largest < 2 ** 16
        ? new Uint16Array(length)
        : new Uint32Array(length);
  rows.forEach((row, i) => {
    symbols.set(row, i * dimension);
  });
  return { symbols, dimension };
}

const LONGEST_QUOTE = 20;

function quote(text = ''): string {
  return text.length <= LONGEST_QUOTE ? `"${text}"` : `"${text.slice(0, LONGEST_QUOTE)}…"`;
}

/** Where the values of a set of symbols lie. */
export interface SymbolRange {
  readonly low: number;
  readonly high: number;
}

/** Bits that a symbol takes when it is packed into 32-bit words; 64 is two words. */
export type SymbolBits = 1 | 8 | 16 | 32 | 64;

const WIDTHS = [1, 8, 16, 32, 64] as const;
const SCANNED_AT_ONCE = 2 ** 20;
const ranges = new WeakMap<SymbolSet['symbols'], SymbolRange>();

/**
 * The smallest and the largest symbol of a set, or those of its array type where looking would save no bits. Known sets
 * are not looked at again.
 *
 * @param turn is awaited now and then, so that a page can stay alive meanwhile
 */
export async function findSymbolRange(
  { symbols }: SymbolSet,
  turn: () => Promise<void> | undefined = () => undefined,
): Promise<SymbolRange> {
  const known = ranges.get(symbols);
  if (known) return known;
  const possible = possibleRange(symbols);
  const most = symbolBits(possible);
  let low = Infinity;
  let high = -Infinity;
  for (let start = 0; start < symbols.length; start += SCANNED_AT_ONCE) {
    for (const symbol of symbols.subarray(start, start + SCANNED_AT_ONCE)) {
      if (symbol < low) low = symbol;
      if (symbol > high) high = symbol;
    }
    if (symbolBits({ low, high }) === most) break;
    await turn();
  }
  const range =
    symbols.length === 0
      ? { low: 0, high: 0 }
      : symbolBits({ low, high }) === most
        ? possible
        : { low, high };
  ranges.set(symbols, range);
  return range;
}

function possibleRange(symbols: SymbolSet['symbols']): SymbolRange {
  const values = 2 ** (8 * symbols.BYTES_PER_ELEMENT);
  const isSigned =
    symbols instanceof Int8Array || symbols instanceof Int16Array || symbols instanceof Int32Array;
  return isSigned ? { low: -values / 2, high: values / 2 - 1 } : { low: 0, high: values - 1 };
}

/**
 * The fewest bits by which symbols of all these ranges can be told apart. Remainders modulo 2^bits differ for any two
 * whole numbers that lie less than 2^bits apart, negative ones too: so sets of different array types compare by value.
 */
export function symbolBits(...all: readonly SymbolRange[]): SymbolBits {
  const low = Math.min(...all.map((range) => range.low));
  const high = Math.max(...all.map((range) => range.high));
  return WIDTHS.find((bits) => high - low < 2 ** bits) ?? 64;
}

/** 32-bit words that a row of symbols takes. */
export function symbolWords(dimension: number, bits: SymbolBits): number {
  return Math.ceil((dimension * bits) / 32);
}

/**
 * Packs rows `first` to `first + count − 1` into words: two positions differ where any of their bits do.
 *
 * @param out count × stride words, all zero
 * @param stride words from row to row; `symbolWords` or more
 */
export function packSymbols(
  { symbols, dimension }: SymbolSet,
  bits: SymbolBits,
  first: number,
  count: number,
  out: Uint32Array<ArrayBuffer>,
  stride: number,
): void {
  const view = bits === 8 || bits === 16 ? packedView(out, bits) : out;
  const perWord = out.BYTES_PER_ELEMENT / view.BYTES_PER_ELEMENT;
  for (let i = 0; i < count; i++) {
    const start = (first + i) * dimension;
    if (bits === 1) packParities(symbols, start, dimension, out, i * stride);
    else if (bits === 64) packPairs(symbols, start, dimension, out, i * stride);
    // Typed arrays keep the remainder of what does not fit.
    else view.set(symbols.subarray(start, start + dimension), i * stride * perWord);
  }
}

function packedView(
  out: Uint32Array<ArrayBuffer>,
  bits: 8 | 16,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  return bits === 8
    ? new Uint8Array(out.buffer, out.byteOffset, out.length * 4)
    : new Uint16Array(out.buffer, out.byteOffset, out.length * 2);
}

function packParities(
  symbols: SymbolSet['symbols'],
  start: number,
  dimension: number,
  out: Uint32Array<ArrayBuffer>,
  at: number,
): void {
  for (let j = 0; j < dimension; j++) {
    const word = at + (j >>> 5);
    out[word] = (out[word] ?? 0) | (((symbols[start + j] ?? 0) & 1) << (j & 31));
  }
}

/** The low word, and a word that says whether the number is negative. */
function packPairs(
  symbols: SymbolSet['symbols'],
  start: number,
  dimension: number,
  out: Uint32Array<ArrayBuffer>,
  at: number,
): void {
  for (let j = 0; j < dimension; j++) {
    const symbol = symbols[start + j] ?? 0;
    out[at + 2 * j] = symbol;
    out[at + 2 * j + 1] = symbol < 0 ? 1 : 0;
  }
}
