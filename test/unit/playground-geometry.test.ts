// What the playground draws, held against the metrics that it draws: shapes, paths, arcs, challenges.

import { describe, expect, test } from 'vitest';
import { CHALLENGES, check } from '../../src/app/playground/challenges.ts';
import { angleBetween, arcBetween, ballOf } from '../../src/app/playground/geometry.ts';
import { bitsOf, distance, PLANE_METRICS } from '../../src/app/playground/measures.ts';
import { EXTENT, move, type Point, pointText, snapTo } from '../../src/app/playground/plane.ts';
import { countGridPaths, staircases } from '../../src/app/playground/staircases.ts';

const at = (x: number, y: number): Point => ({ x, y });
/** Coordinates beside the axes and the grid, where no distance lies exactly on a border that is tested. */
const PROBES = Array.from({ length: 29 * 29 }, (_, i) =>
  at((i % 29) / 2 - EXTENT + 0.013, Math.floor(i / 29) / 2 - EXTENT + 0.029),
);

function isInside({ x, y }: Point, outline: readonly Point[]): boolean {
  let inside = false;
  outline.forEach((p, i) => {
    const q = outline.at(i - 1) ?? p;
    const crosses = p.y > y !== q.y > y && x < ((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x;
    if (crosses) inside = !inside;
  });
  return inside;
}

describe('a point', () => {
  test('snaps to whole units or tenths, stays on the plane, and is never −0', () => {
    expect(snapTo(at(1.26, -0.04), 0.1)).toEqual(at(1.3, 0));
    expect(snapTo(at(-0.4, 9), 1)).toEqual(at(0, EXTENT));
    expect(pointText(at(-0.5, 3))).toBe('(−0.5, 3)');
  });

  test('moves by whole units from where it is, and by tenths without drift', () => {
    expect(move(at(2.3, 0), 1, 0, 1)).toEqual(at(3.3, 0));
    let point = at(0, 0);
    for (let i = 0; i < 7; i++) point = move(point, 0, -1, 0.1);
    expect(point).toEqual(at(0, -0.7));
    expect(move(at(7, 7), 1, 1, 1)).toEqual(at(7, 7));
  });
});

describe('distances', () => {
  test('are those of docs/metrics.md', () => {
    const measure = (a: Point, b: Point) => PLANE_METRICS.map(({ id }) => distance(id, a, b));
    const [euclidean, manhattan, cosine, hamming] = measure(at(3, 2), at(1, 5));
    expect(euclidean).toBeCloseTo(3.606, 3);
    expect([manhattan, hamming]).toEqual([5, 0]);
    expect(cosine).toBeCloseTo(1 - Math.SQRT1_2, 12);
    expect(measure(at(0, 0), at(1, -1))).toEqual([Math.SQRT2, 2, 1, 1]);
  });

  test('bits say what lies above the threshold; the threshold itself does not', () => {
    expect(bitsOf(at(0.1, 0))).toEqual([1, 0]);
    expect(bitsOf(at(2, -1), at(2, -1.5))).toEqual([0, 1]);
  });
});

describe('everything within a distance', () => {
  const centers = [at(3, 2), at(-2, 4), at(-1, -5), at(5, 0), at(0, 0)];
  for (const { id } of PLANE_METRICS) {
    test(`is what ${id} measures`, () => {
      for (const center of centers) {
        for (const radius of [0.25, 0.7, 1, 1.5, 2, 3.3]) {
          const outlines = ballOf(id, center, radius);
          const wrong = PROBES.filter((probe) => {
            const found = distance(id, center, probe);
            // The circle is a polygon of 120 sides, which lies inside it by r(1 − cos 1.5°).
            if (id === 'euclidean' && Math.abs(found - radius) < 4e-4 * radius) return false;
            return outlines.some((outline) => isInside(probe, outline)) !== found <= radius;
          });
          expect({ center, radius, wrong }).toEqual({ center, radius, wrong: [] });
        }
      }
    });
  }

  test('has an outline at just that distance', () => {
    for (const id of ['euclidean', 'manhattan'] as const) {
      for (const point of ballOf(id, at(1, -2), 2.5).flat()) {
        expect(distance(id, at(1, -2), point)).toBeCloseTo(2.5, 12);
      }
    }
    const [, first, ...rest] = ballOf('cosine', at(1, -2), 0.3)[0] ?? [];
    for (const edge of [first, rest.at(-1)]) {
      expect(edge && distance('cosine', at(1, -2), edge)).toBeCloseTo(0.3, 12);
    }
  });
});

describe('the angle', () => {
  test('is the one that cosine speaks of', () => {
    expect(angleBetween(at(3, 2), at(1, 5))).toBeCloseTo(45, 10);
    expect(angleBetween(at(1, 0), at(-3, 0))).toBeCloseTo(180, 10);
    expect(angleBetween(at(0, 0), at(1, 1))).toBeUndefined();
    const [a, b] = [at(-4, 1), at(2, -6)];
    const degrees = angleBetween(a, b) ?? 0;
    expect(1 - Math.cos((degrees * Math.PI) / 180)).toBeCloseTo(distance('cosine', a, b), 12);
  });

  test('is drawn from one ray to the other, the short way, also across the negative x axis', () => {
    const arc = arcBetween(at(-3, 1), at(-3, -1), 2);
    for (const point of arc) {
      expect(Math.hypot(point.x, point.y)).toBeCloseTo(2, 12);
      expect(point.x).toBeLessThan(-1.8);
    }
    expect(distance('cosine', arc[0] ?? at(0, 0), at(-3, 1))).toBeCloseTo(0, 12);
    expect(distance('cosine', arc.at(-1) ?? at(0, 0), at(-3, -1))).toBeCloseTo(0, 12);
  });
});

describe('staircases', () => {
  const length = (path: readonly Point[]) =>
    path.reduce((sum, p, i) => sum + distance('manhattan', p, path[Math.max(0, i - 1)] ?? p), 0);

  test.each([
    [at(0, 0), at(2, 2), 6],
    [at(3, 2), at(1, 5), 10],
    [at(-1, 4), at(-1, -3), 1],
    [at(1, 1), at(1, 1), 1],
    [at(-7, -7), at(7, 7), 40_116_600],
  ])('from %o to %o there are %i', (a, b, ways) => {
    expect(countGridPaths(a, b)).toBe(ways);
    const paths = staircases(a, b, 8);
    expect(paths).toHaveLength(Math.min(8, ways));
    expect(new Set(paths.map((path) => JSON.stringify(path))).size).toBe(paths.length);
    for (const path of paths) {
      expect([path[0], path.at(-1)]).toEqual([a, b]);
      expect(length(path)).toBe(distance('manhattan', a, b));
    }
  });

  test('are equally long off the grid, too', () => {
    const [a, b] = [at(-0.7, 3.2), at(2.6, -1)];
    const paths = staircases(a, b, 8);
    expect(paths).toHaveLength(8);
    for (const path of paths) {
      expect(length(path)).toBeCloseTo(7.5, 9);
      expect(path.at(-1)?.x).toBeCloseTo(b.x, 9);
      expect(path.at(-1)?.y).toBeCloseTo(b.y, 9);
    }
  });

  test('begin with the most even one', () => {
    expect(staircases(at(0, 0), at(2, 2), 8)[0]).toEqual([at(0, 0), at(1, 0), at(1, 1), at(2, 1), at(2, 2)]);
  });
});

describe('challenges', () => {
  test.each(CHALLENGES.map((challenge) => [challenge.task, challenge] as const))('%s', (_, challenge) => {
    const { a, b } = challenge.answer;
    expect(check(challenge, a, b).solved).toBe(true);
    expect(check(challenge, at(3, 2), at(1, 5)).solved).toBe(false);
    expect([snapTo(a, 0.1), snapTo(b, 0.1)]).toEqual([a, b]);
  });

  test('take any answer, and say what is missing', () => {
    const [, direction] = CHALLENGES;
    expect(direction && check(direction, at(1.5, 2), at(4.5, 6))).toEqual({
      solved: true,
      text: 'Solved: Cosine is 0, as wanted; Euclidean is 5, as wanted.',
    });
    expect(direction && check(direction, at(1, 0), at(5.9, 0.1)).text).toBe(
      'Not yet: Cosine is 0.000144, wanted 0; Euclidean is 4.901, wanted 5.',
    );
  });
});
