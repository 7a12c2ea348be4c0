import { beforeAll, expect, test } from 'vitest';
import { whatAnEmbeddingIs } from '../../src/app/lab/lessons/content/what-an-embedding-is.ts';
import { livePca } from '../../src/app/lab/live-pca.ts';
import type { Recording } from '../../src/lab/recording/recording.ts';
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
  toldOf,
} from './lab-lesson-recording.ts';

let run: Recording;
let start: SeenFrame;
let end: SeenFrame;

beforeAll(async () => {
  run = await recordingOf('simclr');
  [start, end] = [await seenAt(run, 'start'), await seenAt(run, 'end')];
});

test('is whole and short', () => expectWellFormed(whatAnEmbeddingIs));

test('says the numbers that are seen', () => {
  const at = (frame: SeenFrame, factor: 'shape' | 'color' | 'position' | 'temperature') =>
    toldOf(frame.shown, 'linear', factor).value;
  const { explained } = livePca(...drawnRows(run, end));
  expectClaims(whatAnEmbeddingIs, [
    {
      words: /same answer would be right in (\d+) %/,
      numbers: [toldOf(start.shown, 'linear', 'shape').chance],
    },
    { words: /Row “shape”: (\d+) %/, numbers: [at(start, 'shape')] },
    { words: /Never, (0) %/, numbers: [0] },
    { words: /It is not (0) %/, numbers: [0] },
    { words: /row “color”: (\d+) %/, numbers: [at(start, 'color')] },
    { words: /nearly (100) %/, numbers: [100] },
    { words: /near (100) %/, numbers: [100] },
    {
      words: /At the end (\d+) % are named right, from (\d+) %/,
      numbers: [at(end, 'shape'), at(start, 'shape')],
    },
    { words: /these two hold: (\d+) %/, numbers: [100 * (explained[0] + explained[1])] },
    { words: /Row “position”: (\d+) %/, numbers: [at(end, 'position')] },
    { words: /Chance is (\d+) %/, numbers: [toldOf(end.shown, 'linear', 'temperature').chance] },
    {
      words: /It was (\d+) % before the training and is (\d+) % after/,
      numbers: [at(start, 'temperature'), at(end, 'temperature')],
    },
    {
      words: /color rises from (\d+) % to (\d+) %/,
      numbers: [start, end].map(({ shown }) => toldOf(shown, 'knn', 'color').value),
    },
    { words: /This one gives (\d+)/, numbers: [run.settings.width] },
    { words: /you see (\d+) pictures/, numbers: [end.rows.image?.count ?? 0] },
    { words: /trained for (\d+) small steps/, numbers: [run.settings.steps] },
    { words: /In each it sees (\d+) pictures/, numbers: [run.settings.batchSize] },
    { words: /with (\d+) pictures some percent/, numbers: [end.shown.split.test] },
  ]);
});

test('what was recorded says the same', () => {
  for (const factor of ['shape', 'color', 'position', 'temperature'] as const) {
    for (const { report, shown } of [start, end]) {
      expect(toldOf(report, 'linear', factor).value).toBeCloseTo(toldOf(shown, 'linear', factor).value, -1);
    }
  }
  // Of a share of 128, two standard errors are 6.5 % at a chance of 16 %.
  const shape = toldOf(start.report, 'linear', 'shape');
  expect(Math.abs(shape.value - shape.chance)).toBeLessThan(6.5);
  expect(toldOf(end.report, 'linear', 'shape').value).toBeGreaterThan(3 * shape.chance);
  for (const { report } of [start, end]) {
    const { value, chance } = toldOf(report, 'linear', 'temperature');
    expect(Math.abs(value - chance)).toBeLessThan(8);
  }
});

test('the map is sorted by the ground at first, and not at all by it in the end', () => {
  const grounds = groundsOf(run);
  const [first, last] = [livePca(...drawnRows(run, start)), livePca(...drawnRows(run, end))];
  expect(sortedness(first.scores, grounds)).toBeGreaterThan(0.75);
  expect(neighborDifference(first.scores, 2, grounds)).toBeLessThan(0.65);
  expect(neighborDifference(...drawnRows(run, end), grounds)).toBeGreaterThan(0.95);
  expect(neighborDifference(last.scores, 2, grounds)).toBeGreaterThan(0.95);
});

test('the three groups are heights, and left and right are mixed on the map alone', () => {
  const places = scenesOf(run).map(({ levels }) => levels.position);
  const heights = places.map((place) => (/top|bottom/.exec(place) ?? ['middle'])[0]);
  const sides = places.map((place) => (/left|right/.exec(place) ?? ['center'])[0]);
  const { scores } = livePca(...drawnRows(run, end));
  expect(neighborAgreement(scores, 2, heights)).toBeGreaterThan(0.95);
  expect(neighborAgreement(scores, 2, sides)).toBeLessThan(0.4);
});
