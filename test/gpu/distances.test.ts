import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import {
  DIMENSIONS,
  expectedDistances,
  METRICS,
  normalSet,
  randomStream,
  withOddRows,
  worstError,
} from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const onCpu = createCpuEngine();
afterAll(() => onCpu.dispose());
const choppy = createGpuEngine(gpu, { maxChunkBytes: 16 * 1024, maxPairs: 100 });

describe.each(METRICS)('%s distances', (metric) => {
  test.each(DIMENSIONS)('d = %i agree with float64', async (dimension) => {
    const set = withOddRows(normalSet(dimension, 37, dimension));
    expect(
      worstError(await engine.distances(set, { metric }), expectedDistances(metric, set)),
    ).toBeLessThanOrEqual(1);
  });

  test.each([3, 64, 1280])('rows shifted by 1e4, d = %i', async (dimension) => {
    const set = normalSet(7, 21, dimension, 1e4);
    expect(
      worstError(await engine.distances(set, { metric }), expectedDistances(metric, set)),
    ).toBeLessThanOrEqual(1);
  });

  test('in small chunks: the same bits', async () => {
    const rows = withOddRows(normalSet(1, 70, 130));
    const columns = normalSet(2, 45, 130);
    const whole = await engine.distances(rows, { metric, columns });
    expect(worstError(whole, expectedDistances(metric, rows, columns))).toBeLessThanOrEqual(1);
    expect(await choppy.distances(rows, { metric, columns })).toEqual(whole);
    expect(await engine.distances(rows, { metric, columns })).toEqual(whole);
  });
});

// Each way to share rows, with each metric and both ways to store them, but not all with all: the software adapter takes
// seconds to compile much workgroup memory.
describe.each([
  ['dot', 'float32', 'workgroup 32×32, 2×2 each, 2 lanes'],
  ['hamming', 'float32', 'workgroup 128×128, 8×8 each, 2 lanes, two buffers'],
  ['euclidean', 'float16', 'workgroup 32×32, 2×2 each, 2 lanes'],
  ['cosine', 'float32', 'workgroup 64×64, 4×4 each, 4 lanes'],
  ['manhattan', 'float16', 'workgroup 32×32, 2×2 each, 2 lanes'],
  ['manhattan', 'float16', 'direct 8×8, 64 invocations'],
  ['euclidean', 'float32', 'direct 8×8, 64 invocations'],
  ['manhattan', 'float32', 'direct 4×4, 64 invocations'],
  ['hamming', 'float32', 'direct 4×4, 64 invocations'],
  ['manhattan', 'float32', 'quad 16×4'],
  ['hamming', 'float32', 'quad 16×4'],
  ['cosine', 'float16', 'quad 16×4'],
] as const)('%s, %s, by %s', (metric, storage, kernel) => {
  test('agrees with the fastest, at sizes that are no multiple of a tile and at borders of chunks', async () => {
    const forced = createGpuEngine(gpu, { kernel });
    const inChunks = createGpuEngine(gpu, { kernel, maxChunkBytes: 24 * 1024, maxPairs: 900 });
    // 33 lanes: no multiple of a shared tile, and one more than two blocks of sums.
    const rows = withOddRows(normalSet(11, 133, 132));
    const columns = normalSet(12, 71, 132);
    const measured = await forced.distances(rows, { metric, columns, storage });
    expect(await inChunks.distances(rows, { metric, columns, storage })).toEqual(measured);
    const allowed = expectedDistances(metric, rows, columns).allowed;
    const values = Float64Array.from(await onCpu.distances(rows, { metric, columns, storage }));
    expect(worstError(measured, { values, allowed })).toBeLessThanOrEqual(1);
    for (const dimension of [1, 5, 65]) {
      const small = withOddRows(normalSet(dimension, 17, dimension, 1e4));
      const onGpu = await forced.distances(small, { metric, storage });
      const known = Float64Array.from(await onCpu.distances(small, { metric, storage }));
      const { allowed: within } = expectedDistances(metric, small);
      expect(worstError(onGpu, { values: known, allowed: within })).toBeLessThanOrEqual(1);
    }
  });
});

test('a cancelled job ends, tells no more progress, and leaves nothing behind', async () => {
  // Its own: sets of other tests are freed when they are forgotten, which may be now.
  const own = await openGpu();
  if (!own) throw new Error('no second device');
  const counted = createGpuEngine(own);
  const set = normalSet(13, 900, 256);
  await counted.distances(set, { metric: 'manhattan' });
  const before = own.memory.live;
  const controller = new AbortController();
  let told = 0;
  const onProgress = () => {
    told++;
    controller.abort();
  };
  const job = counted.distances(set, { metric: 'manhattan' }, { signal: controller.signal, onProgress });
  await expect(job).rejects.toThrow(/abort/i);
  await own.device.queue.onSubmittedWorkDone();
  expect([told, own.memory.live]).toEqual([1, before]);
  own.close();
});

test.each(['manhattan', 'euclidean', 'cosine', 'dot'] as const)(
  '%s distances of rows as long as a picture has numbers, all of one sign',
  async (metric) => {
    // 224 × 224 × 3 bytes: what is lost in each addition goes one way, and adds up.
    const random = randomStream(31);
    const vectors = Float32Array.from({ length: 4 * 150_528 }, () => Math.floor(random() * 256) / 255);
    const set = { vectors, dimension: 150_528 };
    expect(
      worstError(await engine.distances(set, { metric }), expectedDistances(metric, set)),
    ).toBeLessThanOrEqual(1);
  },
);
