import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeDistances } from '../../src/metrics/cpu/distances.ts';
import { KnownSet } from '../../src/metrics/cpu/known-set.ts';
import { computeNeighbors } from '../../src/metrics/cpu/neighbors.ts';
import { computeSimilarity } from '../../src/metrics/cpu/similarity.ts';
import type { MetricId } from '../../src/metrics/engine.ts';
import { computeThresholds } from '../../src/metrics/thresholds.ts';

const noTurn = () => undefined;

const metrics = fc.constantFrom<MetricId>('euclidean', 'manhattan', 'cosine', 'hamming', 'dot');

/** Few distinct values, so that there are ties, duplicates and zero vectors. */
const sets = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 20 }))
  .chain(([dimension, rows]) =>
    fc
      .array(fc.constantFrom(0, 0, 1, -1, 0.5, 1e4, -3.25e-5), {
        minLength: rows * dimension,
        maxLength: rows * dimension,
      })
      .map((values) => new KnownSet({ vectors: Float32Array.from(values), dimension }, 'The vectors')),
  );

test('distances are symmetric, and 0 to itself except under dot', async () => {
  await fc.assert(
    fc.asyncProperty(metrics, sets, async (metric, set) => {
      const distances = await computeDistances(set, set, { metric }, noTurn);
      for (let i = 0; i < set.rows; i++) {
        if (metric !== 'dot') expect(distances[i * set.rows + i]).toBe(0);
        for (let j = 0; j < i; j++) expect(distances[i * set.rows + j]).toBe(distances[j * set.rows + i]);
      }
    }),
  );
});

test('neighbors are the first k of all others, ordered by distance and then by index', async () => {
  await fc.assert(
    fc.asyncProperty(metrics, sets, fc.nat(), async (metric, set, wish) => {
      const k = 1 + (wish % (set.rows - 1));
      const distances = await computeDistances(set, set, { metric }, noTurn);
      const found = await computeNeighbors(set, set, { metric, k, leaveOutSelf: true }, noTurn);
      const sign = metric === 'dot' ? -1 : 1;
      for (let i = 0; i < set.rows; i++) {
        const row = distances.subarray(i * set.rows, (i + 1) * set.rows);
        const others = [...row.keys()].filter((j) => j !== i);
        others.sort((a, b) => sign * ((row[a] ?? 0) - (row[b] ?? 0)) || a - b);
        expect([...found.indices.subarray(i * k, (i + 1) * k)]).toEqual(others.slice(0, k));
        expect([...found.distances.subarray(i * k, (i + 1) * k)]).toEqual(
          others.slice(0, k).map((j) => row[j]),
        );
      }
    }),
  );
});

test('both softmaxes sum to 1', async () => {
  await fc.assert(
    fc.asyncProperty(sets, async (set) => {
      const { overLabels, overPictures } = await computeSimilarity(set, set, 100, noTurn);
      for (let i = 0; i < set.rows; i++) {
        let [row, column] = [0, 0];
        for (let j = 0; j < set.rows; j++) {
          row += overLabels[i * set.rows + j] ?? 0;
          column += overPictures[j * set.rows + i] ?? 0;
        }
        expect(row).toBeCloseTo(1, 5);
        expect(column).toBeCloseTo(1, 5);
      }
    }),
  );
});

test('thresholds are the median, the mean or 0 of each dimension', async () => {
  const values = fc.array(fc.constantFrom(-1, 0, 0, 2, 7.5, 1e4), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(values, async (list) => {
      const set = { vectors: Float32Array.from(list), dimension: 1 };
      const sorted = [...list].sort((a, b) => a - b);
      const middle = sorted.slice((list.length - 1) >> 1, (list.length >> 1) + 1);
      const mean = (some: number[]) => some.reduce((a, b) => a + b, 0) / some.length;
      expect([...(await computeThresholds(set, 'median'))]).toEqual([mean(middle)]);
      expect((await computeThresholds(set, 'mean'))[0]).toBeCloseTo(mean(list), 8);
      expect([...(await computeThresholds(set, 'zero'))]).toEqual([0]);
    }),
  );
});

test('a turn that throws stops a job', async () => {
  const set = new KnownSet({ vectors: new Float32Array(100), dimension: 1 }, 'The vectors');
  const stop = async () => {
    throw new DOMException('stop', 'AbortError');
  };
  await expect(computeDistances(set, set, { metric: 'dot' }, stop)).rejects.toThrow('stop');
});
