import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighborsKept, trustworthiness } from '../../src/projection/quality.ts';
import { runUmap } from '../../src/projection/umap.ts';
import { mapCases, qualityCases } from './projection-fixtures.ts';
import { cutNeighbors, exactNeighbors, scattered } from './projection-sets.ts';

// Both sides count ranks, which are whole; only the last division can round differently.
const ROUNDING = 1e-12;

describe('quality measures equal scikit-learn', () => {
  test.each(qualityCases)('case %#', ({ vectors, positions, results }) => {
    const ranking = exactNeighbors(vectors.values, vectors.columns, vectors.rows - 1);
    for (const { k, trustworthiness: trust, kept } of results) {
      expect(Math.abs(trustworthiness(ranking, positions.values, positions.columns, k) - trust)).toBeLessThan(
        ROUNDING,
      );
      expect(Math.abs(neighborsKept(ranking, positions.values, positions.columns, k) - kept)).toBeLessThan(
        ROUNDING,
      );
    }
  });

  test('a perfect map has 1 of both, and turning it changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 40 }), fc.integer(), (n, seed) => {
        const flat = scattered(n, 2, seed);
        const ranking = exactNeighbors(flat, 2, n - 1);
        const turned = flat.map((_, at) => (at % 2 === 0 ? -(flat[at + 1] ?? 0) : (flat[at - 1] ?? 0)));
        for (const map of [flat, turned]) {
          expect(trustworthiness(ranking, map, 2, 3)).toBe(1);
          expect(neighborsKept(ranking, map, 2, 3)).toBe(1);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test('what cannot be measured is refused', () => {
    const vectors = scattered(10, 3, 1);
    const positions = scattered(10, 2, 2);
    expect(() => trustworthiness(exactNeighbors(vectors, 3, 5), positions, 2, 3)).toThrow(
      'Trustworthiness of 10 items needs all 9 neighbors of each, not 5.',
    );
    expect(() => trustworthiness(exactNeighbors(vectors, 3, 9), positions, 2, 5)).toThrow(RangeError);
    expect(() => neighborsKept(exactNeighbors(vectors, 3, 5), positions, 2, 6)).toThrow(RangeError);
  });
});

describe('our maps against umap-learn on the same data', () => {
  test.each(mapCases)('$name', ({ vectors, neighbors, trustworthiness: trust, kept }) => {
    const ranking = exactNeighbors(vectors.values, vectors.columns, vectors.rows - 1);
    // umap-learn counts the item itself among its neighbors.
    const positions = runUmap(cutNeighbors(ranking, neighbors - 1), { dimensions: 2, seed: 1 });
    expect(trustworthiness(ranking, positions, 2, 15)).toBeGreaterThan(trust - 0.01);
    expect(neighborsKept(ranking, positions, 2, 15)).toBeGreaterThan(kept - 0.05);
  });
});
