import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { align } from '../../src/projection/align.ts';
import { scattered } from './projection-sets.ts';

// float32 positions of size about 10, turned in float64.
const TOLERANCE = 1e-4;

/** Positions turned about an axis, mirrored where asked, and moved. */
function moved(
  positions: Float32Array,
  dimensions: 2 | 3,
  turn: { angle: number; mirror: boolean; shift: number },
): Float32Array<ArrayBuffer> {
  const cos = Math.cos(turn.angle);
  const sin = Math.sin(turn.angle);
  return Float32Array.from(positions, (value, at) => {
    const d = at % dimensions;
    const base = at - d;
    const x = positions[base] ?? 0;
    const y = (turn.mirror ? -1 : 1) * (positions[base + 1] ?? 0);
    return (d === 0 ? cos * x - sin * y : d === 1 ? sin * x + cos * y : value) + turn.shift;
  });
}

const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? Number.NaN))), 0);

describe('align', () => {
  test.each([2, 3] as const)('undoes any turn, mirror and move in %i dimensions', (dimensions) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 30 }),
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.boolean(),
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.integer(),
        (n, angle, mirror, shift, seed) => {
          const target = scattered(n, dimensions, seed);
          const found = align(moved(target, dimensions, { angle, mirror, shift }), target, dimensions);
          expect(farthest(found, target)).toBeLessThan(TOLERANCE);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test('uses the shared rows and carries the others along', () => {
    const whole = scattered(20, 2, 4);
    const target = whole.slice().fill(Number.NaN, 10);
    const found = align(moved(whole, 2, { angle: 2, mirror: true, shift: 3 }), target, 2);
    expect(farthest(found, whole)).toBeLessThan(TOLERANCE);
  });

  test('does not scale', () => {
    const target = scattered(12, 3, 5);
    const small = target.map((value) => value / 4);
    const found = align(small, target, 3);
    const size = (positions: Float32Array) => {
      const mean = [0, 1, 2].map(
        (d) => positions.filter((_, at) => at % 3 === d).reduce((sum, value) => sum + value, 0) / 12,
      );
      return Math.sqrt(positions.reduce((sum, value, at) => sum + (value - (mean[at % 3] ?? 0)) ** 2, 0));
    };
    expect(size(found)).toBeCloseTo(size(small), 4);
  });

  test.each([2, 3] as const)('too little to go by: keeps the shape, in %i dimensions', (dimensions) => {
    const positions = scattered(6, dimensions, 6);
    const nothing = positions.slice().fill(Number.NaN);
    expect(align(positions, nothing, dimensions)).toEqual(positions);
    for (const known of [1, 2]) {
      const target = positions.map((value) => value + 1).fill(Number.NaN, known * dimensions);
      const found = align(positions, target, dimensions);
      expect(found.every(Number.isFinite)).toBe(true);
      // The shared rows lie where they should; distances between all rows are as before.
      expect(farthest(found.slice(0, known * dimensions), target.slice(0, known * dimensions))).toBeLessThan(
        TOLERANCE,
      );
      expect(spread(found, dimensions)).toBeCloseTo(spread(positions, dimensions), 3);
    }
    const point = positions.slice().fill(2);
    expect(align(positions, point, dimensions).every(Number.isFinite)).toBe(true);
  });

  test('refuses a target of another length', () => {
    expect(() => align(new Float32Array(4), new Float32Array(6), 2)).toThrow(
      'The layout has 4 numbers and its target 6.',
    );
  });
});

/** Sum of the distances between all pairs. */
function spread(positions: Float32Array, dimensions: number): number {
  let total = 0;
  for (let i = 0; i < positions.length; i += dimensions) {
    for (let j = 0; j < i; j += dimensions) {
      const parts = Array.from(
        { length: dimensions },
        (_, d) => (positions[i + d] ?? 0) - (positions[j + d] ?? 0),
      );
      total += Math.hypot(...parts);
    }
  }
  return total;
}
