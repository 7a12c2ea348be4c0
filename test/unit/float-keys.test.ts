import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floatOfKey, keyOfFloat, largestFloatAtMost } from '../../src/metrics/float-keys.ts';

const floats = fc.float({ noNaN: true });

test('keys are in the order of their floats', () => {
  fc.assert(
    fc.property(floats, floats, (a, b) => {
      expect(Math.sign(keyOfFloat(a) - keyOfFloat(b)) + 0).toBe(a === b ? 0 : a < b ? -1 : 1);
      expect(floatOfKey(keyOfFloat(a))).toBe(a + 0);
    }),
  );
  const rising = [-Infinity, -(2 ** 127), -1, -(2 ** -149), 0, 2 ** -149, 1e-40, 1, 2 ** 127, Infinity];
  const keys = rising.map(keyOfFloat);
  expect(keys).toEqual([...keys].sort((a, b) => a - b));
  expect(new Set(keys).size).toBe(rising.length);
  expect(keyOfFloat(-0)).toBe(keyOfFloat(0));
});

test('a float is above a 64-bit number exactly when it is above the largest float at most that', () => {
  const midpoints = fc.tuple(floats, floats).map(([a, b]) => (a + b) / 2);
  const next = fc.tuple(floats, fc.constantFrom(-1, 0, 1)).map(([value, step]) => {
    const near = floatOfKey(keyOfFloat(value) + step);
    return Number.isFinite(near) ? (value + near) / 2 : value;
  });
  const finite = fc
    .oneof(midpoints, next, fc.double({ noNaN: true, min: -1e38, max: 1e38 }))
    .filter(Number.isFinite);
  fc.assert(
    fc.property(finite, floats, (limit, other) => {
      const t = largestFloatAtMost(limit);
      expect(Math.fround(t)).toBe(t);
      // Floats around the limit are where the two could disagree.
      for (const value of [other, t, floatOfKey(keyOfFloat(t) + 1), floatOfKey(keyOfFloat(t) - 1), 0, -0]) {
        expect(value > t).toBe(value > limit);
      }
    }),
    { numRuns: 2000 },
  );
});
