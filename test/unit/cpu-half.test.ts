import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOfHalf, LARGEST_HALF, roundToHalf } from '../../src/common/half.ts';

/** IEEE 754 binary16 by its definition. */
function halfOf(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 31;
  const fraction = word & 1023;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const LAST = 0x7bff;

test('every 16-bit float is itself, with its own bits', () => {
  expect(halfOf(LAST)).toBe(LARGEST_HALF);
  let wrong = 0;
  for (let word = 0; word <= LAST; word++) {
    for (const signed of [word, word | 0x8000]) {
      const half = halfOf(signed);
      if (!Object.is(roundToHalf(half), half) || bitsOfHalf(half) !== signed) wrong++;
    }
  }
  expect(wrong).toBe(0);
});

test('between two halves the nearer one is taken, and the even one in the middle', () => {
  const float = (value: number, steps: number) => {
    const bits = new Uint32Array(Float32Array.of(value).buffer);
    bits[0] = (bits[0] ?? 0) + steps;
    return new Float32Array(bits.buffer)[0] ?? Number.NaN;
  };
  let wrong = 0;
  for (let word = 0; word < LAST; word++) {
    const [below, above] = [halfOf(word), halfOf(word + 1)];
    const middle = (below + above) / 2;
    if (roundToHalf(middle) !== (word % 2 === 0 ? below : above)) wrong++;
    if (roundToHalf(float(middle, -1)) !== below || roundToHalf(float(middle, 1)) !== above) wrong++;
    if (roundToHalf(-middle) !== -roundToHalf(middle)) wrong++;
  }
  expect(wrong).toBe(0);
});

test('no float within the range is moved by more than half a step', () => {
  const floats = fc.float({ min: -LARGEST_HALF, max: LARGEST_HALF, noNaN: true });
  fc.assert(
    fc.property(floats, (value) => {
      const step = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(value))) - 10);
      expect(Math.abs(roundToHalf(value) - value)).toBeLessThanOrEqual(step / 2);
    }),
  );
});
