import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureNeighborhoods } from '../../src/compare/neighborhoods.ts';
import { runUmap } from '../../src/projection/umap.ts';
import { mapQuality } from './map-quality.ts';
import { mapCases, qualityCases } from './projection-fixtures.ts';
import { exactNeighbors, scattered } from './projection-sets.ts';

// Both sides count ranks, which are whole; only the sums of shares can round differently.
const ROUNDING = 1e-12;

const asSet = ({ values, columns }: { values: Float32Array; columns: number }) => ({
  vectors: values,
  dimension: columns,
});

describe('quality measures equal scikit-learn', () => {
  test.each(qualityCases)('case %#', ({ vectors, positions, results }) => {
    for (const { k, trustworthiness, kept } of results) {
      const quality = mapQuality(asSet(vectors), asSet(positions), k);
      expect(Math.abs(quality.trustworthiness - trustworthiness)).toBeLessThan(ROUNDING);
      expect(Math.abs(quality.kept - kept)).toBeLessThan(ROUNDING);
    }
  });

  test('a perfect map has 1 of all, turning it changes nothing, and continuity is trust the other way round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 40 }), fc.integer(), (n, seed) => {
        const flat = { vectors: scattered(n, 2, seed), dimension: 2 };
        const turned = {
          vectors: flat.vectors.map((_, at) =>
            at % 2 === 0 ? -(flat.vectors[at + 1] ?? 0) : (flat.vectors[at - 1] ?? 0),
          ),
          dimension: 2,
        };
        const perfect = { trustworthiness: 1, continuity: 1, kept: 1 };
        for (const map of [flat, turned]) expect(mapQuality(flat, map, 3)).toEqual(perfect);
        const other = { vectors: scattered(n, 3, seed + 1), dimension: 3 };
        const [there, back] = [mapQuality(flat, other, 3), mapQuality(other, flat, 3)];
        expect([there.trustworthiness, there.continuity]).toEqual([back.continuity, back.trustworthiness]);
        expect(there.kept).toBe(back.kept);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test('what cannot be measured is refused', () => {
    const few = new Uint32Array(10 * 4);
    const ranks = { k: 4, trueNeighbors: few, ranksOnMap: few, mapNeighbors: few, ranksInSpace: few };
    expect(() => measureNeighborhoods(ranks, 8, 4)).toThrow(
      'k is 4; with 4 neighbors at hand of each of 8 items it must be a whole number from 1 to below 4.',
    );
    expect(() => measureNeighborhoods(ranks, 40, 5)).toThrow(RangeError);
    expect(() => measureNeighborhoods(ranks, 40, 1.5)).toThrow(RangeError);
  });
});

describe('our maps against umap-learn on the same data', () => {
  test.each(mapCases)('$name', ({ vectors, neighbors, trustworthiness: trust, kept }) => {
    // umap-learn counts the item itself among its neighbors.
    const near = exactNeighbors(vectors.values, vectors.columns, neighbors - 1);
    const positions = runUmap(near, { dimensions: 2, seed: 1 });
    const ours = mapQuality(asSet(vectors), { vectors: positions, dimension: 2 }, 15);
    expect(ours.trustworthiness).toBeGreaterThan(trust - 0.01);
    expect(ours.kept).toBeGreaterThan(kept - 0.05);
  });
});
