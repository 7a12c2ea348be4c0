import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import {
  findSymbolRange,
  packSymbols,
  type SymbolBits,
  symbolBits,
  symbolsOf,
  symbolWords,
} from '../../src/metrics/symbols.ts';

describe('strings', () => {
  test('differ by position', () => {
    const { symbols, dimension } = symbolsOf(['Saurav', 'Sourav']);
    expect(dimension).toBe(6);
    expect(symbols).toEqual(Uint8Array.from([83, 97, 117, 114, 97, 118, 83, 111, 117, 114, 97, 118]));
  });

  test('are counted in code points: an emoji is one, whatever UTF-16 takes', () => {
    expect(symbolsOf(['a🦊c', 'a🐻c']).dimension).toBe(3);
    expect(symbolsOf(['🦊']).symbols).toEqual(Uint32Array.of(0x1f98a));
    expect(symbolsOf(['Ωmega', 'omega']).symbols).toBeInstanceOf(Uint16Array);
    expect(symbolsOf(['\u{0}ÿ']).symbols).toEqual(Uint8Array.of(0, 255));
  });

  test('any strings of one length become their code points', () => {
    const characters = fc.constantFrom('\0', 'a', 'b', 'ÿ', 'Ω', '漢', '\u{ffff}', '🦊', '\u{10ffff}');
    const rows = fc.integer({ min: 1, max: 12 }).chain((length) =>
      fc.array(fc.string({ unit: characters, minLength: length, maxLength: length }), {
        minLength: 1,
        maxLength: 8,
      }),
    );
    fc.assert(
      fc.property(rows, (strings) => {
        const { symbols, dimension } = symbolsOf(strings);
        const back = strings.map((_, i) =>
          String.fromCodePoint(...symbols.subarray(i * dimension, (i + 1) * dimension)),
        );
        expect(back).toEqual(strings);
      }),
    );
  });

  test.each<[string[], string]>([
    [
      ['Anna', '🦊🦊🦊🦊', 'Bob'],
      'String 0 ("Anna") has 4 characters and string 2 ("Bob") has 3; Hamming compares strings of one length. Pad the shorter ones, or leave them out.',
    ],
    [
      ['', 'a'],
      'String 0 ("") has 0 characters and string 1 ("a") has 1; Hamming compares strings of one length. Pad the shorter ones, or leave them out.',
    ],
    [
      ['a', 'x'.repeat(30)],
      'String 0 ("a") has 1 characters and string 1 ("xxxxxxxxxxxxxxxxxxxx…") has 30; Hamming compares strings of one length. Pad the shorter ones, or leave them out.',
    ],
    [['', ''], 'The strings are empty: there is nothing to compare. Leave them out.'],
    [[], 'There are no strings, so their length is not known. Give one at least.'],
  ])('%j are refused', (strings, message) => {
    expect(() => symbolsOf(strings)).toThrow(new InvalidVectors(message));
  });
});

describe('packing', () => {
  const arrays = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 80 }),
    fc.int8Array({ minLength: 1, maxLength: 80 }),
    fc.uint16Array({ minLength: 1, maxLength: 80 }),
    fc.int16Array({ minLength: 1, maxLength: 80 }),
    fc.uint32Array({ minLength: 1, maxLength: 80 }),
    fc.int32Array({ minLength: 1, maxLength: 80 }),
    fc.int32Array({ min: -1, max: 0, minLength: 1, maxLength: 80 }),
    fc.uint32Array({ max: 300, minLength: 1, maxLength: 80 }),
  );

  test('rows differ in as many packed positions as they differ in numbers, whatever their array types', async () => {
    await fc.assert(
      fc.asyncProperty(arrays, arrays, async (x, y) => {
        const dimension = Math.min(x.length, y.length);
        const a = { symbols: x.slice(0, dimension), dimension };
        const b = { symbols: y.slice(0, dimension), dimension };
        const bits = symbolBits(await findSymbolRange(a), await findSymbolRange(b));
        let expected = 0;
        for (let j = 0; j < dimension; j++) if (a.symbols[j] !== b.symbols[j]) expected++;
        expect(countDiffering(packed(a, bits), packed(b, bits), bits)).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });

  test.each<[number[], number[], SymbolBits]>([
    [[0, 1], [1, 1], 1],
    [[-1, 0], [0, 0], 1],
    [[0], [2], 8],
    [[-128], [127], 8],
    [[-128], [128], 16],
    [[-32768], [32767], 16],
    [[0], [65536], 32],
    [[-(2 ** 31)], [2 ** 31 - 1], 32],
    [[-1], [2 ** 32 - 1], 64],
  ])('%j against %j takes %i bits', (x, y, bits) => {
    const rangeOf = (values: number[]) => ({ low: Math.min(...values), high: Math.max(...values) });
    expect(symbolBits(rangeOf(x), rangeOf(y))).toBe(bits);
  });

  test('numbers of a wide array that are small take few bits; those of a full one are not all looked at', async () => {
    expect(await findSymbolRange({ symbols: Int32Array.of(-7, 90, 3), dimension: 1 })).toEqual({
      low: -7,
      high: 90,
    });
    expect(await findSymbolRange({ symbols: Int8Array.of(-7, 90, 3), dimension: 1 })).toEqual({
      low: -128,
      high: 127,
    });
    expect(await findSymbolRange({ symbols: new Uint8Array(0), dimension: 1 })).toEqual({ low: 0, high: 0 });
  });

  test('some rows, at a stride', () => {
    const set = { symbols: Uint16Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]), dimension: 3 };
    const out = new Uint32Array(2 * 4);
    packSymbols(set, 16, 1, 2, out, 4);
    expect([...out]).toEqual([4 + (5 << 16), 6, 0, 0, 7 + (8 << 16), 9, 0, 0]);
  });
});

function packed(set: Parameters<typeof packSymbols>[0], bits: SymbolBits): Uint32Array {
  const words = symbolWords(set.dimension, bits);
  const out = new Uint32Array(words);
  packSymbols(set, bits, 0, 1, out, words);
  return out;
}

/** By the definition, one position of `bits` bits after another. */
function countDiffering(a: Uint32Array, b: Uint32Array, bits: SymbolBits): number {
  const read = (words: Uint32Array, position: number) => {
    let digits = '';
    for (let bit = position * bits; bit < (position + 1) * bits; bit++) {
      digits += ((words[bit >> 5] ?? 0) >>> (bit & 31)) & 1;
    }
    return digits;
  };
  let count = 0;
  for (let j = 0; j < (a.length * 32) / bits; j++) if (read(a, j) !== read(b, j)) count++;
  return count;
}
