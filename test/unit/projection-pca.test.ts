import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pca } from '../../src/projection/pca.ts';
import { pcaCases } from './projection-fixtures.ts';
import { scattered } from './projection-sets.ts';

// The stored scores are float32 of values up to about 10.
const TOLERANCE = 1e-4;

describe('principal components', () => {
  test.each(pcaCases)('case %# equals scikit-learn up to sign', ({ vectors, scores, explained }) => {
    const ours = pca(vectors.values, vectors.columns, 3);
    for (let d = 0; d < 3; d++) {
      let dot = 0;
      for (let i = 0; i < vectors.rows; i++)
        dot += (ours.scores[3 * i + d] ?? 0) * (scores.values[3 * i + d] ?? 0);
      const sign = dot < 0 ? -1 : 1;
      for (let i = 0; i < vectors.rows; i++) {
        const difference = sign * (ours.scores[3 * i + d] ?? 0) - (scores.values[3 * i + d] ?? 0);
        expect(Math.abs(difference)).toBeLessThan(TOLERANCE);
      }
      expect(Math.abs((ours.explained[d] ?? 0) - (explained[d] ?? 0))).toBeLessThan(1e-7);
    }
  });

  test('fits the map, and two calls agree bit for bit', () => {
    const vectors = scattered(50, 12, 3);
    const { positions } = pca(vectors, 12, 2);
    expect(positions.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeCloseTo(10, 4);
    expect(pca(vectors, 12, 2).positions).toEqual(positions);
  });

  test('is finite whatever the shape: none, one, copies, fewer dimensions than asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(2 as const, 3 as const),
        fc.boolean(),
        (n, dimension, dims, copies) => {
          const vectors = copies ? new Float32Array(n * dimension).fill(3) : scattered(n, dimension, n);
          const { positions, explained } = pca(vectors, dimension, dims);
          expect(positions.length).toBe(n * dims);
          expect(positions.every(Number.isFinite)).toBe(true);
          expect(explained.length).toBe(dims);
          expect(explained.every((share) => share >= 0 && share <= 1 + 1e-9)).toBe(true);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test('refuses a length that is no multiple of the dimension', () => {
    expect(() => pca(new Float32Array(7), 3, 2)).toThrow('7 numbers are not rows of dimension 3.');
  });
});
