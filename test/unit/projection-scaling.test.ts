import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distancesForScaling } from '../../src/compare/distances-for-scaling.ts';
import { dotProduct } from '../../src/projection/block.ts';
import { classicalScaling } from '../../src/projection/classical-scaling.ts';
import { pca } from '../../src/projection/pca.ts';
import { createRandom } from '../../src/projection/random.ts';
import { symmetricSpectrum } from '../../src/projection/symmetric-spectrum.ts';
import { compareCases } from './compare-fixtures.ts';
import { plainEngine } from './plain-engine.ts';
import { scattered } from './projection-sets.ts';

const engine = {
  async distances(...given: Parameters<typeof plainEngine.distanceRows>) {
    const pieces: number[] = [];
    for await (const { distances } of plainEngine.distanceRows(...given)) pieces.push(...distances);
    return Float32Array.from(pieces);
  },
};
// Distances come as 32-bit floats, relative to the largest of them.
const ROUNDING = 1e-5;

describe('classical scaling equals scikit-learn', () => {
  const cases = compareCases.flatMap(({ name, vectors, scaling }) =>
    Object.entries(scaling).map(([metric, told]) => ({ name, metric, vectors, told })),
  );
  test.each(cases)('$name, $metric', async ({ metric, vectors, told }) => {
    const set = { vectors: vectors.values, dimension: vectors.columns };
    if (metric !== 'euclidean' && metric !== 'manhattan' && metric !== 'cosine') throw new Error(metric);
    const result = classicalScaling(await distancesForScaling(engine, set, { metric }), told.dims);
    expect(Math.abs(result.negativeShare - told.negativeShare)).toBeLessThan(1e-6);
    told.explained.forEach((share, d) => {
      expect(Math.abs((result.explained[d] ?? 0) - share)).toBeLessThan(1e-6);
    });
    expect(columnsApart(result.scores, told.scores.values, told.dims)).toBeLessThan(ROUNDING);
  });
});

test('of Euclidean distances it is PCA', async () => {
  const vectors = scattered(90, 5, 3);
  const distances = await distancesForScaling(engine, { vectors, dimension: 5 }, { metric: 'euclidean' });
  const ours = classicalScaling(distances, 3);
  const principal = pca(vectors, 5, 3);
  expect(columnsApart(ours.scores, principal.scores, 3)).toBeLessThan(ROUNDING);
  ours.explained.forEach((share, d) => {
    expect(share).toBeCloseTo(principal.explained[d] ?? 0, 6);
  });
  expect(ours.negativeShare).toBeLessThan(1e-5);
});

test('landmarks place the others where they are, in a space that is flat', async () => {
  const flat = scattered(120, 2, 5);
  const set = { vectors: flat, dimension: 2 };
  const options = { metric: 'euclidean' } as const;
  const some = await distancesForScaling(engine, set, options, { mostItems: 100, landmarks: 12, seed: 4 });
  expect(some.landmarks).toHaveLength(12);
  const { scores } = classicalScaling(some, 2);
  const all = await distancesForScaling(engine, set, options);
  expect(all.landmarks).toBeNull();
  const placed = await engine.distances(
    { vectors: Float32Array.from(scores), dimension: 2 },
    { metric: 'euclidean' },
  );
  placed.forEach((distance, at) => {
    expect(Math.abs(distance - (all.distances[at] ?? 0))).toBeLessThan(1e-4);
  });
});

test('few items, equal ones, and equal distances', () => {
  const scale = (n: number, distance: number, dims: 2 | 3) => {
    const distances = Float32Array.from({ length: n * n }, (_, at) =>
      at % n === Math.floor(at / n) ? 0 : distance,
    );
    return classicalScaling({ distances, n, landmarks: null }, dims);
  };
  expect(scale(0, 0, 2)).toMatchObject({ explained: [0, 0], negativeShare: 0 });
  expect([...scale(1, 0, 3).positions]).toEqual([0, 0, 0]);
  expect([...scale(2, 3, 2).scores].map((value) => Math.abs(Math.fround(value)))).toEqual([1.5, 0, 1.5, 0]);
  expect([...scale(7, 0, 2).scores]).toEqual(new Array(14).fill(0));
  // A regular simplex: all directions are as good, and each explains as much as any.
  const simplex = scale(9, 2, 3);
  for (const share of simplex.explained) expect(share).toBeCloseTo(1 / 8, 9);
  for (const a of [0, 1, 2]) {
    for (const b of [0, 1, 2]) {
      const product = Array.from({ length: 9 }).reduce<number>(
        (sum, _, i) => sum + (simplex.scores[i * 3 + a] ?? 0) * (simplex.scores[i * 3 + b] ?? 0),
        0,
      );
      expect(product).toBeCloseTo(a === b ? 2 : 0, 9);
    }
  }
  expect(() => classicalScaling({ distances: new Float32Array(5), n: 3, landmarks: null }, 2)).toThrow(
    'There are 5 distances, not 3 × 3.',
  );
});

test('a similarity is refused', async () => {
  const set = { vectors: scattered(5, 3, 1), dimension: 3 };
  await expect(distancesForScaling(engine, set, { metric: 'dot' })).rejects.toThrow('"dot" is a similarity');
});

test('eigenvectors are such, whatever the matrix', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.integer(),
      fc.integer({ min: 1, max: 6 }),
      (n, seed, kinds) => {
        const random = createRandom(seed);
        // Few different numbers, many of them 0: values that are there more than once, and blocks that do not touch.
        const rows = Array.from({ length: n }, () => new Float64Array(n));
        for (let i = 0; i < n; i++) {
          for (let j = i; j < n; j++) {
            const entry = Math.max(0, Math.floor(random() * (kinds + 2)) - 2);
            const [row, mirrored] = [rows[i], rows[j]];
            if (row) row[j] = entry;
            if (mirrored) mirrored[i] = entry;
          }
        }
        const flat = Float64Array.from(rows.flatMap((row) => [...row]));
        const count = Math.min(3, n);
        const { values, vectors } = symmetricSpectrum(flat, n, count);
        const trace = rows.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
        const squares = rows.reduce((sum, row) => sum + dotProduct(row, row), 0);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 8);
        expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 7);
        vectors.forEach((vector, v) => {
          rows.forEach((row, i) => {
            expect(dotProduct(row, vector)).toBeCloseTo((values[v] ?? 0) * (vector[i] ?? 0), 7);
          });
          vectors.forEach((other, o) => {
            expect(dotProduct(vector, other)).toBeCloseTo(o === v ? 1 : 0, 8);
          });
        });
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

/** The largest difference of two columns, either of which may be turned around, for the size of the largest entry. */
function columnsApart(ours: ArrayLike<number>, told: ArrayLike<number>, dims: number): number {
  const largest = Array.from(told).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let apart = 0;
  for (let d = 0; d < dims; d++) {
    const difference = [1, -1].map((sign) =>
      Array.from(told)
        .map((value, at) => (at % dims === d ? Math.abs(value - sign * (ours[at] ?? 0)) : 0))
        .reduce((most, value) => Math.max(most, value), 0),
    );
    apart = Math.max(apart, Math.min(...difference));
  }
  return apart / largest;
}
