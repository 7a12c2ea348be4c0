import { afterAll, afterEach, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { openGpu } from '../../src/gpu/gpu.ts';
import type { VectorSet } from '../../src/metrics/engine.ts';
import { NotEnoughMemory } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { normalSet } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
const engine = createGpuEngine(gpu, { maxChunkBytes: 2 ** 20 });
afterAll(() => gpu.close());
afterEach(() => {
  gpu.memory.budget = Number.POSITIVE_INFINITY;
});

test('a set that does not fit: says what it needs and what would fit, and leaves nothing behind', async () => {
  const before = gpu.memory.live;
  gpu.memory.budget = before.bytes + 4 * 2 ** 20;
  const set = normalSet(1, 12_000, 128);
  const error = await engine.neighbors(set, { metric: 'euclidean', k: 3 }).catch((reason: unknown) => reason);
  expect(error).toEqual(
    new NotEnoughMemory(
      'The vectors (12,000 × 128) need 5.9 MiB of GPU memory; it gave 3.0 MiB, enough for 6,144 of them. ' +
        'As 16-bit floats (storage "float16") they take 3.0 MiB, which fits. ' +
        'As bits (metric "hamming") they take 234.4 KiB, which fits. ' +
        'Use fewer vectors, or close other pages.',
    ),
  );
  expect(gpu.memory.live).toEqual(before);
  gpu.memory.budget = Number.POSITIVE_INFINITY;
  const query = { vectors: set.vectors.slice(128 * 5, 128 * 6), dimension: 128 };
  expect((await engine.neighbors(set, { metric: 'euclidean', k: 1, queries: query })).indices[0]).toBe(5);
});

test('sets that nobody uses make room', async () => {
  const [first, second] = [normalSet(1, 6000, 64), normalSet(2, 6000, 64)];
  const query = { vectors: second.vectors.slice(0, 64), dimension: 64 };
  await engine.neighbors(first, { metric: 'dot', k: 1, queries: query });
  gpu.memory.budget = gpu.memory.live.bytes + 2 ** 20;
  const found = await engine.neighbors(second, { metric: 'euclidean', k: 1, queries: query });
  expect(found.indices[0]).toBe(0);
  stillHeld(first);
});

test('sets that nobody uses make room for what a job works with, too', async () => {
  const idle = normalSet(4, 12_000, 64);
  const set = normalSet(5, 500, 8);
  const query = { vectors: set.vectors.slice(0, 8), dimension: 8 };
  await engine.neighbors(idle, { metric: 'dot', k: 1, queries: normalSet(6, 1, 64) });
  await engine.neighbors(set, { metric: 'manhattan', k: 1, queries: query });
  gpu.memory.budget = gpu.memory.live.bytes + 2 ** 20;
  // A block of 250,000 distances and two to read them: 3 MB, and as much is idle.
  expect((await engine.distances(set, { metric: 'manhattan' })).length).toBe(250_000);
  stillHeld(idle);
});

/** Keeps a set from being collected until here: what only a collected set held would not be there to make room of. */
function stillHeld({ vectors }: VectorSet): void {
  expect(vectors.length).toBeGreaterThan(0);
}

test('an upload tells progress, stops at once when cancelled, and frees what it had', async () => {
  const before = gpu.memory.live;
  const set = normalSet(3, 40_000, 128);
  const controller = new AbortController();
  let told = 0;
  let cancelledAt = 0;
  const error = await engine
    .neighbors(
      set,
      { metric: 'dot', k: 3 },
      {
        signal: controller.signal,
        onProgress(done, total, what) {
          told++;
          expect([total, what]).toEqual([40_000, 'Sending vectors to the GPU']);
          expect(done).toBeLessThan(total);
          cancelledAt = performance.now();
          controller.abort();
        },
      },
    )
    .catch((reason: unknown) => reason);
  expect(isAbort(error)).toBe(true);
  expect(told).toBe(1);
  // What docs/metrics.md promises: a cancel is heard within 200 ms.
  expect(performance.now() - cancelledAt).toBeLessThan(200);
  await expect.poll(() => gpu.memory.live.bytes).toBeLessThanOrEqual(before.bytes);
});
