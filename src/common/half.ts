/** The largest 16-bit float (IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits). */
export const LARGEST_HALF = 65504;

// Below this, halves are multiples of 2^-24.
const SMALLEST_NORMAL = 2 ** -14;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The 16-bit float nearest to a 32-bit one, ties to even, as a number. Sizes above `LARGEST_HALF` are not for it. */
export function roundToHalf(value: number): number {
  const size = Math.abs(value);
  float[0] = size;
  if (size < SMALLEST_NORMAL) {
    // Next to 0.5 a 32-bit float is a multiple of 2^-24 too: the sum rounds as wanted.
    float[0] = size + 0.5;
    float[0] = (float[0] ?? 0) - 0.5;
  } else {
    // 13 of 23 fraction bits go; adding just under half of the last one kept, or half where that one is odd, carries as wanted.
    const word = bits[0] ?? 0;
    bits[0] = (word + 0xfff + ((word >>> 13) & 1)) & ~0x1fff;
  }
  const rounded = float[0] ?? 0;
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

/** The 16 bits of a half, of a number that is one (`roundToHalf`). */
export function bitsOfHalf(half: number): number {
  float[0] = half;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(half);
  // A float's exponent counts from -127, a half's from -15: 112 between them, in the 10 bits above the fraction.
  return sign | (size < SMALLEST_NORMAL ? size * 2 ** 24 : ((word & 0x7fffffff) >>> 13) - (112 << 10));
}

/** Packs numbers that are halves two to a word, the first in the low bits, as WGSL's unpack2x16float reads them. */
export function packHalves(halves: Float32Array<ArrayBuffer>, out: Uint32Array<ArrayBuffer>): void {
  for (let word = 0; word < out.length; word++) {
    out[word] = bitsOfHalf(halves[2 * word] ?? 0) | (bitsOfHalf(halves[2 * word + 1] ?? 0) << 16);
  }
}
