import { describe, expect, test } from 'vitest';
import { compareNeighbors, correlateDistances } from '../../src/compare/compare-metrics.ts';
import { measureHonesty } from '../../src/compare/measure-honesty.ts';
import { measureSpace } from '../../src/compare/measure-space.ts';
import * as readings from '../../src/compare/readings.ts';
import { plainTools } from './plain-engine.ts';
import { scattered } from './projection-sets.ts';

const names = { first: 'cosine', second: 'Manhattan' };
const overlap = {
  k: 15,
  share: 11.2 / 15,
  jaccard: 0.6,
  chance: { share: 15 / 1999, jaccard: 0.0038 },
  shares: new Float32Array(0),
};
const estimate = (value: number, standardError = 0) => ({
  value,
  standardError,
  perItem: new Float32Array(0),
});

test('a number becomes a sentence with its chance beside it', () => {
  expect(readings.readOverlap(overlap, names)).toBe(
    "Of each item's 15 nearest under cosine, 11.2 are also among those under Manhattan; chance is 0.1.",
  );
  expect(readings.readJaccard(overlap, names)).toBe(
    'Of all that are among the 15 nearest under cosine or Manhattan, 60 % are so under both; chance is 0.4 %.',
  );
  expect(readings.readDisagreement(0.2, 15)).toBe(
    'Two metrics differ on 3.0 of the 15 nearest of this item.',
  );
  const correlation = { first: 0, second: 1, pearson: 0.9, spearman: 0.8, kendall: 0.7 };
  expect(readings.readCorrelation(correlation, { count: 1_000_000, isEveryPair: false }, names)).toBe(
    'Of any two distances, the order under cosine and Manhattan is the same in 85 % of the cases, ties aside (Kendall 0.70, Spearman 0.80; chance is 50 % and 0), of 1,000,000 pairs drawn at random.',
  );
  const quality = {
    k: 15,
    trustworthiness: estimate(0.981, 0.002),
    continuity: estimate(0.7),
    kept: estimate(0.31),
  };
  expect(readings.readTrustworthiness(quality, 0.5)).toBe(
    'Trustworthiness 0.981 ± 0.002: nearly all of the 15 nearest on the map are near in truth (1 is perfect, a random map has 0.500).',
  );
  expect(readings.readContinuity(quality, 0.5)).toBe(
    'Continuity 0.700: some of the true 15 nearest stayed near on the map (1 is perfect, a random map has 0.500).',
  );
  expect(readings.readKept(quality, 15 / 1999)).toBe(
    "Of each item's 15 true nearest, 4.7 are among its 15 nearest on the map; chance is 0.1.",
  );
  expect(readings.readNearPairs(1, 0.0123456)).toBe('One pair is at most 0.0123 apart.');
  expect(readings.readNearPairs(1200, 3)).toBe('1,200 pairs are at most 3 apart.');
  expect(readings.readScaling([0.4, 0.2], 0.1)).toBe(
    '2 directions show 60 % of the variance. These distances are not those of a flat space: 10 % of the spectrum is negative, which no map can show.',
  );
  const hubs = {
    k: 5,
    occurrences: Uint32Array.of(40, 1),
    skewness: 3.21,
    chanceSkewness: 0.44,
    hubs: Uint32Array.of(0),
    antihubs: Uint32Array.of(2, 3),
  };
  expect(readings.readHubness(hubs)).toBe(
    "1 hub, the largest near to 40 others, and 2 items among nobody's 5 nearest; skew 3.21, by chance 0.44.",
  );
});

test('what is at least as far is not said to be farther, and of similarities no width is a share of their mean', async () => {
  const zeros = { vectors: new Float32Array(10), dimension: 2 };
  const alike = await measureSpace(plainTools(), { set: zeros, options: { metric: 'cosine' } });
  expect(readings.readContrast(alike.distances, null)).toBe(
    'For half of the items the farthest is at least 1.0 times as far as the nearest: a contrast of 0.00.',
  );
  // Dot products −4, 8, −2, −8, 2 and −4.
  const set = { vectors: Float32Array.of(2, -2, 4, -1), dimension: 1 };
  const { distances } = await measureSpace(plainTools(), { set, options: { metric: 'dot' } });
  expect(readings.readConcentration(distances, null)).toBe('The typical similarity is -1.33 ± 5.12.');
  expect(readings.readContrast(distances, null)).toBe(
    'Contrast is a matter of distances, and this metric measures similarities.',
  );
});

describe('whatever was measured, nothing reads NaN', () => {
  test.each([
    ['three items', scattered(3, 2, 1)],
    ['forty items', scattered(40, 2, 1)],
    ['all duplicates', new Float32Array(60).fill(1)],
  ])('%s', async (_, vectors) => {
    const set = { vectors, dimension: 2 };
    const options = { metric: 'euclidean' } as const;
    const metrics = [
      { set, options },
      { set, options: { metric: 'cosine' } as const },
    ];
    const agreement = await compareNeighbors(plainTools(), metrics, {});
    const correlations = await correlateDistances(plainTools(), metrics, {});
    const positions = { positions: vectors, dimensions: 2 };
    const { maps, chance } = await measureHonesty(plainTools(), { set, options, maps: [positions] });
    const space = await measureSpace(plainTools(), { set, options });
    const sentences = [
      ...agreement.pairs.flatMap((pair) => [
        ...pair.overlaps.flatMap((each) => [
          readings.readOverlap(each, names),
          readings.readJaccard(each, names),
        ]),
        readings.readRankBiasedOverlap(pair, names),
      ]),
      readings.readDisagreement(agreement.disagreement[0] ?? Number.NaN, agreement.k),
      ...correlations.pairs.map((pair) => readings.readCorrelation(pair, correlations, names)),
      ...maps.flatMap(({ sizes, global }) => [
        ...sizes.flatMap((size, place) => [
          readings.readTrustworthiness(size, chance.sizes[place]?.trustworthiness ?? Number.NaN),
          readings.readContinuity(size, chance.sizes[place]?.continuity ?? Number.NaN),
          readings.readKept(size, chance.sizes[place]?.kept ?? Number.NaN),
        ]),
        readings.readTriplets(global.triplets),
        readings.readMapCorrelation(global),
      ]),
      readings.readConcentration(space.distances, space.random),
      readings.readContrast(space.distances, space.random),
      ...(space.neighbors
        ? [
            readings.readHubness(space.neighbors.hubness),
            ...(space.neighbors.distances
              ? [
                  readings.readOutliers(space.neighbors.distances.outliers),
                  readings.readIntrinsicDimension(space.neighbors.distances.dimension, set.dimension),
                ]
              : []),
          ]
        : []),
      ...(space.isotropy ? [readings.readIsotropy(space.isotropy, set.dimension)] : []),
    ];
    expect(sentences.length).toBeGreaterThan(10);
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
      expect(sentence).not.toMatch(/NaN|Infinity|undefined|∞/);
    }
  });
});
