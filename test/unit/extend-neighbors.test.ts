import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MetricEngine, MetricSet, NeighborsOptions } from '../../src/metrics/engine.ts';
import { extendNeighbors } from '../../src/metrics/extend-neighbors.ts';
import { asVectors } from '../../src/metrics/sets.ts';

/** Exact neighbors under Manhattan in plain loops, which counts the distances it is asked for. */
function plainEngine() {
  const asked = { pairs: 0 };
  const neighbors = async (baseSet: MetricSet, { k, queries }: NeighborsOptions) => {
    const base = asVectors(baseSet, 'The vectors');
    const from = queries ? asVectors(queries, 'The queries') : base;
    const rowsOf = (set: typeof base) => set.vectors.length / set.dimension;
    const n = rowsOf(base);
    const indices: number[] = [];
    const distances: number[] = [];
    for (let q = 0; q < rowsOf(from); q++) {
      const list: [number, number][] = [];
      for (let b = 0; b < n; b++) {
        if (!queries && b === q) continue;
        asked.pairs++;
        let sum = 0;
        for (let d = 0; d < base.dimension; d++) {
          sum += Math.abs(
            (from.vectors[q * base.dimension + d] ?? 0) - (base.vectors[b * base.dimension + d] ?? 0),
          );
        }
        list.push([sum, b]);
      }
      list.sort((x, y) => x[0] - y[0] || x[1] - y[1]);
      for (const [distance, index] of list.slice(0, k)) {
        distances.push(distance);
        indices.push(index);
      }
    }
    return { k, indices: Uint32Array.from(indices), distances: Float32Array.from(distances) };
  };
  const engine: Pick<MetricEngine, 'neighbors'> = { neighbors };
  return { engine, asked };
}

// Few distinct values, so that duplicates and ties are common.
const rows = (min: number, max: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), {
    minLength: min,
    maxLength: max,
  });

test('growing a set gives what starting anew gives, ties and duplicates included', async () => {
  await fc.assert(
    fc.asyncProperty(rows(6, 20), rows(1, 5), fc.integer({ min: 1, max: 5 }), async (old, added, k) => {
      const { engine } = plainEngine();
      const vectors = Float32Array.from([...old, ...added].flat());
      const set = { vectors, dimension: 2 };
      const known = await engine.neighbors(
        { vectors: vectors.slice(0, old.length * 2), dimension: 2 },
        { metric: 'manhattan', k },
      );
      const grown = await extendNeighbors(engine, set, {
        metric: 'manhattan',
        k,
        known,
        knownRows: old.length,
      });
      expect(grown).toEqual(await engine.neighbors(set, { metric: 'manhattan', k }));
    }),
    { numRuns: 60 },
  );
});

test('only pairs with a new row are measured', async () => {
  const { engine, asked } = plainEngine();
  const vectors = Float32Array.from({ length: 200 }, (_, i) => (i * 7919) % 101);
  const known = await engine.neighbors(
    { vectors: vectors.slice(0, 180), dimension: 2 },
    { metric: 'cosine', k: 3 },
  );
  asked.pairs = 0;
  await extendNeighbors(engine, { vectors, dimension: 2 }, { metric: 'cosine', k: 3, known, knownRows: 90 });
  expect(asked.pairs).toBe(10 * 100 + 90 * 10);
});

test('Hamming begins anew, because its threshold moves with the set', async () => {
  const { engine, asked } = plainEngine();
  const vectors = Float32Array.from({ length: 40 }, (_, i) => i);
  const known = await engine.neighbors(
    { vectors: vectors.slice(0, 36), dimension: 2 },
    { metric: 'hamming', k: 2 },
  );
  asked.pairs = 0;
  await extendNeighbors(engine, { vectors, dimension: 2 }, { metric: 'hamming', k: 2, known, knownRows: 18 });
  expect(asked.pairs).toBe(20 * 19);
});

test('one item has no neighbors, and that is no error', async () => {
  const { engine } = plainEngine();
  const one = { vectors: Float32Array.of(1, 2), dimension: 2 };
  expect((await extendNeighbors(engine, one, { metric: 'cosine', k: 15 })).k).toBe(0);
});
