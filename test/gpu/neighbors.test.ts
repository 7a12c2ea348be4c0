import { afterAll, describe, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricId, Neighbors, VectorSet } from '../../src/metrics/engine.ts';
import { InvalidK, InvalidVectors } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { DIMENSIONS, expectedDistances, METRICS, normalSet, withOddRows } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu, { mostNeighbors: 1024 });
const onCpu = createCpuEngine();
afterAll(() => onCpu.dispose());
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 32 * 1024, maxPairs: 4000, mostNeighbors: 1024 });

describe.each(METRICS)('%s neighbors', (metric) => {
  test.each(DIMENSIONS)('d = %i agree with float64', async (dimension) => {
    const set = withOddRows(normalSet(dimension, 41, dimension));
    checkNeighbors(await engine.neighbors(set, { metric, k: 7 }), metric, set);
    checkNeighbors(await onCpu.neighbors(set, { metric, k: 7 }), metric, set);
  });

  test('of other queries, one and many, k = n', async () => {
    const set = withOddRows(normalSet(1, 70, 20));
    for (const count of [1, 3]) {
      const queries = normalSet(2, count, 20);
      checkNeighbors(await engine.neighbors(set, { metric, k: 70, queries }), metric, set, queries);
      checkNeighbors(await onCpu.neighbors(set, { metric, k: 70, queries }), metric, set, queries);
    }
  });

  test('of many queries', async () => {
    const set = normalSet(6, 200, 20);
    const queries = normalSet(7, 1100, 20);
    checkNeighbors(await engine.neighbors(set, { metric, k: 5, queries }), metric, set, queries);
  });

  test('of few queries in many: many lists each', async () => {
    const set = normalSet(4, 2000, 20);
    const queries = normalSet(5, 3, 20);
    const found = await engine.neighbors(set, { metric, k: 5, queries });
    checkNeighbors(found, metric, set, queries);
    expect(await choppy.neighbors(set, { metric, k: 5, queries })).toEqual(found);
    checkNeighbors(await onCpu.neighbors(set, { metric, k: 5, queries }), metric, set, queries);
  });

  test('in small chunks: the same bits', async () => {
    const set = withOddRows(normalSet(3, 150, 130));
    const whole = await engine.neighbors(set, { metric, k: 130 });
    checkNeighbors(whole, metric, set);
    expect(await choppy.neighbors(set, { metric, k: 130 })).toEqual(whole);
    expect(await engine.neighbors(set, { metric, k: 130 })).toEqual(whole);
  });

  test('among allowed rows', async () => {
    const set = withOddRows(normalSet(8, 300, 20));
    const allowed = Uint8Array.from({ length: 300 }, (_, i) => (i % 7 < 3 || i > 250 ? (i % 7) + 1 : 0));
    const queries = normalSet(9, 3, 20);
    for (const options of [
      { metric, k: 9, allowed },
      { metric, k: 9, allowed, queries },
    ]) {
      const found = await engine.neighbors(set, options);
      checkNeighbors(found, metric, set, options.queries, allowed);
      expect(await choppy.neighbors(set, options)).toEqual(found);
    }
  });

  test('by a tile for real GPUs: the same bits', async () => {
    const shared = createGpuEngine(gpu, { kernel: 'workgroup 64×64, 4×4 each, 4 lanes' });
    const set = withOddRows(normalSet(10, 200, 37));
    expect(await shared.neighbors(set, { metric, k: 20 })).toEqual(
      await engine.neighbors(set, { metric, k: 20 }),
    );
  });
});

test('by tiles that are not square, among allowed rows, stored as halves', async () => {
  const shared = createGpuEngine(gpu, { kernel: 'workgroup 128×64, 8×4 each, 4 lanes' });
  const set = withOddRows(normalSet(11, 333, 37));
  const allowed = new Uint8Array(333).fill(1, 0, 300);
  const options = { metric: 'cosine', k: 20, allowed, storage: 'float16' } as const;
  const found = await engine.neighbors(set, options);
  expect(await shared.neighbors(set, options)).toEqual(found);
  expect(await choppy.neighbors(set, options)).toEqual(found);
  // The distances of the rows as they are stored, in order.
  const all = await engine.distances(set, { metric: 'cosine', storage: 'float16' });
  let wrong = 0;
  for (let row = 0; row < 333; row++) {
    const order = [...Array(300).keys()].filter((column) => column !== row);
    const distance = (column: number) => all[row * 333 + column] ?? Number.NaN;
    order.sort((a, b) => distance(a) - distance(b) || a - b);
    for (let rank = 0; rank < 20; rank++) {
      if (found.indices[row * 20 + rank] !== order[rank]) wrong++;
      if (found.distances[row * 20 + rank] !== distance(order[rank] ?? -1)) wrong++;
    }
  }
  expect(wrong).toBe(0);
});

test('a k that is large for its set is found from rows of distances: the same neighbors', async () => {
  const byItself = createGpuEngine(gpu);
  const set = withOddRows(normalSet(20, 300, 20));
  const allowed = Uint8Array.from({ length: 300 }, (_, i) => i % 5);
  for (const metric of ['cosine', 'dot'] as const) {
    const options = { metric, k: 120, allowed };
    expect(await byItself.neighbors(set, options)).toEqual(await engine.neighbors(set, options));
  }
});

test('k at its limits: each list begins the next', async () => {
  const set = withOddRows(normalSet(12, 1100, 3));
  const queries = normalSet(18, 12, 3);
  for (const metric of ['euclidean', 'dot'] as const) {
    // Beyond 1,024 whole rows are sorted on the CPU.
    const all = await engine.neighbors(set, { metric, k: 1100, queries });
    checkNeighbors(all, metric, set, queries);
    for (const k of [1, 15, 63, 64, 65, 1024]) {
      const found = await engine.neighbors(set, { metric, k, queries });
      const beginning = (values: Float32Array | Uint32Array) => values.filter((_, at) => at % 1100 < k);
      expect(found.indices).toEqual(beginning(all.indices));
      expect(found.distances).toEqual(beginning(all.distances));
    }
  }
  const few = normalSet(19, 41, 3);
  checkNeighbors(await engine.neighbors(few, { metric: 'cosine', k: 40 }), 'cosine', few);
});

test.each(METRICS)('%s neighbors of many exact copies, far from 0', async (metric) => {
  // 400 rows, each one of 3.
  const three = normalSet(13, 3, 10, 1e4);
  const vectors = Float32Array.from({ length: 4000 }, (_, at) => {
    const row = Math.floor(at / 10);
    return three.vectors[((row * row) % 3) * 10 + (at % 10)] ?? 0;
  });
  const set = { vectors, dimension: 10 };
  const found = await engine.neighbors(set, { metric, k: 300 });
  checkNeighbors(found, metric, set, undefined, undefined, 13);
  const same = Array.from({ length: 400 }, (_, row) => row).filter((row) => row % 3 === 0 && row > 0);
  if (metric !== 'dot') expect([...found.indices.subarray(0, same.length)]).toEqual(same);
});

test('tight clusters among others: no neighbor is missed', async () => {
  const far = normalSet(14, 500, 24);
  const noise = normalSet(15, 500, 24);
  // Rows of a cluster differ in their sixth digit: a product of them does not tell which is nearer.
  const vectors = far.vectors.map((_, at) => {
    const row = Math.floor(at / 24);
    return (far.vectors[(row % 10) * 24 + (at % 24)] ?? 0) + 1e-5 * (noise.vectors[at] ?? 0);
  });
  const set = { vectors, dimension: 24 };
  for (const metric of ['euclidean', 'cosine'] as const) {
    const found = await engine.neighbors(set, { metric, k: 5 });
    expect(found.indices.every((index, at) => index % 10 === Math.floor(at / 5) % 10)).toBe(true);
    checkNeighbors(found, metric, set, undefined, undefined, 9);
  }
});

test('refuses a k or a mask that does not fit, and says what would', async () => {
  const set = normalSet(16, 10, 4);
  const allowed = Uint8Array.from([1, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  const ask = (options: { k: number; queries?: VectorSet; allowed?: Uint8Array<ArrayBuffer> }) =>
    engine.neighbors(set, { metric: 'dot', ...options });
  await expect(ask({ k: 3, allowed })).rejects.toEqual(
    new InvalidK(
      'k is 3, but it must be a whole number from 1 to 2: the set has 10 vectors, 3 of them allowed, itself left out.',
    ),
  );
  expect((await ask({ k: 3, allowed, queries: set })).indices.length).toBe(30);
  await expect(ask({ k: 1, allowed: new Uint8Array(10) })).rejects.toThrow(
    'there are no neighbors to find: the set has 10 vectors, 0 of them allowed',
  );
  await expect(ask({ k: 1, allowed: new Uint8Array(9) })).rejects.toEqual(
    new InvalidVectors('`allowed` holds 9 numbers for 10 vectors; it must hold one for each.'),
  );
});

test('300,000 rows: starts, tells progress, is cancelled, and leaves nothing behind', async () => {
  const some = normalSet(17, 1000, 64).vectors;
  const vectors = new Float32Array(300_000 * 64);
  for (let at = 0; at < vectors.length; at += some.length) vectors.set(some, at);
  const controller = new AbortController();
  let steps = 0;
  let cancelled = 0;
  const onProgress = (done: number, total: number, what: string) => {
    if (what !== 'Finding neighbors') return;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(total);
    if (++steps < 5) return;
    cancelled = performance.now();
    controller.abort();
  };
  const before = gpu.memory.live.bytes;
  const big = createGpuEngine(gpu);
  const job = { signal: controller.signal, onProgress };
  const error = await big
    .neighbors({ vectors, dimension: 64 }, { metric: 'cosine', k: 15 }, job)
    .catch((reason: unknown) => reason);
  expect(isAbort(error)).toBe(true);
  expect(steps).toBe(5);
  // 200 ms are promised; the rest is for machines that are shared.
  expect(performance.now() - cancelled).toBeLessThan(1000);
  big.dispose();
  await expect.poll(() => gpu.memory.live.bytes).toBeLessThanOrEqual(before);
});

/**
 * Distances as in float64 and in order, and each index at the distance that is told; ties by index.
 *
 * @param every looks at one row of so many
 */
function checkNeighbors(
  found: Neighbors,
  metric: MetricId,
  set: VectorSet,
  queries?: VectorSet,
  eligible?: Uint8Array,
  every = 1,
): void {
  const expected = expectedDistances(metric, queries ?? set, set);
  const { k } = found;
  const sign = metric === 'dot' ? -1 : 1;
  expect(found.indices.length).toBe(expected.rows * k);
  let wrong = 0;
  for (let i = 0; i < expected.rows; i += every) {
    const columns = [...Array(expected.columns).keys()].filter(
      (j) => (queries || j !== i) && eligible?.[j] !== 0,
    );
    const value = (j: number) => expected.values[i * expected.columns + j] ?? Number.NaN;
    const allowed = (j: number) => expected.allowed[i * expected.columns + j] ?? Number.NaN;
    columns.sort((a, b) => sign * (value(a) - value(b)) || a - b);
    const seen = new Set<number>();
    for (let rank = 0; rank < k; rank++) {
      const index = found.indices[i * k + rank] ?? -1;
      const distance = found.distances[i * k + rank] ?? Number.NaN;
      const ideal = columns[rank] ?? -1;
      // Bits are counted exactly, and few counts make many ties: also at the end of the list.
      if (metric === 'hamming' && index !== ideal) wrong++;
      if (seen.has(index) || index === (queries ? -1 : i) || eligible?.[index] === 0) wrong++;
      seen.add(index);
      if (!(Math.abs(distance - value(index)) <= allowed(index))) wrong++;
      if (!(Math.abs(distance - value(ideal)) <= allowed(ideal) + allowed(index))) wrong++;
      if (rank === 0) continue;
      const before = found.distances[i * k + rank - 1] ?? Number.NaN;
      const indexBefore = found.indices[i * k + rank - 1] ?? -1;
      if (!(sign * before < sign * distance || (before === distance && indexBefore < index))) wrong++;
    }
  }
  expect(wrong).toBe(0);
}
