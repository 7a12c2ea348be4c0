import { afterAll, describe, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricEngine } from '../../src/metrics/engine.ts';
import { InvalidK, InvalidScale, InvalidVectors } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { normalSet } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
const engines: Record<string, MetricEngine> = { gpu: createGpuEngine(gpu), cpu: createCpuEngine() };
afterAll(() => {
  for (const engine of Object.values(engines)) engine.dispose();
  gpu.close();
});

describe.each(Object.entries(engines))('the %s engine', (_, engine) => {
  test('refuses bad input with a message to act on, and goes on', async () => {
    const set = normalSet(1, 10, 4);
    const broken = { vectors: set.vectors.slice(), dimension: 4 };
    broken.vectors[4 * 3 + 2] = Number.NaN;
    const told =
      ' hold NaN in row 3, column 2 (counted from 0); every value must be finite. Remove or repair that row.';
    for (const metric of ['euclidean', 'hamming'] as const) {
      await expect(engine.neighbors(broken, { metric, k: 2 })).rejects.toEqual(
        new InvalidVectors(`The vectors${told}`),
      );
    }
    await expect(engine.neighbors(set, { metric: 'dot', k: 2, queries: broken })).rejects.toEqual(
      new InvalidVectors(`The queries${told}`),
    );
    await expect(engine.distances(set, { metric: 'dot', columns: broken })).rejects.toEqual(
      new InvalidVectors(`The columns${told}`),
    );
    await expect(engine.similarity(set, broken)).rejects.toEqual(new InvalidVectors(`The labels${told}`));
    await expect(engine.neighbors(set, { metric: 'dot', k: 10 })).rejects.toThrow(InvalidK);
    await expect(engine.similarity(set, set, { scale: 0 })).rejects.toThrow(InvalidScale);
    await expect(engine.distances(set, { metric: 'dot', columns: normalSet(1, 2, 3) })).rejects.toEqual(
      new InvalidVectors('The vectors have dimension 4 and the columns have 3; both must be the same.'),
    );
    expect((await engine.neighbors(set, { metric: 'cosine', k: 2 })).indices.length).toBe(20);
  });

  test('gives empty answers for empty sets', async () => {
    const set = normalSet(1, 10, 4);
    const none = { vectors: new Float32Array(0), dimension: 4 };
    expect(await engine.distances(none, { metric: 'cosine' })).toEqual(new Float32Array(0));
    expect(await engine.distances(set, { metric: 'hamming', columns: none })).toEqual(new Float32Array(0));
    expect((await engine.neighbors(set, { metric: 'dot', k: 3, queries: none })).indices.length).toBe(0);
    expect((await engine.similarity(set, none)).logits.length).toBe(0);
    await expect(engine.neighbors(none, { metric: 'cosine', k: 1 })).rejects.toThrow(InvalidK);
  });

  test('puts duplicates at 0, and a zero vector at distance 1 from all but itself, under cosine', async () => {
    const vectors = Float32Array.from([0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0, 0, 0, 0, 0, 0, 1e4, 1, -7]);
    const distances = await engine.distances({ vectors, dimension: 3 }, { metric: 'cosine' });
    const row = (i: number) => [...distances.subarray(i * 5, (i + 1) * 5)];
    expect(row(0).slice(0, 4)).toEqual([0, 0, 1, 1]);
    expect(row(2)).toEqual([1, 1, 0, 1, 1]);
    expect(row(3)).toEqual([1, 1, 1, 0, 1]);
    expect(distances[24]).toBe(0);
  });

  test('takes bits by the median, the mean or 0 of the base', async () => {
    const base = { vectors: Float32Array.from([1, 2, 3, 10]), dimension: 1 };
    const queries = { vectors: Float32Array.from([2.7, 5, -1]), dimension: 1 };
    const bits = async (threshold: 'median' | 'mean' | 'zero') =>
      [...(await engine.distances(queries, { metric: 'hamming', columns: base, threshold }))].join('');
    expect(await bits('median')).toBe('110011000011');
    expect(await bits('mean')).toBe('000111100001');
    expect(await bits('zero')).toBe('000000001111');
  });

  test('tells progress and can be cancelled, and the next job is whole', async () => {
    const set = normalSet(1, 1500, 256);
    const steps: number[] = [];
    const controller = new AbortController();
    const job = {
      signal: controller.signal,
      onProgress: (done: number, total: number, what: string) => {
        if (what === 'Sending vectors to the GPU') return;
        expect(what).toBe('Finding neighbors');
        steps.push(done / total);
        controller.abort();
      },
    };
    const error = await engine
      .neighbors(set, { metric: 'manhattan', k: 3 }, job)
      .catch((reason: unknown) => reason);
    expect(isAbort(error)).toBe(true);
    expect(steps[0]).toBeLessThan(1);
    await expect(engine.distances(set, { metric: 'dot' }, { signal: controller.signal })).rejects.toSatisfy(
      isAbort,
    );
    const query = { vectors: set.vectors.slice(256 * 7, 256 * 8), dimension: 256 };
    const found = await engine.neighbors(set, { metric: 'manhattan', k: 2, queries: query });
    expect(found.indices[0]).toBe(7);
    expect(found.distances[0]).toBe(0);
  });

  test('answers a search while a long job runs', async () => {
    const set = normalSet(1, 2500, 64);
    const order: string[] = [];
    const long = engine.neighbors(set, { metric: 'cosine', k: 5 }).then(() => order.push('long'));
    const query = normalSet(2, 1, 64);
    await engine.neighbors(set, { metric: 'cosine', k: 5, queries: query }).then(() => order.push('search'));
    await long;
    expect(order).toEqual(['search', 'long']);
  });
});
