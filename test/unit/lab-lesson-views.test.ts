import { beforeAll, expect, test } from 'vitest';
import { views } from '../../src/app/lab/lessons/content/views.ts';
import { livePca } from '../../src/app/lab/live-pca.ts';
import { ownIsLargest } from '../../src/app/lab/panels/matrix-numbers.ts';
import type { Recording } from '../../src/lab/recording/recording.ts';
import type { Factor } from '../../src/lab/world/factors.ts';
import {
  drawnRows,
  groundsOf,
  neighborAgreement,
  neighborDifference,
  scenesOf,
  sortedness,
} from './lab-lesson-map.ts';
import {
  expectClaims,
  expectWellFormed,
  recordingOf,
  type SeenFrame,
  seenAt,
  similaritiesOf,
  toldOf,
} from './lab-lesson-recording.ts';

let first: Recording;
let second: Recording;
let start: SeenFrame;
let end: SeenFrame;
let other: SeenFrame;

beforeAll(async () => {
  [first, second] = [await recordingOf('simclr'), await recordingOf('simclr-no-jitter')];
  start = await seenAt(first, 'start');
  end = await seenAt(first, 'end');
  other = await seenAt(second, 'end');
});

test('is whole and short', () => expectWellFormed(views));

test('the two runs differ in the color of their views alone', () => {
  const { jitter, gray, ...kept } = first.settings.views;
  expect([jitter, gray]).toEqual([true, true]);
  expect(second.settings).toEqual({ ...first.settings, views: { ...kept, jitter: false, gray: false } });
  expect(kept.flip).toBe(true);
});

test('says the numbers that are seen', () => {
  const linear = (frame: SeenFrame, factor: Factor) => toldOf(frame.shown, 'linear', factor).value;
  const n = 64;
  expect(similaritiesOf(end).size).toBe(n);
  const won = (frame: SeenFrame) => 100 * ownIsLargest(similaritiesOf(frame));
  const { scores } = livePca(...drawnRows(first, end));
  expectClaims(views, [
    { words: /Each of (\d+) pictures gives two views/, numbers: [first.settings.batchSize] },
    { words: /among the (\d+) others/, numbers: [2 * first.settings.batchSize - 1] },
    {
      words: /for (\d+) % of these (\d+) pictures\. By chance it would be ([\d.]+) %/,
      numbers: [won(start), n, 100 / n],
    },
    { words: /Still for (\d+) %/, numbers: [won(start)] },
    { words: /For (\d+) %: the sentence/, numbers: [won(end)] },
    { words: /it is at ([\d.]+\d),/, numbers: [lossAtEnd(second)], within: 0.0006 },
    { words: /the first one at ([\d.]+\d)/, numbers: [lossAtEnd(first)], within: 0.006 },
    { words: /Chance is (\d+) %/, numbers: [toldOf(end.shown, 'linear', 'shape').chance] },
    {
      words: /Row “shape”: (\d+) % for the first run, (\d+) % for the second/,
      numbers: [linear(end, 'shape'), linear(other, 'shape')],
    },
    {
      words: /(\d+) % against (\d+) %, which is less than the (\d+) %/,
      numbers: [linear(end, 'position'), linear(other, 'position'), linear(start, 'position')],
    },
    {
      words: /“color” is at (\d+) %; the first run had (\d+) %/,
      numbers: [linear(other, 'color'), linear(end, 'color')],
    },
    { words: /row “color” was at (\d+) %/, numbers: [linear(start, 'color')] },
    { words: /row “color” is still at (\d+) %/, numbers: [linear(end, 'color')] },
    {
      words:
        /on the map (\d+) % agree in this, and (\d+) % in left, center or right, where chance is (\d+) %/,
      numbers: [
        100 * neighborAgreement(scores, 2, heights()),
        100 * neighborAgreement(scores, 2, sides()),
        100 / 3,
      ],
    },
    { words: /row “position” is at (\d+) %/, numbers: [linear(end, 'position')] },
  ]);
});

test('what was recorded says the same', () => {
  const linear = ({ report }: SeenFrame, factor: Factor) => toldOf(report, 'linear', factor);
  const { value, chance } = linear(other, 'shape');
  expect(Math.abs(value - chance)).toBeLessThan(6.5);
  expect(linear(end, 'shape').value).toBeGreaterThan(3 * chance);
  expect(linear(other, 'color').value).toBeGreaterThan(linear(end, 'color').value + 10);
  expect(Math.abs(linear(end, 'color').value - linear(start, 'color').value)).toBeLessThan(5);
  expect(linear(other, 'position').value).toBeLessThan(linear(start, 'position').value);
  expect(linear(end, 'position').value).toBeGreaterThan(90);
  // From the first tenth of the steps on, not by the luck of the last batch.
  for (let at = 50; at < first.steps.length; at++) {
    expect(second.steps[at]?.total).toBeLessThan(first.steps[at]?.total ?? 0);
  }
});

test('neighbors share the ground where colors are kept, and do not where they are shifted', () => {
  const grounds = groundsOf(first);
  expect(neighborDifference(...drawnRows(second, other), grounds)).toBeLessThan(0.5);
  expect(neighborDifference(...drawnRows(first, end), grounds)).toBeGreaterThan(0.95);
  const { scores } = livePca(...drawnRows(second, other));
  expect(sortedness(scores, grounds)).toBeGreaterThan(0.7);
  expect(neighborDifference(scores, 2, grounds)).toBeLessThan(0.7);
  const colors = scenesOf(first).map(({ levels }) => levels.color);
  expect(neighborAgreement(scores, 2, colors)).toBeLessThan(0.2);
});

test('colors lie along the groups of the first map', () => {
  const { scores } = livePca(...drawnRows(first, end));
  const along = scenesOf(first).map(({ levels }, row) => ({
    color: levels.color,
    at: scores[2 * row + 1] ?? 0,
  }));
  const ends = (colors: readonly string[]) =>
    along.flatMap(({ color, at }) => (colors.includes(color) ? at : []));
  const middle = along.map(({ at }) => at).sort((a, b) => a - b)[along.length / 2] ?? 0;
  const share = (colors: readonly string[]) =>
    ends(colors).filter((at) => at > middle).length / ends(colors).length;
  const [yellow, cool] = [share(['yellow']), share(['purple', 'blue'])];
  expect(Math.min(Math.max(yellow, cool), 1 - Math.min(yellow, cool))).toBeGreaterThan(0.7);
});

const placesOf = () => scenesOf(first).map(({ levels }) => levels.position);
const heights = () => placesOf().map((place) => (/top|bottom/.exec(place) ?? ['middle'])[0]);
const sides = () => placesOf().map((place) => (/left|right/.exec(place) ?? ['center'])[0]);

const lossAtEnd = ({ steps }: Recording): number => steps.at(-1)?.total ?? Number.NaN;
