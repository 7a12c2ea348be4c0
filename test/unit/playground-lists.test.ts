// Neighbors and strings of the playground, held against the engines' definitions.

import { describe, expect, test } from 'vitest';
import { PLANE_METRICS } from '../../src/app/playground/measures.ts';
import { makeCloud, mostContested, nearestOf } from '../../src/app/playground/nearest.ts';
import {
  alignStrings,
  bytePairs,
  countSigns,
  cutLonger,
  fourBits,
  padShorter,
} from '../../src/app/playground/strings.ts';
import { computeDistances } from '../../src/metrics/cpu/distances.ts';
import { KnownSet } from '../../src/metrics/cpu/known-set.ts';

describe('points to find neighbors among', () => {
  test('are the same for a seed, others for another, apart and on the plane', async () => {
    const cloud = await makeCloud(3);
    expect(await makeCloud(3)).toEqual(cloud);
    expect(await makeCloud(4)).not.toEqual(cloud);
    expect(cloud.points).toHaveLength(24);
    expect(cloud.points.every(({ x, y }) => Math.abs(x) <= 7 && Math.abs(y) <= 7)).toBe(true);
    const above = cloud.points.filter(({ x }) => x > cloud.thresholds.x);
    expect(above).toHaveLength(12);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'begin with one whose nearest change with the metric (points %i)',
    async (seed) => {
      const cloud = await makeCloud(seed);
      const begin = mostContested(cloud, 5);
      const lists = PLANE_METRICS.map(({ id }) =>
        nearestOf(cloud, begin, id, 5)
          .map(({ index }) => index)
          .sort((a, b) => a - b)
          .join(),
      );
      expect(new Set(lists).size).toBe(4);
    },
  );

  test.each(PLANE_METRICS.map(({ id }) => id))(
    'are ordered by %s as the CPU engine orders them',
    async (id) => {
      const cloud = await makeCloud(1);
      const vectors = Float32Array.from(cloud.points.flatMap(({ x, y }) => [x, y]));
      const set = new KnownSet({ vectors, dimension: 2 }, 'The points');
      const all = await computeDistances(set, set, { metric: id }, () => undefined);
      for (let chosen = 0; chosen < 24; chosen++) {
        const row = all.subarray(chosen * 24, (chosen + 1) * 24);
        const ordered = Array.from(row, (distance, index) => ({ index, distance }))
          .filter(({ index }) => index !== chosen)
          .sort((a, b) => a.distance - b.distance || a.index - b.index);
        const nearest = nearestOf(cloud, chosen, id, 23);
        expect(nearest.map(({ index }) => index)).toEqual(ordered.map(({ index }) => index));
        nearest.forEach(({ distance }, rank) => {
          expect(distance).toBeCloseTo(ordered[rank]?.distance ?? Number.NaN, 5);
        });
      }
    },
  );
});

describe('strings', () => {
  test('"Saurav" and "Sourav" differ in one place', () => {
    expect(alignStrings('Saurav', 'Sourav').distance).toBe(1);
  });

  test('are counted in code points, not in UTF-16 units', () => {
    expect(alignStrings('🍎🍐', '🍎🍊')).toEqual({ a: ['🍎', '🍐'], b: ['🍎', '🍊'], distance: 1 });
    expect(alignStrings('🍎', 'ab').distance).toBeUndefined();
    expect(countSigns('e\u0301👍🏽')).toBe(2);
  });

  test('of different lengths have no distance until they are filled or cut', () => {
    expect(alignStrings('spring', 'ring').distance).toBeUndefined();
    expect(alignStrings('', '').distance).toBeUndefined();
    expect(padShorter('spring', '🍎ing')).toEqual(['spring', '🍎ing··']);
    expect(cutLonger('🍎pring', 'no')).toEqual(['🍎p', 'no']);
    expect(alignStrings(...padShorter('spring', 'pring')).distance).toBe(6);
  });

  test('as bits differ where their bytes do', () => {
    expect(bytePairs('a', 'o')).toEqual([{ a: '01100001', b: '01101111', xor: '00001110', differing: 3 }]);
    expect(bytePairs('é', 'e').map(({ b, differing }) => [b, differing])).toEqual([
      ['01100101', 4],
      ['00000000', 4],
    ]);
  });

  test('numbers of four bits: a step from 0 to −1 flips all', () => {
    expect([7, 1, 0, -1, -7].map(fourBits)).toEqual(['0111', '0001', '0000', '1111', '1001']);
  });
});
