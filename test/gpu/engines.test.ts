import { afterAll, describe, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricEngine } from '../../src/metrics/engine.ts';
import { InvalidK, InvalidOptions, InvalidScale, InvalidVectors } from '../../src/metrics/errors.ts';
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
    const best = { labelsPerPicture: 1, picturesPerLabel: 1 };
    await expect(engine.rankSimilarity(broken, set, best)).rejects.toEqual(
      new InvalidVectors(`The pictures${told}`),
    );
    await expect(engine.summarize(broken, { metric: 'manhattan' })).rejects.toEqual(
      new InvalidVectors(`The vectors${told}`),
    );
    await expect(engine.distanceRows(set, { metric: 'cosine', columns: broken }).next()).rejects.toEqual(
      new InvalidVectors(`The columns${told}`),
    );
    await expect(engine.neighbors(set, { metric: 'dot', k: 10 })).rejects.toThrow(InvalidK);
    await expect(engine.similarity(set, set, { scale: 0 })).rejects.toThrow(InvalidScale);
    await expect(engine.distances(set, { metric: 'dot', columns: normalSet(1, 2, 3) })).rejects.toEqual(
      new InvalidVectors('The vectors have dimension 4 and the columns have 3; both must be the same.'),
    );
    await expect(engine.rankSimilarity(set, set, { ...best, labelsPerPicture: 65 })).rejects.toThrow(
      InvalidK,
    );
    await expect(engine.rankSimilarity(set, set, { ...best, scale: 101 })).rejects.toThrow(InvalidScale);
    await expect(engine.summarize(set, { metric: 'dot', bins: 0 })).rejects.toThrow(InvalidOptions);
    await expect(engine.summarize(set, { metric: 'dot', labels: Uint32Array.of(1) })).rejects.toEqual(
      new InvalidOptions('There are 1 labels for 10 columns; give one a column.'),
    );
    // Scripts have no types.
    const loose = (options: object) => engine.neighbors(set, { metric: 'cosine', k: 2, ...options });
    for (const [options, message] of [
      [
        { metric: 'chebyshev' },
        'metric is "chebyshev"; it must be one of euclidean, manhattan, cosine, hamming, dot.',
      ],
      [{ threshold: 'half' }, 'threshold is "half"; it must be one of median, mean, zero.'],
      [{ storage: 'f16' }, 'storage is "f16"; it must be one of float32, float16.'],
      [
        { allowed: Array(10).fill(true) },
        '`allowed` must be a Uint8Array, with 0 for each vector that may not be found.',
      ],
    ] as const) {
      await expect(loose(options)).rejects.toEqual(new InvalidOptions(message));
    }
    const symbols = { symbols: new Uint8Array(4), dimension: 4 };
    const asked = { labelsPerPicture: 1, picturesPerLabel: 1 };
    await expect(engine.rankSimilarity(Object.assign({}, set, symbols), set, asked)).rejects.toThrow(
      'The pictures are whole numbers to be compared as they are; only the metric "hamming" does that.',
    );
    expect((await engine.neighbors(set, { metric: 'cosine', k: 2 })).indices.length).toBe(20);
  });

  test('refuses whole numbers where they cannot be compared', async () => {
    const set = normalSet(1, 10, 4);
    const whole = { symbols: Uint8Array.from(set.vectors), dimension: 4 };
    const told =
      'The vectors are whole numbers to be compared as they are; only the metric "hamming" does that. Measure by it, or give real vectors.';
    for (const metric of ['euclidean', 'dot'] as const) {
      await expect(engine.distances(whole, { metric })).rejects.toEqual(new InvalidVectors(told));
      await expect(engine.neighbors(whole, { metric, k: 2 })).rejects.toEqual(new InvalidVectors(told));
      await expect(engine.summarize(whole, { metric })).rejects.toEqual(new InvalidVectors(told));
      await expect(engine.distanceRows(whole, { metric }).next()).rejects.toEqual(new InvalidVectors(told));
    }
    await expect(engine.distances(set, { metric: 'hamming', columns: whole })).rejects.toEqual(
      new InvalidVectors(
        'The columns are whole numbers to be compared as they are, but the vectors are real vectors. Give both as the one or both as the other.',
      ),
    );
    await expect(engine.neighbors(whole, { metric: 'hamming', k: 2, queries: set })).rejects.toEqual(
      new InvalidVectors(
        'The vectors are whole numbers to be compared as they are, but the queries are real vectors. Give both as the one or both as the other.',
      ),
    );
    expect((await engine.distances(whole, { metric: 'hamming' }))[0]).toBe(0);
  });

  test('finds only what is allowed, and refuses a filter that does not fit', async () => {
    const set = normalSet(1, 12, 4);
    const allowed = Uint8Array.from({ length: 12 }, (_, j) => (j < 3 ? 0 : 9));
    const { indices } = await engine.neighbors(set, { metric: 'cosine', k: 8, allowed });
    for (let row = 0; row < 12; row++) {
      const found = indices.subarray(row * 8, row * 8 + 8);
      const others = [3, 4, 5, 6, 7, 8, 9, 10, 11].filter((j) => j !== row);
      expect(others).toEqual(expect.arrayContaining([...found]));
      expect(new Set(found).size).toBe(8);
    }
    await expect(engine.neighbors(set, { metric: 'cosine', k: 9, allowed })).rejects.toEqual(
      new InvalidK(
        'k is 9, but it must be a whole number from 1 to 8: the set has 12 vectors, 9 of them allowed, itself left out.',
      ),
    );
    const short = Uint8Array.of(1, 1);
    await expect(engine.neighbors(set, { metric: 'cosine', k: 1, allowed: short })).rejects.toEqual(
      new InvalidVectors('`allowed` holds 2 numbers for 12 vectors; it must hold one for each.'),
    );
  });

  test('measures rows as 16-bit floats, and refuses what these do not reach', async () => {
    const large = { vectors: Float32Array.of(1, 65504, -65504, 65505), dimension: 2 };
    for (const metric of ['euclidean', 'manhattan', 'cosine', 'dot'] as const) {
      await expect(engine.distances(large, { metric, storage: 'float16' })).rejects.toEqual(
        new InvalidVectors(
          'The vectors hold 65505 in row 1, column 1 (counted from 0); the size of a value may be at most 65504 in 16-bit floats. Use storage "float32", or repair that row.',
        ),
      );
    }
    // 2,049 lies between two halves: the even one is 2,048.
    const near = { vectors: Float32Array.of(2049, 0.5, 2051, 0.25), dimension: 2 };
    const found = await engine.distances(near, { metric: 'manhattan', storage: 'float16' });
    expect([...found]).toEqual([0, 4.25, 4.25, 0]);
  });

  test('gives empty answers for empty sets', async () => {
    const set = normalSet(1, 10, 4);
    const none = { vectors: new Float32Array(0), dimension: 4 };
    expect(await engine.distances(none, { metric: 'cosine' })).toEqual(new Float32Array(0));
    expect(await engine.distances(set, { metric: 'hamming', columns: none })).toEqual(new Float32Array(0));
    expect((await engine.neighbors(set, { metric: 'dot', k: 3, queries: none })).indices.length).toBe(0);
    expect((await engine.similarity(set, none)).logits.length).toBe(0);
    const best = await engine.rankSimilarity(none, set, { labelsPerPicture: 2, picturesPerLabel: 2 });
    expect([best.labels.k, best.labels.indices.length, best.pictures.k]).toEqual([2, 0, 0]);
    for await (const rows of engine.distanceRows(none, { metric: 'cosine' })) expect(rows).toBeUndefined();
    const summary = await engine.summarize(set, { metric: 'cosine', columns: none });
    expect([summary.pairs, summary.smallest, summary.largest, summary.mean]).toEqual([0, NaN, NaN, NaN]);
    expect(summary.rowNearestIndices).toEqual(new Uint32Array(10).fill(2 ** 32 - 1));
    expect(summary.histogram.counts).toEqual(new Float64Array(64));
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

  test.each([1e-42, 1e-30, 1e-20, 1e-19, 1e-18, 1e15])(
    'puts duplicates of rows of size %f at 0',
    async (size) => {
      const row = normalSet(1, 1, 70).vectors.map((value) => Math.max(-1, Math.min(value / 5, 1)) * size);
      const set = { vectors: Float32Array.from([...row, ...row, ...row.toReversed()]), dimension: 70 };
      for (const metric of ['euclidean', 'manhattan', 'cosine'] as const) {
        const distances = await engine.distances(set, { metric });
        expect([0, 1, 3, 4, 8].map((at) => distances[at])).toEqual([0, 0, 0, 0, 0]);
      }
      const { indices } = await engine.neighbors(set, { metric: 'euclidean', k: 1 });
      expect([...indices.subarray(0, 2)]).toEqual([1, 0]);
    },
  );

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
    const set = normalSet(1, 4000, 64);
    const order: string[] = [];
    // Compiled before: what counts is whose turn it is.
    await engine.neighbors(set, { metric: 'cosine', k: 1, queries: normalSet(3, 1, 64) });
    const long = engine.neighbors(set, { metric: 'cosine', k: 5 }).then(() => order.push('long'));
    const query = normalSet(2, 1, 64);
    await engine.neighbors(set, { metric: 'cosine', k: 5, queries: query }).then(() => order.push('search'));
    await long;
    expect(order).toEqual(['search', 'long']);
  });
});
