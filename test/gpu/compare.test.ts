import { afterAll, describe, expect, test } from 'vitest';
import { createComparison } from '../../src/compare/create-comparison.ts';
import { distancesForScaling } from '../../src/compare/distances-for-scaling.ts';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { createLayout } from '../../src/projection/create-layout.ts';
import { normalSet } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
const engines = { gpu: createGpuEngine(gpu), cpu: createCpuEngine() };
const comparisons = { gpu: createComparison(engines.gpu), cpu: createComparison(engines.cpu) };
const layout = createLayout();
afterAll(() => {
  layout.dispose();
  for (const comparison of Object.values(comparisons)) comparison.dispose();
  for (const engine of Object.values(engines)) engine.dispose();
  gpu.close();
});

const n = 300;
const set = normalSet(1, n, 24);
const metrics = (['euclidean', 'cosine', 'manhattan', 'hamming'] as const).map((metric) => ({
  set,
  options: { metric },
}));
// Numbers of float32 distances that are summed in another order differ in the last digit; now and then two items swap.
const CLOSE = 4;

describe('both engines, in a worker', () => {
  test('agreement and correlations are the same', async () => {
    const told: string[] = [];
    const job = { onProgress: (_done: number, _total: number, what: string) => told.push(what) };
    const [ours, plain] = await Promise.all([
      comparisons.gpu.agreement(metrics, {}, job),
      comparisons.cpu.agreement(metrics),
    ]);
    expect(ours.pairs).toHaveLength(6);
    ours.pairs.forEach((pair, place) => {
      const other = plain.pairs[place];
      expect([pair.first, pair.second]).toEqual([other?.first, other?.second]);
      expect(pair.rbo).toBeCloseTo(other?.rbo ?? 0, CLOSE);
      pair.overlaps.forEach(({ share }, s) => {
        expect(share).toBeCloseTo(other?.overlaps[s]?.share ?? 0, CLOSE);
      });
    });
    expect(ours.pairs[0]?.overlaps[1]?.share).toBeGreaterThan(0.5);
    expect(told).toContain('Comparing neighbors');
    const [fast, slow] = await Promise.all([
      comparisons.gpu.correlations(metrics),
      comparisons.cpu.correlations(metrics),
    ]);
    fast.pairs.forEach((pair, place) => {
      for (const name of ['pearson', 'spearman', 'kendall'] as const) {
        expect(pair[name]).toBeCloseTo(slow.pairs[place]?.[name] ?? 0, CLOSE);
      }
    });
  });

  test('honesty is the same, of classical scaling beside PCA, and a plane is shown as it is', async () => {
    const flat = normalSet(2, n, 2);
    const [scaled, principal] = await Promise.all([
      distancesForScaling(engines.gpu, set, { metric: 'manhattan' }).then((distances) =>
        layout.classicalScaling(distances, 2),
      ),
      layout.pca(set, 2),
    ]);
    expect(scaled.negativeShare).toBeGreaterThan(0.01);
    const maps = [scaled.positions, principal.positions].map((positions) => ({ positions, dimensions: 2 }));
    const question = { set, options: { metric: 'manhattan' }, maps } as const;
    const [ours, plain] = await Promise.all([
      comparisons.gpu.honesty(question),
      comparisons.cpu.honesty(question),
    ]);
    expect(ours.maps).toHaveLength(2);
    ours.maps.forEach(({ sizes, global }, place) => {
      const other = plain.maps[place];
      expect(sizes.map(({ k }) => k)).toEqual([15, 50, 149]);
      sizes.forEach((size, s) => {
        for (const name of ['trustworthiness', 'continuity', 'kept'] as const) {
          expect(size[name].value).toBeCloseTo(other?.sizes[s]?.[name].value ?? 0, 3);
          expect(size[name].value).toBeGreaterThan(ours.chance.sizes[s]?.[name] ?? 1);
        }
      });
      expect(global.spearman).toBeCloseTo(other?.global.spearman ?? 0, CLOSE);
      expect(global.triplets.accuracy).toBeCloseTo(other?.global.triplets.accuracy ?? 0, 3);
    });
    const perfect = await comparisons.gpu.honesty({
      set: flat,
      options: { metric: 'euclidean' },
      maps: [{ positions: flat.vectors, dimensions: 2 }],
    });
    // Neighbors and rows of distances are the same bits, so that not one rank is off.
    for (const { trustworthiness, continuity, kept } of perfect.maps[0]?.sizes ?? []) {
      expect([trustworthiness.value, continuity.value, kept.value]).toEqual([1, 1, 1]);
    }
  });

  test('a space is the same, and an anchor finds itself', async () => {
    const question = { set, options: { metric: 'cosine' } } as const;
    const [ours, plain] = await Promise.all([
      comparisons.gpu.space(question),
      comparisons.cpu.space(question),
    ]);
    expect(ours.distances.spread.mean).toBeCloseTo(plain.distances.spread.mean, 5);
    expect(ours.distances.contrast.median).toBeCloseTo(plain.distances.contrast.median, 4);
    expect(ours.neighbors?.hubness.skewness).toBeCloseTo(plain.neighbors?.hubness.skewness ?? 0, 3);
    expect(ours.neighbors?.distances?.dimension.dimension).toBeCloseTo(
      plain.neighbors?.distances?.dimension.dimension ?? 0,
      2,
    );
    expect(ours.random?.gaussian.spread.mean).toBeCloseTo(plain.random?.gaussian.spread.mean ?? 0, 5);
    const map = [{ positions: normalSet(3, n, 2).vectors, dimensions: 2 }];
    const anchored = await comparisons.gpu.honesty({ ...question, maps: map, mostItems: 100, anchors: 60 });
    expect(anchored.anchors).toHaveLength(60);
    const { value, standardError } = anchored.maps[0]?.sizes[0]?.trustworthiness ?? {};
    expect(Math.abs((value ?? 0) - (anchored.chance.sizes[0]?.trustworthiness ?? 1))).toBeLessThan(
      5 * (standardError ?? 0),
    );
  });
});

test('an abort ends a comparison, and the next one runs', async () => {
  const controller = new AbortController();
  const late: string[] = [];
  const job = comparisons.cpu.correlations(
    metrics,
    {},
    {
      signal: controller.signal,
      onProgress: (_done, _total, what) => {
        if (controller.signal.aborted) late.push(what);
        else controller.abort();
      },
    },
  );
  await expect(job).rejects.toMatchObject({ name: 'AbortError' });
  expect(late).toEqual([]);
  const { pairs } = await comparisons.cpu.correlations(metrics.slice(0, 2));
  expect(pairs).toHaveLength(1);
  await expect(
    comparisons.cpu.space({ set, options: { metric: 'cosine' } }, { signal: controller.signal }),
  ).rejects.toMatchObject({ name: 'AbortError' });
});
