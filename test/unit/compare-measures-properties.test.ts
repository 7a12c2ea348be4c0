import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareLists } from '../../src/compare/agreement.ts';
import { kendall, pearson, rankValues, spearman } from '../../src/compare/correlation.ts';
import { makeRankCounter } from '../../src/compare/ranks.ts';
import { planPairs, sampleItems, usableSizes } from '../../src/compare/sample.ts';
import { relativeContrast } from '../../src/compare/spread.ts';
import { tripletAccuracy } from '../../src/compare/triplets.ts';
import { createRandom } from '../../src/projection/random.ts';
import { exactNeighbors, scattered } from './projection-sets.ts';

/** Few different values, so that many are tied, some below 0, and −0 beside 0. */
const values = fc.array(fc.constantFrom(-3.5, -1, -0, 0, 1e-30, 0.1, 0.25, 7, 1e20), {
  minLength: 2,
  maxLength: 90,
});
const pairsOfValues = values.chain((x) =>
  fc.tuple(
    fc.constant(x),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: x.length, maxLength: x.length }),
  ),
);

function correlate(x: readonly number[], y: readonly number[]) {
  const [a, b] = [Float32Array.from(x), Float32Array.from(y)];
  const [ranksA, ranksB] = [rankValues(a), rankValues(b)];
  return { pearson: pearson(a, b), spearman: spearman(ranksA, ranksB), kendall: kendall(ranksA, ranksB) };
}

describe('correlations', () => {
  test("Kendall's tau-b is that of comparing each with each", () => {
    fc.assert(
      fc.property(pairsOfValues, ([x, y]) => {
        let excess = 0;
        let untiedX = 0;
        let untiedY = 0;
        for (let i = 0; i < x.length; i++) {
          for (let j = 0; j < i; j++) {
            const signX = Math.sign(Math.fround(x[i] ?? 0) - Math.fround(x[j] ?? 0));
            const signY = Math.sign((y[i] ?? 0) - (y[j] ?? 0));
            excess += signX * signY;
            untiedX += Math.abs(signX);
            untiedY += Math.abs(signY);
          }
        }
        const plain = excess / Math.sqrt(untiedX * untiedY);
        const ours = correlate(x, y).kendall;
        if (untiedX === 0 || untiedY === 0) expect(ours).toBeNaN();
        else expect(ours).toBeCloseTo(plain, 12);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test('are symmetric, within ±1, 1 with themselves, turned by a sign, and blind to the order of the items', () => {
    fc.assert(
      fc.property(pairsOfValues, ([x, y]) => {
        const there = correlate(x, y);
        const back = correlate(y, x);
        const turned = correlate(
          x,
          y.map((value) => -value),
        );
        const mixed = correlate([...x].reverse(), [...y].reverse());
        for (const name of ['pearson', 'spearman', 'kendall'] as const) {
          const value = there[name];
          if (Number.isNaN(value)) {
            expect([back[name], turned[name], mixed[name]]).toEqual([value, value, value]);
            continue;
          }
          expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-12);
          for (const other of [back[name], -turned[name], mixed[name]]) expect(other).toBeCloseTo(value, 10);
          expect(correlate(x, x)[name]).toBeCloseTo(1, 12);
        }
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  test('a growing function of one changes no order', () => {
    const x = Array.from(scattered(500, 1, 3));
    const y = Array.from(scattered(500, 1, 4));
    const { spearman: rho, kendall: tau } = correlate(x, y);
    const grown = correlate(
      x.map((value) => Math.exp(value)),
      y,
    );
    expect([grown.spearman, grown.kendall]).toEqual([rho, tau]);
    const pure = correlate(
      x,
      x.map((value) => -Math.exp(value)),
    );
    expect(pure.spearman).toBeCloseTo(-1, 12);
    expect(pure.kendall).toBeCloseTo(-1, 12);
  });
});

test('ranks are those of a sorted row, with ties, repeated targets and any values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(-2, -0, 0, 1e-40, 0.5, 1, 1 + 2 ** -23, 3, 1e9), {
        minLength: 2,
        maxLength: 60,
      }),
      fc.integer(),
      fc.integer({ min: 1, max: 40 }),
      (entries, seed, width) => {
        const row = Float32Array.from(entries);
        const n = row.length;
        const random = createRandom(seed);
        const self = Math.floor(random() * n);
        const targets = Uint32Array.from(
          { length: width },
          () => (self + 1 + Math.floor(random() * (n - 1))) % n,
        );
        const ranks = new Uint32Array(width);
        makeRankCounter(n, width)(row, self, targets, ranks);
        const order = [...row.keys()]
          .filter((item) => item !== self)
          .sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b);
        expect([...ranks]).toEqual(Array.from(targets, (item) => order.indexOf(item) + 1));
      },
    ),
    { numRuns: 300, seed: 1 },
  );
  expect(() => makeRankCounter(2 ** 21 + 1, 1)).toThrow(RangeError);
});

test('overlap is symmetric, 1 with itself, and grows with nothing but what is shared', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 40 }),
      fc.integer(),
      fc.double({ min: 0.05, max: 0.99, noNaN: true }),
      (n, seed, p) => {
        const a = exactNeighbors(scattered(n, 3, seed), 3, 6);
        const b = exactNeighbors(scattered(n, 3, seed + 1), 3, 6);
        const there = compareLists(a, b, [1, 3, 6], p);
        const back = compareLists(b, a, [1, 3, 6], p);
        expect(back.rbo).toBeCloseTo(there.rbo, 12);
        expect(back.overlaps).toEqual(there.overlaps);
        for (const { share, jaccard } of there.overlaps) {
          expect(jaccard).toBeLessThanOrEqual(share);
          expect(share).toBeLessThanOrEqual(1);
        }
        const same = compareLists(a, a, [1, 3, 6], p);
        expect(same.overlaps.map(({ share }) => share)).toEqual([1, 1, 1]);
        expect(same.rbo).toBeCloseTo(1, 12);
      },
    ),
    { numRuns: 50, seed: 1 },
  );
  const [list, longer] = [exactNeighbors(scattered(9, 2, 1), 2, 3), exactNeighbors(scattered(9, 2, 1), 2, 4)];
  expect(() => compareLists(list, longer, [1])).toThrow('both must be alike');
  expect(() => compareLists(list, list, [4])).toThrow('from 1 to 3');
  expect(() => compareLists(list, list, [3], 1)).toThrow('The persistence is 1');
});

test('samples hold what was asked for, each item once, and every item is as likely', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 70 }),
      fc.integer(),
      (n, count, seed) => {
        const items = sampleItems(n, count, seed);
        expect(items).toHaveLength(Math.min(n, count));
        expect([...new Set(items)]).toEqual([...items].sort((a, b) => a - b));
        for (const item of items) expect(item).toBeLessThan(n);
        expect(sampleItems(n, count, seed)).toEqual(items);
      },
    ),
    { seed: 1 },
  );
  const times = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 2000; seed++)
    for (const item of sampleItems(10, 3, seed)) times[item] = (times[item] ?? 0) + 1;
  // 600 each, with a standard deviation of 20.
  for (const count of times) expect(Math.abs(count - 600)).toBeLessThan(100);
  expect(usableSizes(24, [5, 15, 50])).toEqual([5, 11]);
  expect(usableSizes(2, [5])).toEqual([]);
  expect(planPairs(10_000, 1_000_000, 1)).toMatchObject({ perRow: 500, pairs: 1_000_000 });
});

test('small things by hand', () => {
  // Right, wrong, tied in the space (left out), tied on the map (a half).
  const space = Float32Array.of(1, 2, 3, 1, 4, 4, 1, 5);
  const map = Float32Array.of(2, 9, 1, 2, 0, 1, 3, 3);
  expect(tripletAccuracy(space, map)).toEqual({
    accuracy: 0.5,
    standardError: Math.sqrt(1 / 6 / 3),
    triplets: 3,
  });
  expect(relativeContrast(Float32Array.of(1, 0, 2), Float32Array.of(3, 5, 3))).toEqual({
    items: 2,
    mean: 1.25,
    median: 1.25,
  });
});
