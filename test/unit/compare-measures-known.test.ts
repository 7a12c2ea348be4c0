import { describe, expect, test } from 'vitest';
import { compareLists } from '../../src/compare/agreement.ts';
import { compareNeighbors, correlateDistances } from '../../src/compare/compare-metrics.ts';
import { measureHubness } from '../../src/compare/hubness.ts';
import { measureHonesty } from '../../src/compare/measure-honesty.ts';
import { measureSpace } from '../../src/compare/measure-space.ts';
import { countWithin } from '../../src/compare/near-duplicates.ts';
import { straysOf } from '../../src/compare/neighborhoods.ts';
import { nearestOf } from '../../src/compare/rows-of-distances.ts';
import { twoNn } from '../../src/compare/two-nn.ts';
import type { MetricId, MetricSet } from '../../src/metrics/engine.ts';
import { symbolsOf } from '../../src/metrics/symbols.ts';
import { pca } from '../../src/projection/pca.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';
import { runUmap } from '../../src/projection/umap.ts';
import { plainEngine, plainTools } from './plain-engine.ts';
import { scattered } from './projection-sets.ts';

function under(set: MetricSet, ...metrics: MetricId[]) {
  return metrics.map((metric) => ({ set, options: { metric } }));
}

async function compare(set: MetricSet, first: MetricId, second: MetricId) {
  const metrics = under(set, first, second);
  const [lists] = (await compareNeighbors(plainTools(), metrics, {})).pairs;
  const [distances] = (await correlateDistances(plainTools(), metrics, {})).pairs;
  if (!lists || !distances) throw new Error('two metrics make a pair');
  return { lists, distances };
}

function unitRows(n: number, dimension: number, seed: number) {
  const rows = scattered(n, dimension, seed);
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * dimension, (i + 1) * dimension);
    const norm = Math.hypot(...row);
    row.forEach((value, c) => {
      row[c] = value / norm;
    });
  }
  return { vectors: rows, dimension };
}

describe('metrics where the answer is known', () => {
  test('on rows of one length Euclidean and cosine order alike', async () => {
    const { lists, distances } = await compare(unitRows(120, 6, 1), 'euclidean', 'cosine');
    for (const { share, jaccard } of lists.overlaps) expect([share, jaccard]).toEqual([1, 1]);
    expect(lists.rbo).toBeCloseTo(1, 12);
    // Lengths are 1 up to 32-bit rounding only.
    expect(distances.kendall).toBeGreaterThan(0.9999);
    expect(distances.spearman).toBeGreaterThan(0.99999);
  });

  test('on rows of very different length they do not', async () => {
    const set = unitRows(120, 6, 1);
    const random = createRandom(2);
    const factors = Float32Array.from({ length: 120 }, () => Math.exp(2 * gaussian(random)));
    const vectors = set.vectors.map((value, at) => value * (factors[Math.floor(at / 6)] ?? 1));
    const { lists, distances } = await compare({ vectors, dimension: 6 }, 'euclidean', 'cosine');
    expect(lists.overlaps[1]?.share).toBeLessThan(0.5);
    expect(distances.kendall).toBeLessThan(0.3);
  });

  test('with one huge dimension Manhattan and Euclidean part, and without it they are near', async () => {
    const dimension = 200;
    const even = scattered(100, dimension, 3);
    const huge = even.map((value, at) => (at % dimension === 0 ? value * 12 : value));
    const apart = await compare({ vectors: huge, dimension }, 'euclidean', 'manhattan');
    const near = await compare({ vectors: even, dimension }, 'euclidean', 'manhattan');
    expect(near.distances.spearman - apart.distances.spearman).toBeGreaterThan(0.1);
    expect((near.lists.overlaps[1]?.share ?? 0) - (apart.lists.overlaps[1]?.share ?? 0)).toBeGreaterThan(
      0.05,
    );
  });

  test('of unrelated sets the overlap is what chance gives', async () => {
    const n = 400;
    const metrics = [4, 5].map((seed) => ({
      set: { vectors: scattered(n, 12, seed), dimension: 12 },
      options: { metric: 'euclidean' } as const,
    }));
    const agreement = await compareNeighbors(plainTools(), metrics, {});
    const [pair] = agreement.pairs;
    expect(pair?.overlaps.map(({ k }) => k)).toEqual([5, 15, 50]);
    for (const { k, share, jaccard, chance, shares } of pair?.overlaps ?? []) {
      // Five standard errors, from the spread over the items; hubs make them hang together a little.
      const spread = Math.sqrt(shares.reduce((sum, value) => sum + (value - share) ** 2, 0)) / n;
      expect(chance.share).toBe(k / (n - 1));
      expect(Math.abs(share - chance.share)).toBeLessThan(5 * spread);
      expect(Math.abs(jaccard - chance.jaccard)).toBeLessThan(5 * spread);
    }
    expect(Math.abs((pair?.rbo ?? 0) - (pair?.chanceRbo ?? 1))).toBeLessThan(0.01);
    const [first = 0, second = 0] = agreement.contested;
    expect(agreement.disagreement[first]).toBe(Math.max(...agreement.disagreement));
    expect(agreement.disagreement[first]).toBeGreaterThanOrEqual(agreement.disagreement[second] ?? 0);
    expect(agreement.k).toBe(15);
  });

  test('rank-biased overlap by hand', () => {
    const list = (...indices: number[]) => ({
      k: 3,
      indices: Uint32Array.from([...indices, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    });
    const { rbos } = compareLists(list(1, 2, 3), list(2, 1, 0), [3], 0.5);
    // Overlap at depths 1, 2, 3: 0, 2, 2.
    expect(rbos[0]).toBeCloseTo((2 / 3) * 0.125 + 1 * (0 * 0.5 + 1 * 0.25 + (2 / 3) * 0.125), 6);
  });

  test('sampled pairs tell nearly what all pairs do', async () => {
    const metrics = under({ vectors: scattered(300, 5, 6), dimension: 5 }, 'euclidean', 'manhattan');
    const all = await correlateDistances(plainTools(), metrics, {});
    const some = await correlateDistances(plainTools(), metrics, { mostItems: 100, sampledPairs: 20_000 });
    expect(some).toMatchObject({ isEveryPair: false, rows: 300 });
    expect(some.count).toBeGreaterThanOrEqual(20_000);
    for (const name of ['pearson', 'spearman', 'kendall'] as const) {
      expect(Math.abs((some.pairs[0]?.[name] ?? 0) - (all.pairs[0]?.[name] ?? 1))).toBeLessThan(0.01);
    }
    expect(await correlateDistances(plainTools(), metrics, { mostItems: 100, sampledPairs: 20_000 })).toEqual(
      some,
    );
  });

  test('strings have no vectors, but neighbors and a space', async () => {
    const set = symbolsOf(['Saurav', 'Sourav', 'Saurab', 'Gaurav', 'Zzzzzz']);
    const space = await measureSpace(plainTools(), { set, options: { metric: 'hamming' } });
    expect(space).toMatchObject({ random: null, isotropy: null });
    expect(space.distances.spread).toMatchObject({ smallest: 1, largest: 6, count: 10 });
    expect(space.neighbors?.distances?.outliers.farthest[0]).toBe(4);
  });
});

describe('maps where the answer is known', () => {
  test('a map that is the space is perfect, and its mirror image, too', async () => {
    const flat = scattered(80, 2, 7);
    const honesty = await measureHonesty(plainTools(), {
      set: { vectors: flat, dimension: 2 },
      options: { metric: 'euclidean' },
      maps: [flat, flat.map((value, at) => (at % 2 === 0 ? -value : value))].map((positions) => ({
        positions,
        dimensions: 2,
      })),
    });
    expect(honesty.maps).toHaveLength(2);
    for (const { sizes, neighbors, global } of honesty.maps) {
      // 150 of 80 items cannot be: the largest that can is below 40.
      expect(sizes.map(({ k }) => k)).toEqual([15, 39]);
      for (const { trustworthiness, continuity, kept } of sizes) {
        expect([trustworthiness.value, continuity.value, kept.value]).toEqual([1, 1, 1]);
      }
      expect(global.pearson).toBeCloseTo(1, 9);
      expect(global.spearman).toBeCloseTo(1, 9);
      expect(global.triplets.accuracy).toBe(1);
      expect(straysOf(neighbors, 3)).toEqual({ torn: [], brought: [] });
    }
  });

  test('a random map has what chance says', async () => {
    const n = 300;
    const honesty = await measureHonesty(plainTools(), {
      set: { vectors: scattered(n, 10, 8), dimension: 10 },
      options: { metric: 'cosine' },
      maps: [{ positions: scattered(n, 2, 9), dimensions: 2 }],
    });
    const [map] = honesty.maps;
    honesty.chance.sizes.forEach((chance, place) => {
      const measured = map?.sizes[place];
      for (const name of ['trustworthiness', 'continuity', 'kept'] as const) {
        const { value = 0, perItem = [] } = measured?.[name] ?? {};
        const spread = Math.sqrt([...perItem].reduce((sum, each) => sum + (each - value) ** 2, 0)) / n;
        expect(Math.abs(value - chance[name])).toBeLessThan(5 * spread);
      }
    });
    expect(Math.abs(map?.global.pearson ?? 1)).toBeLessThan(0.05);
    expect(Math.abs(map?.global.spearman ?? 1)).toBeLessThan(0.05);
    expect(Math.abs((map?.global.triplets.accuracy ?? 0) - 0.5)).toBeLessThan(0.02);
  });

  test('one item put elsewhere is the one that is torn away', async () => {
    const flat = scattered(60, 2, 10);
    const positions = flat.slice();
    positions.set([50, 50], 2 * 4);
    const honesty = await measureHonesty(plainTools(), {
      set: { vectors: flat, dimension: 2 },
      options: { metric: 'euclidean' },
      maps: [{ positions, dimensions: 2 }],
    });
    const [map] = honesty.maps;
    if (!map) throw new Error('one map was asked for');
    const worst = (of: Float32Array | undefined) => of?.indexOf(Math.min(...(of ?? [])));
    expect(worst(map.sizes[0]?.trustworthiness.perItem)).toBe(4);
    const { torn, brought } = straysOf(map.neighbors, 4);
    expect(torn.length).toBe(brought.length);
    expect(torn.length).toBeGreaterThan(5);
    expect(torn.map(({ rank }) => rank)).toEqual(torn.map(({ rank }) => rank).sort((a, b) => b - a));
    // For its old neighbors it is the farthest of all.
    const neighbor = [...Array(60).keys()].find((i) =>
      straysOf(map.neighbors, i).torn.some(({ item }) => item === 4),
    );
    expect(straysOf(map.neighbors, neighbor ?? 0).torn[0]).toEqual({ item: 4, rank: 59 });
  });

  test('anchors come near to the whole, and say how near', async () => {
    const n = 260;
    const vectors = scattered(n, 6, 11);
    const question = {
      set: { vectors, dimension: 6 },
      options: { metric: 'manhattan' },
      maps: [{ positions: pca(vectors, 6, 2).positions, dimensions: 2 }],
    } as const;
    const whole = await measureHonesty(plainTools(), question);
    const some = await measureHonesty(plainTools(), { ...question, mostItems: 100, anchors: 90 });
    expect(some.anchors).toHaveLength(90);
    some.maps[0]?.sizes.forEach((size, place) => {
      for (const name of ['trustworthiness', 'continuity', 'kept'] as const) {
        const { value, standardError, perItem } = size[name];
        expect(perItem).toHaveLength(90);
        expect(standardError).toBeGreaterThan(0);
        const exact = whole.maps[0]?.sizes[place]?.[name];
        expect(Math.abs(value - (exact?.value ?? 0))).toBeLessThan(4 * standardError);
        expect(perItem[0]).toBe(exact?.perItem[some.anchors?.[0] ?? 0]);
      }
    });
  });

  test('a swiss roll: UMAP keeps what PCA folds together', async () => {
    const n = 350;
    const random = createRandom(12);
    const vectors = Float32Array.from(
      Array.from({ length: n }, () => {
        const turn = 1.5 * Math.PI * (1 + 2 * random());
        return [turn * Math.cos(turn), 21 * random(), turn * Math.sin(turn)];
      }).flat(),
    );
    const set = { vectors, dimension: 3 };
    const neighbors = await plainEngine.neighbors(set, { metric: 'euclidean', k: 10 });
    const umap = runUmap(neighbors, { dimensions: 2, seed: 1, epochs: 200 });
    const { maps } = await measureHonesty(plainTools(), {
      set,
      options: { metric: 'euclidean' },
      maps: [umap, pca(vectors, 3, 2).positions].map((positions) => ({ positions, dimensions: 2 })),
    });
    const [trust = 0, folded = 0] = maps.map(({ sizes }) => sizes[0]?.trustworthiness.value);
    expect(trust).toBeGreaterThan(0.97);
    expect(folded).toBeLessThan(0.93);
    expect(maps[0]?.sizes[0]?.kept.value).toBeGreaterThan(maps[1]?.sizes[0]?.kept.value ?? 1);
  });

  test('a map of other items is refused', async () => {
    const set = { vectors: scattered(9, 2, 1), dimension: 2 };
    const maps = [{ positions: scattered(8, 2, 1), dimensions: 2 }];
    await expect(
      measureHonesty(plainTools(), { set, options: { metric: 'euclidean' }, maps }),
    ).rejects.toThrow('The map has 8 positions for 9 items');
  });
});

describe('spaces where the answer is known', () => {
  test('two-NN finds the plane in ten dimensions, duplicates or not', async () => {
    const flat = scattered(600, 2, 13);
    const vectors = new Float32Array(620 * 10);
    for (let i = 0; i < 620; i++) vectors.set(flat.subarray((i % 600) * 2, (i % 600) * 2 + 2), i * 10);
    const neighbors = await plainEngine.neighbors({ vectors, dimension: 10 }, { metric: 'euclidean', k: 6 });
    const { dimension, duplicates, unknown } = twoNn(neighbors);
    expect(Math.abs(dimension - 2)).toBeLessThan(0.3);
    expect([duplicates, unknown]).toEqual([20, 0]);
  });

  test('in many dimensions distances concentrate, as they do in random data', async () => {
    const space = async (dimension: number) =>
      measureSpace(plainTools(), {
        set: { vectors: scattered(120, dimension, 14), dimension },
        options: { metric: 'euclidean' },
      });
    const [few, many] = [await space(2), await space(100)];
    expect(few.distances.contrast.median).toBeGreaterThan(10 * many.distances.contrast.median);
    const gaussian = many.random?.gaussian.spread;
    expect(many.distances.spread.mean / (gaussian?.mean ?? 0)).toBeCloseTo(1, 1);
    expect(many.isotropy?.effectiveDimensions).toBeGreaterThan(30);
    expect(Math.abs(many.isotropy?.meanCosine ?? 1)).toBeLessThan(0.02);
  });

  test('a hub is found, and the never-chosen', () => {
    // Everyone chooses item 0, which chooses item 1.
    const { occurrences, hubs, antihubs, skewness } = measureHubness(
      Uint32Array.of(1, 0, 0, 0, 0, 0, 0, 0),
      1,
    );
    expect([...occurrences]).toEqual([7, 1, 0, 0, 0, 0, 0, 0]);
    expect([...hubs]).toEqual([0]);
    expect([...antihubs]).toEqual([2, 3, 4, 5, 6, 7]);
    expect(skewness).toBeGreaterThan(2);
  });

  test('a slider over ascending distances', () => {
    const distances = Float32Array.of(0, 0, 1, 2, 2, 5);
    expect([-1, 0, 1.5, 2, 9].map((threshold) => countWithin(distances, threshold))).toEqual([0, 2, 3, 5, 6]);
  });

  test('duplicates with a lower index do not hide an anchor from itself', async () => {
    const vectors = Float32Array.from([1, 1, 1, 1, 1, 5]);
    const set = { vectors, dimension: 1 };
    const rows = Uint32Array.of(0, 4, 5);
    const { indices } = await nearestOf(plainEngine, set, { metric: 'euclidean' }, 2, rows);
    expect([...indices]).toEqual([1, 2, 0, 1, 0, 1]);
  });
});

describe('next to nothing', () => {
  test.each([0, 1, 2, 3])('%i items', async (n) => {
    const set = { vectors: scattered(n, 3, 15), dimension: 3 };
    const metrics = under(set, 'euclidean', 'cosine', 'manhattan');
    const agreement = await compareNeighbors(plainTools(), metrics, {});
    expect(agreement.pairs).toHaveLength(n === 3 ? 3 : 0);
    const correlations = await correlateDistances(plainTools(), metrics, {});
    expect(correlations.pairs).toHaveLength(3);
    expect(correlations.count).toBe([0, 0, 1, 3][n]);
    if (n < 3) expect(correlations.pairs[0]?.kendall).toBeNaN();
    const honesty = await measureHonesty(plainTools(), {
      set,
      options: { metric: 'euclidean' },
      maps: [{ positions: scattered(n, 2, 16), dimensions: 2 }],
    });
    expect(honesty.maps.map(({ sizes }) => sizes.map(({ k }) => k))).toEqual(n === 3 ? [[1]] : []);
    const space = await measureSpace(plainTools(), { set, options: { metric: 'euclidean' } });
    expect(space.distances.spread.count).toBe([0, 0, 1, 3][n]);
    expect(space.neighbors === null).toBe(n < 2);
  });

  test('all duplicates: nothing differs and nothing correlates', async () => {
    const set = { vectors: new Float32Array(30 * 4).fill(2), dimension: 4 };
    const { lists, distances } = await compare(set, 'euclidean', 'manhattan');
    // 30 items have no 50 neighbors, nor 15 of less than half: 5 and 14.
    expect(lists.overlaps.map(({ k, share }) => [k, share])).toEqual([
      [5, 1],
      [14, 1],
    ]);
    expect([distances.pearson, distances.spearman, distances.kendall]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    const space = await measureSpace(plainTools(), { set, options: { metric: 'euclidean' } });
    expect(space.distances.contrast).toMatchObject({ items: 0, mean: Number.NaN });
    expect(space.neighbors?.distances?.dimension).toMatchObject({ dimension: Number.NaN, duplicates: 29 });
    expect(space.isotropy?.effectiveDimensions).toBeNaN();
    const { maps } = await measureHonesty(plainTools(), {
      set,
      options: { metric: 'euclidean' },
      maps: [{ positions: new Float32Array(60), dimensions: 2 }],
    });
    expect(maps[0]?.sizes[0]?.trustworthiness.value).toBe(1);
    expect(maps[0]?.global.triplets).toMatchObject({ accuracy: Number.NaN, triplets: 0 });
  });

  test('sets of different size are refused', async () => {
    const sets = [5, 6].map((n) => ({
      set: { vectors: scattered(n, 2, 1), dimension: 2 },
      options: { metric: 'dot' } as const,
    }));
    await expect(compareNeighbors(plainTools(), sets, {})).rejects.toThrow('The sets hold 5, 6 items');
  });
});
