// The lab's probes where the answer is known beforehand, and where there is none.
import { describe, expect, test } from 'vitest';
import { blocksOf, crossCorrelation } from '../../src/lab/probes/correlation.ts';
import { measureAlignment, measureGap, measureUniformity } from '../../src/lab/probes/hypersphere.ts';
import { knnAccuracy } from '../../src/lab/probes/knn.ts';
import { linearAccuracy } from '../../src/lab/probes/linear.ts';
import { effectiveRank, singularValuesOf } from '../../src/lab/probes/rank.ts';
import { markPair, reachableFactors, recallByLevels, retrieve } from '../../src/lab/probes/retrieval.ts';
import { sliceColumns, UnfitRows } from '../../src/lab/probes/rows.ts';
import { measureSpread } from '../../src/lab/probes/spread.ts';
import {
  factorsThroughImage,
  LEVELS,
  MODALITIES,
  type Modality,
  sharedFactors,
} from '../../src/lab/world/factors.ts';
import { levelNumber, scenesAt } from '../../src/lab/world/scene.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';
import { makeRows } from './lab-probes-cases.ts';

const random = createRandom(5);
const noise = (count: number, width: number) => makeRows(count, width, () => gaussian(random));
const labels = (count: number, levels: number) =>
  Uint8Array.from({ length: count }, () => Math.floor(random() * levels));

describe('accuracy', () => {
  test('of levels that stand in the embedding is 1, of others about chance', () => {
    const told = { train: labels(200, 4), test: labels(200, 4) };
    const hidden = { train: labels(200, 4), test: labels(200, 4) };
    const rowsOf = (levels: Uint8Array) =>
      makeRows(200, 8, (i, c) => (levels[i] === c ? 3 : 0) + 0.1 * gaussian(random));
    const [train, test_] = [rowsOf(told.train), rowsOf(told.test)];
    for (const accuracy of [knnAccuracy, linearAccuracy]) {
      const [known, unknown] = accuracy(train, test_, [told, hidden]);
      expect(known).toMatchObject({ value: 1, standardError: 0, n: 200, levels: 4 });
      expect(known?.chance).toBeGreaterThanOrEqual(0.25);
      expect(known?.chance).toBeLessThan(0.35);
      expect(Math.abs((unknown?.value ?? 1) - 0.25)).toBeLessThan(4 * (unknown?.standardError ?? 0));
    }
  });

  test('of a collapsed space is that of one constant answer, in whatever order the rows are', () => {
    const train = Uint8Array.from({ length: 60 }, (_, i) => (i < 10 ? 0 : i < 40 ? 1 : 2));
    const of = { train: train.reverse(), test: Uint8Array.from({ length: 50 }, (_, i) => i % 5) };
    const [known, asked] = [makeRows(60, 6, (_, c) => c - 2), makeRows(50, 6, (_, c) => c - 2)];
    for (const accuracy of [knnAccuracy, linearAccuracy]) {
      expect(accuracy(known, asked, [of])[0]).toMatchObject({ value: 0.2, chance: 0.2 });
    }
  });

  test('a tie in the vote counts half', () => {
    const known = makeRows(2, 2, (i, c) => (i === c ? 1 : 0));
    const asked = makeRows(1, 2, () => 1);
    const of = { train: Uint8Array.of(0, 1), test: Uint8Array.of(1) };
    expect(knnAccuracy(known, asked, [of], 2)[0]?.value).toBe(0.5);
  });

  test('more dimensions than rows give the same answers as their few that are not 0', () => {
    const few = noise(80, 20);
    const many = makeRows(80, 100, (i, c) => (c < 20 ? (few.values[i * 20 + c] ?? 0) : 0));
    const of = { train: labels(80, 3), test: labels(80, 3) };
    expect(linearAccuracy(many, many, [of])).toEqual(linearAccuracy(few, few, [of]));
  });

  test('a level that was never learned is never told, and k beyond the rows is refused', () => {
    const of = { train: new Uint8Array(20), test: new Uint8Array(20).fill(7) };
    expect(knnAccuracy(noise(20, 3), noise(20, 3), [of])[0]?.value).toBe(0);
    expect(linearAccuracy(noise(20, 3), noise(20, 3), [of])[0]?.value).toBe(0);
    expect(() => knnAccuracy(noise(5, 3), noise(5, 3), [], 10)).toThrow(
      new UnfitRows('There are no 10 nearest among 5 embeddings.'),
    );
  });
});

describe('recall', () => {
  test('of the same rows is 1, of collapsed ones k / n', () => {
    const rows = noise(40, 8);
    expect(retrieve(rows, rows).forward.map(({ value }) => value)).toEqual([1, 1]);
    const one = makeRows(40, 8, (_, c) => c + 1);
    for (const [a, b] of [
      [one, one],
      [one, rows],
      [rows, one],
    ] as const) {
      const { forward, backward } = retrieve(a, b);
      for (const { value, chance } of [...forward, ...backward]) expect(value).toBeCloseTo(chance, 12);
    }
  });

  test('of embeddings that are the levels of what is shared is what levels allow', () => {
    const scenes = scenesAt(3, 0, 128);
    const factors = sharedFactors('image', 'thermal');
    const width = factors.reduce((sum, factor) => sum + LEVELS[factor].length, 0);
    const rows = makeRows(128, width, (i, column) => {
      let at = column;
      for (const factor of factors) {
        const scene = scenes[i];
        if (scene && at >= 0 && at < LEVELS[factor].length) {
          return levelNumber(scene.levels, factor) === at ? 1 : 0;
        }
        at -= LEVELS[factor].length;
      }
      return 0;
    });
    for (const { k, value } of retrieve(rows, rows).forward) {
      expect(value).toBeCloseTo(recallByLevels(scenes, factors, k), 12);
    }
    expect(recallByLevels(scenes, [], 5)).toBeCloseTo(5 / 128, 12);
  });

  test('bound to images, a pair can know what goes through images, and is marked so', () => {
    const trained = MODALITIES.slice(1).map((modality): [Modality, Modality] => ['image', modality]);
    for (const one of MODALITIES) {
      for (const other of MODALITIES) {
        if (one === other) continue;
        const isBound = one === 'image' || other === 'image';
        const factors = isBound ? sharedFactors(one, other) : factorsThroughImage(one, other);
        expect(reachableFactors(one, other, trained)).toEqual(factors);
        const mark = isBound ? 'trained' : factors.length > 0 ? 'emergent' : 'unrelated';
        expect(markPair(one, other, trained)).toBe(mark);
      }
    }
    // Two that share factors, but that nothing links.
    expect(markPair('audio', 'depth', [['image', 'depth']])).toBe('unrelated');
    // Through depth, which shows the path, but not through thermal, which does not.
    expect(
      reachableFactors('image', 'imu', [
        ['image', 'depth'],
        ['depth', 'imu'],
      ]),
    ).toEqual(['path']);
    expect(
      reachableFactors('image', 'imu', [
        ['image', 'thermal'],
        ['thermal', 'imu'],
      ]),
    ).toEqual([]);
  });
});

describe('the space', () => {
  test('uniform rows reach the best uniformity', () => {
    for (const width of [2, 3, 32]) {
      const { value, best } = measureUniformity(noise(1500, width));
      expect(Math.abs(value - best)).toBeLessThan(0.02);
    }
  });

  test('rows that are no pairs are aligned as well as by chance, and have the gap of chance', () => {
    const [a, b] = [noise(1000, 16), noise(1000, 16)];
    const { value, chance } = measureAlignment(a, b);
    expect(Math.abs(value - chance)).toBeLessThan(0.05);
    const gap = measureGap(a, b);
    expect(gap.value / gap.chance).toBeGreaterThan(0.5);
    expect(gap.value / gap.chance).toBeLessThan(1.6);
    expect(gap.share).toBeLessThan(0.01);
  });

  test('a gap alone is all of the distance between pairs', () => {
    const a = makeRows(10, 4, (_, c) => (c === 0 ? 1 : 0));
    const b = makeRows(10, 4, (_, c) => (c === 1 ? 5 : 0));
    expect(measureGap(a, b)).toEqual({ value: Math.SQRT2, chance: 0, share: 1, n: 10 });
  });

  test('effective rank counts directions', () => {
    expect(effectiveRank(singularValuesOf(makeRows(8, 4, (i, c) => (i % 4 === c ? 1 : 0))))).toBeCloseTo(
      4,
      9,
    );
    expect(effectiveRank(singularValuesOf(makeRows(8, 4, () => 0)))).toBe(0);
  });

  test('collapse is told apart: into one embedding, into few directions, none', () => {
    const full = noise(200, 32);
    const one = makeRows(200, 32, (_, c) => Math.sin(c) + 0.001 * gaussian(random));
    const line = noise(200, 2);
    const few = makeRows(200, 32, (i, c) => (line.values[i * 2 + (c % 2)] ?? 0) * (c + 1));
    expect(measureSpread(full).collapse).toBe('none');
    expect(measureSpread(one)).toMatchObject({ collapse: 'complete' });
    expect(measureSpread(one).rank).toBeLessThan(1.2);
    expect(measureSpread(few)).toMatchObject({ collapse: 'dimensional', most: 32 });
    expect(measureSpread(few).centeredRank).toBeLessThan(2.001);
    const dead = measureSpread(makeRows(200, 4, (i, c) => (c < 3 ? 7 : i % 2)));
    expect([...dead.deviations]).toEqual([0.5, 0, 0, 0]);
  });

  test('blocks of common and unique dimensions', () => {
    const a = noise(2000, 6);
    const other = noise(2000, 6);
    const b = makeRows(2000, 6, (i, c) => (c < 4 ? a : other).values[i * 6 + c] ?? 0);
    const correlation = crossCorrelation(a, b);
    const { common, unique, between } = blocksOf(correlation, 4);
    expect(common).toMatchObject({ dimensions: 4 });
    expect(common?.diagonal).toBeCloseTo(1, 6);
    expect(unique?.dimensions).toBe(2);
    for (const small of [common?.offDiagonal, unique?.diagonal, unique?.offDiagonal, between]) {
      expect(Math.abs(small ?? 1)).toBeLessThan(3 * correlation.chance);
    }
    expect(blocksOf(correlation, 6)).toMatchObject({ unique: undefined, between: undefined });
    expect(() => blocksOf(correlation, 7)).toThrow('7 of 6 dimensions cannot be common.');
  });

  test('some columns alone', () => {
    expect([
      ...sliceColumns(
        makeRows(2, 4, (i, c) => 10 * i + c),
        1,
        3,
      ).values,
    ]).toEqual([1, 2, 11, 12]);
  });
});

describe('what cannot be measured', () => {
  const broken = makeRows(12, 3, (i, c) => (i < 2 ? Number.NaN : i === 2 ? Number.POSITIVE_INFINITY : c));
  const of = { train: labels(12, 2), test: labels(12, 2) };

  test.each<[string, () => unknown]>([
    ['neighbors', () => knnAccuracy(noise(12, 3), broken, [of])],
    ['linear probe', () => linearAccuracy(broken, noise(12, 3), [of])],
    ['recall', () => retrieve(noise(12, 3), broken)],
    ['spread', () => measureSpread(broken)],
    ['alignment', () => measureAlignment(broken, noise(12, 3))],
    ['uniformity', () => measureUniformity(broken)],
    ['gap', () => measureGap(broken, noise(12, 3))],
    ['correlation', () => crossCorrelation(broken, noise(12, 3))],
  ])('after a divergence: %s', (_, run) => {
    expect(run).toThrow(
      /: 3 of 12 embeddings are not finite\. The run has diverged; start it again with a lower learning rate\.$/,
    );
  });

  test('shapes that do not go together', () => {
    expect(() => retrieve(noise(4, 3), noise(4, 2))).toThrow(RangeError);
    expect(() => retrieve(noise(4, 3), noise(5, 3))).toThrow('4 and 5 embeddings are not pairs.');
    expect(() => knnAccuracy(noise(4, 3), noise(4, 3), [of], 1)).toThrow(RangeError);
    expect(() => measureUniformity({ values: new Float32Array(5), count: 2, width: 3 })).toThrow(
      'Embeddings: 5 numbers are not 2 rows of 3.',
    );
    expect(() => measureSpread(noise(1, 3))).toThrow(
      new UnfitRows('Embeddings: at least 2 items are needed, and there are 1.'),
    );
  });
});
