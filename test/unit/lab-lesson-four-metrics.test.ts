import { expect, test } from 'vitest';
import { fourMetrics } from '../../src/app/lab/lessons/content/four-metrics.ts';
import { distance, type PlaneMetric } from '../../src/app/playground/measures.ts';
import { type Cloud, makeCloud, mostContested, nearestOf } from '../../src/app/playground/nearest.ts';
import { EXTENT, type Point } from '../../src/app/playground/plane.ts';
import { alignStrings } from '../../src/app/playground/strings.ts';
import { type Claim, expectClaims, expectWellFormed, wordsOf } from './lab-lesson-recording.ts';

const at = (x: number, y: number): Point => ({ x, y });
const A = at(3, 2);
const to = (metric: PlaneMetric, a: Point, b: Point): number => distance(metric, a, b);

// Numbers are written as the playground writes them: whole ones whole, others with three digits; 0.2 is exact.
const exactly = (words: RegExp, ...numbers: number[]): Claim => ({ words, numbers, within: 0.0005 });

test('is whole and short', () => expectWellFormed(fourMetrics));

test('says the distances that the playground shows', () => {
  const [report, long, other] = [at(2, 1), at(6, 3), at(1, 2)];
  const [first, second, third] = [at(1, 0), at(0.8, 0.6), at(0.6, 0.8)];
  expectClaims(fourMetrics, [
    exactly(/B at \(3, 6\): both are (\d)/, to('euclidean', A, at(3, 6))),
    exactly(/which makes (\d)\./, to('manhattan', A, at(1, 5))),
    exactly(/√\(2² \+ 3²\) = ([\d.]+\d)/, to('euclidean', A, at(1, 5))),
    exactly(/Cosine stays at ([\d.]+\d)/, to('cosine', at(6, 4), at(1, 5))),
    exactly(
      /Euclidean from ([\d.]+) to ([\d.]+), Manhattan from (\d) to (\d)/,
      ...(['euclidean', 'manhattan'] as const).flatMap((metric) => [
        to(metric, A, at(1, 5)),
        to(metric, at(6, 4), at(1, 5)),
      ]),
    ),
    exactly(
      /The long report: cosine (\d), Euclidean ([\d.]+\d)/,
      to('cosine', report, long),
      to('euclidean', report, long),
    ),
    exactly(
      /The other short one: cosine ([\d.]+), Euclidean ([\d.]+\d)/,
      to('cosine', report, other),
      to('euclidean', report, other),
    ),
    exactly(
      /To \(0\.8, 0\.6\): cosine ([\d.]+), Euclidean ([\d.]+\d)/,
      to('cosine', first, second),
      to('euclidean', first, second),
    ),
    exactly(
      /To \(0\.6, 0\.8\): cosine ([\d.]+), Euclidean ([\d.]+\d)/,
      to('cosine', first, third),
      to('euclidean', first, third),
    ),
    exactly(
      /twice the cosine: ([\d.]+) and ([\d.]+\d)/,
      to('euclidean', first, second) ** 2,
      to('euclidean', first, third) ** 2,
    ),
    exactly(/put B at \(0\.1, 5\)\. Hamming is (\d)/, to('hamming', A, at(0.1, 5))),
    exactly(/so Hamming is (\d), while/, to('hamming', A, at(-0.1, 5))),
    exactly(
      /Euclidean only goes from ([\d.]+) to ([\d.]+\d)/,
      to('euclidean', A, at(0.1, 5)),
      to('euclidean', A, at(-0.1, 5)),
    ),
    exactly(/both axes, so Hamming is (\d)/, to('hamming', A, at(EXTENT, EXTENT))),
    exactly(/All (\d) places differ/, alignStrings('spring', 'pring·').distance ?? Number.NaN),
    exactly(
      /\(1, 1\) and \(7, 7\): Euclidean ([\d.]+), cosine (\d)/,
      to('euclidean', at(1, 1), at(7, 7)),
      to('cosine', at(1, 1), at(7, 7)),
    ),
  ]);
  for (const metric of ['euclidean', 'manhattan'] as const) {
    expect(to(metric, report, other)).toBeLessThan(to(metric, report, long));
  }
  expect(to('cosine', report, long)).toBeLessThan(to('cosine', report, other));
  expect(alignStrings('Saurav', 'Sourav').distance).toBe(1);
});

test('on the circle Euclidean orders as cosine does, Manhattan need not', () => {
  const circle = Array.from({ length: 40 }, (_, turn) => at(Math.cos(turn), Math.sin(turn)));
  const from = at(1, 0);
  const order = (metric: PlaneMetric) =>
    circle
      .map((_, index) => index)
      .sort((i, j) => {
        const [one, other] = [circle[i], circle[j]];
        return one && other ? to(metric, from, one) - to(metric, from, other) : 0;
      });
  expect(order('euclidean')).toEqual(order('cosine'));
  const otherwise = circle.some((x, i) =>
    circle.some((y, j) =>
      circle.some(
        (z) =>
          i < j && to('cosine', z, x) < to('cosine', z, y) && to('manhattan', z, x) > to('manhattan', z, y),
      ),
    ),
  );
  expect(otherwise).toBe(true);
});

test('the neighbors are those that the playground begins with', async () => {
  const cloud: Cloud = await makeCloud(1);
  const chosen = mostContested(cloud, 5);
  const nearest = (metric: PlaneMetric) => nearestOf(cloud, chosen, metric, 5);
  const named = (metric: PlaneMetric) => nearest(metric).map(({ index }) => index + 1);
  const words = wordsOf(fourMetrics);
  expect(words).toContain(`Here are ${cloud.points.length} points. Point ${chosen + 1} is chosen`);
  const shared = named('euclidean').filter((point) => named('cosine').includes(point));
  expect(words).toContain(
    `share only ${shared.length} of 5, points ${[...shared].sort((a, b) => a - b).join(' and ')}.`,
  );
  const far = Number(/By cosine point (\d+) is among/.exec(words)?.[1]);
  expect(named('cosine')).toContain(far);
  expect(named('euclidean')).not.toContain(far);
  expect(nearest('hamming').every((neighbor) => neighbor.distance === 0)).toBe(true);
});
