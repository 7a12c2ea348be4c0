import { describe, expect, test } from 'vitest';
import { compareNeighbors, correlateDistances } from '../../src/compare/compare-metrics.ts';
import { measureIsotropy } from '../../src/compare/isotropy.ts';
import { measureHonesty } from '../../src/compare/measure-honesty.ts';
import { measureSpace } from '../../src/compare/measure-space.ts';
import { nearPairs } from '../../src/compare/near-duplicates.ts';
import { shepardDiagram } from '../../src/compare/shepard.ts';
import { tripletAccuracy } from '../../src/compare/triplets.ts';
import { twoNn } from '../../src/compare/two-nn.ts';
import type { MetricId } from '../../src/metrics/engine.ts';
import { compareCases } from './compare-fixtures.ts';
import { plainEngine, plainTools } from './plain-engine.ts';

// What the issue asks for. Ranks are whole and equal; sums of float64 differ in the last digits only.
const TOLERANCE = 1e-6;

describe.each(compareCases)('$name: every measure equals its reference', (stored) => {
  const n = stored.vectors.rows;
  const set = { vectors: stored.vectors.values, dimension: stored.vectors.columns };
  const map = { positions: stored.positions.values, dimensions: stored.positions.columns };
  const euclidean = { set, options: { metric: 'euclidean' } } as const;

  test.each(['manhattan', 'cosine'] as const)(
    'agreement and correlations of Euclidean and %s',
    async (metric) => {
      const metrics = [euclidean, { set, options: { metric } }];
      const { pairs } = await compareNeighbors(plainTools(), metrics, { sizes: stored.sizes });
      expect(pairs).toHaveLength(1);
      const told = stored.agreement[metric];
      near(pairs[0]?.rbo, told.rbo);
      told.overlaps.forEach((overlap, place) => {
        const ours = pairs[0]?.overlaps[place];
        expect(ours?.k).toBe(overlap.k);
        near(ours?.share, overlap.share);
        near(ours?.jaccard, overlap.jaccard);
        near(ours?.chance.share, overlap.chanceShare);
        near(ours?.chance.jaccard, overlap.chanceJaccard);
      });
      const correlations = await correlateDistances(plainTools(), metrics, {});
      expect(correlations).toMatchObject({ count: (n * (n - 1)) / 2, isEveryPair: true, rows: n });
      for (const name of ['pearson', 'spearman', 'kendall'] as const) {
        near(correlations.pairs[0]?.[name], stored.correlations[metric][name]);
      }
    },
  );

  test.each(['euclidean', 'manhattan', 'cosine'] as const)('honesty under %s', async (metric) => {
    const { neighborhoods, global } = stored.metrics[metric];
    const honesty = await measureHonesty(plainTools(), {
      set,
      options: { metric },
      maps: [map],
      sizes: stored.sizes,
    });
    expect(honesty).toMatchObject({ items: n, anchors: null, isEveryPair: true });
    const [ours] = honesty.maps;
    neighborhoods.forEach((told, place) => {
      const measured = ours?.sizes[place];
      expect(measured?.k).toBe(told.k);
      for (const name of ['trustworthiness', 'continuity', 'kept'] as const) {
        near(measured?.[name].value, told[name]);
        near(meanOf(measured?.[name].perItem ?? []), told[name]);
        expect(measured?.[name].standardError).toBe(0);
      }
    });
    near(ours?.global.pearson, global.pearson);
    near(ours?.global.spearman, global.spearman);

    const space = await matrixOf(set, metric);
    const flat = await matrixOf({ vectors: map.positions, dimension: map.dimensions }, 'euclidean');
    const upper = (matrix: Float32Array) => matrix.filter((_, at) => at % n > Math.floor(at / n));
    const shepard = shepardDiagram(upper(space), upper(flat), global.quantiles.length);
    expect([...shepard.counts]).toEqual(global.counts);
    global.quantiles.flat().forEach((told, at) => {
      near(shepard.quantiles[at], told);
    });
    const triplets = (matrix: Float32Array) =>
      Float32Array.from({ length: 2 * n }, (_, at) => {
        const i = Math.floor(at / 2);
        return matrix[i * n + ((i + (at % 2 === 0 ? 1 : 5)) % n)] ?? 0;
      });
    const accuracy = tripletAccuracy(triplets(space), triplets(flat));
    expect(accuracy.triplets).toBe(global.triplets.triplets);
    near(accuracy.accuracy, global.triplets.accuracy);
    near(accuracy.standardError, global.triplets.standardError);
  });

  test('the space', async () => {
    const told = stored.space;
    const bins = told.counts.length;
    const space = await measureSpace(plainTools(), { ...euclidean, k: told.k, bins });
    near(space.distances.spread.mean, told.mean);
    near(space.distances.spread.deviation, told.deviation);
    expect([...space.distances.spread.counts]).toEqual(told.counts);
    near(space.distances.contrast.mean, told.contrast.mean);
    near(space.distances.contrast.median, told.contrast.median);
    near(space.neighbors?.hubness.skewness, told.skewness);
    told.outliers.forEach((score, i) => {
      near(space.neighbors?.distances?.outliers.scores[i], score);
    });
    near(space.isotropy?.isoScore, stored.isotropy.isoScore);
    near(space.isotropy?.effectiveDimensions, stored.isotropy.effectiveDimensions);
    near(space.isotropy?.meanCosine, stored.isotropy.meanCosine);
    expect(measureIsotropy(set.vectors, set.dimension)).toEqual(space.isotropy);

    const pairs = nearPairs(await plainEngine.neighbors(set, { metric: 'euclidean', k: told.k }));
    expect(pairs.distances).toHaveLength(told.pairCount);
    told.pairs.forEach(([distance, i, j], at) => {
      near(pairs.distances[at], distance);
      expect([...pairs.items.subarray(2 * at, 2 * at + 2)]).toEqual([i, j]);
    });
    const dimension = twoNn(await plainEngine.neighbors(set, { metric: 'euclidean', k: n - 1 }));
    expect(dimension).toMatchObject({
      fitted: told.twoNn.fitted,
      duplicates: told.twoNn.duplicates,
      unknown: 0,
    });
    near(dimension.dimension, told.twoNn.dimension);
  });
});

/** Equal to the tolerance, relative where the number is above 1; NaN where the reference has none. */
function near(ours: number | undefined, told: number): void {
  if (Number.isNaN(told)) expect(ours).toBeNaN();
  else
    expect(Math.abs((ours ?? Number.NaN) - told)).toBeLessThanOrEqual(
      TOLERANCE * Math.max(1, Math.abs(told)),
    );
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

async function matrixOf(set: { vectors: Float32Array<ArrayBuffer>; dimension: number }, metric: MetricId) {
  const n = set.vectors.length / set.dimension;
  const matrix = new Float32Array(n * n);
  for await (const { firstRow, distances } of plainEngine.distanceRows(set, { metric })) {
    matrix.set(distances, firstRow * n);
  }
  return matrix;
}
