import { beforeAll, expect, test } from 'vitest';
import { temperature } from '../../src/app/lab/lessons/content/temperature.ts';
import { livePca } from '../../src/app/lab/live-pca.ts';
import { numbersOf, ownIsLargest } from '../../src/app/lab/panels/matrix-numbers.ts';
import type { Recording } from '../../src/lab/recording/recording.ts';
import type { Factor } from '../../src/lab/world/factors.ts';
import { drawnRows, groundsOf, neighborAgreement, scenesOf, sortedness } from './lab-lesson-map.ts';
import {
  type Claim,
  expectClaims,
  expectWellFormed,
  recordingOf,
  type SeenFrame,
  seenAt,
  similaritiesOf,
  toldOf,
} from './lab-lesson-recording.ts';

interface Run {
  readonly recording: Recording;
  readonly start: SeenFrame;
  readonly end: SeenFrame;
}

let usual: Run;
let cold: Run;
let hot: Run;

const load = async (id: string): Promise<Run> => {
  const recording = await recordingOf(id);
  return { recording, start: await seenAt(recording, 'start'), end: await seenAt(recording, 'end') };
};

beforeAll(async () => {
  usual = await load('simclr');
  cold = await load('simclr-cold');
  hot = await load('simclr-hot');
});

test('is whole and short', () => expectWellFormed(temperature));

test('the runs differ in their temperature alone', () => {
  for (const { recording } of [cold, hot]) {
    const { objective, ...rest } = recording.settings;
    const { objective: own, ...same } = usual.recording.settings;
    expect(rest).toEqual(same);
    expect(objective).toEqual({ ...own, temperature: objective.temperature });
  }
  expect([usual, cold, hot].map(({ recording }) => recording.settings.objective.temperature)).toEqual([
    ...[0.1, 0.01, 5],
  ]);
});

test('says the numbers that are seen', () => {
  const others = 2 * usual.recording.settings.batchSize - 1;
  const blind = Math.log(others);
  const losses = ({ recording }: Run) => recording.steps.map(({ total }) => total);
  const below6 = cold.recording.steps.findIndex((_, at) =>
    losses(cold)
      .slice(at)
      .every((loss) => loss < 6),
  );
  const best = Math.log(1 + (others - 1) * Math.exp(-2 / 5));
  expectClaims(temperature, [
    { words: /partner among (\d+) other views/, numbers: [others] },
    {
      words: /same weight for all (\d+), has a loss of ln 127 = ([\d.]+\d)\./,
      numbers: [others, blind],
      within: 0.005,
    },
    exact(/e\^\(0\.1 ÷ 0\.1\) = e = ([\d.]+\d)\. At/, 0.05, Math.exp(0.1 / 0.1)),
    exact(/it would be e\^10 = ([\d,]+\d),/, 0.5, Math.exp(0.1 / 0.01)),
    exact(/at T = 5 just ([\d.]+\d)\./, 0.005, Math.exp(0.1 / 5)),
    exact(/begins at ([\d.]+\d): far worse/, 0.05, losses(cold)[0]),
    exact(/From step (\d+) on it is below 6/, 0, cold.recording.steps[below6]?.step),
    exact(
      /ends at ([\d.]+\d)\. The first run ends at ([\d.]+\d)\./,
      0.005,
      losses(cold).at(-1),
      losses(usual).at(-1),
    ),
    exact(
      /its square: partners have a cosine of ([\d.]+\d), others ([\d.]+\d)\./,
      0.0005,
      ...cosinesOf(cold),
    ),
    exact(/In the first run it is ([\d.]+\d) and ([\d.]+\d)\./, 0.0005, ...cosinesOf(usual)),
    percent(
      /color right in (\d+) % of pictures, the shape in (\d+) %/,
      told(usual.start, 'color'),
      told(usual.start, 'shape'),
    ),
    percent(/after (\d+) steps of training/, usual.recording.settings.steps),
    percent(
      /Row “color”: (\d+) %, less than before; the rhombus marks the untrained model\. Row “shape”: (\d+) %, chance as before\. The first run has (\d+) %/,
      told(cold.end, 'color'),
      told(cold.end, 'shape'),
      told(usual.end, 'shape'),
    ),
    percent(/two directions hold (\d+) % of the variance\. Along/, shareOf(cold)),
    exact(/e\^\(2 ÷ 5\) = ([\d.]+\d) times/, 0.05, Math.exp(2 / 5)),
    exact(/Blind guessing still has ([\d.]+\d)\./, 0.005, blind),
    exact(/From ([\d.]+\d) to ([\d.]+\d)\. Even if/, 0.005, losses(hot)[0], losses(hot).at(-1)),
    exact(/all others −1, it would be ([\d.]+\d):/, 0.005, best),
    exact(
      /hot run partners have a cosine of ([\d.]+\d) on average, all others (−?[\d.]+\d)\./,
      0.0005,
      ...cosinesOf(hot),
    ),
    exact(/In the first run it is ([\d.]+\d) and ([\d.]+\d)\./, 0.0005, ...cosinesOf(usual)),
    percent(/most similar of (\d+) in (\d+) % of cases/, similaritiesOf(usual.end).size, wonOf(usual)),
    percent(/In (\d+) %\.\n/, wonOf(hot)),
    percent(/In (\d+) %\. Averages/, wonOf(hot)),
    percent(
      /alone: (\d+) % of the others are above 0\.8, in the first run (\d+) %/,
      highOf(hot),
      highOf(usual),
    ),
    percent(
      /shape right in (\d+) %, color in (\d+) %, position in (\d+) %/,
      told(usual.end, 'shape'),
      told(usual.end, 'color'),
      told(usual.end, 'position'),
    ),
    percent(
      /Row “position”: (\d+) %, too\. Color is at (\d+) %, shape at (\d+) %/,
      told(hot.end, 'position'),
      told(hot.end, 'color'),
      told(hot.end, 'shape'),
    ),
    percent(
      /Two directions hold (\d+) % of the variance, in the first run (\d+) %/,
      shareOf(hot),
      shareOf(usual),
    ),
    exact(/Step 5: ([\d.]+\d) to ([\d.]+\d),/, 0.005, losses(hot)[0], losses(hot).at(-1)),
    exact(/= ln 127 = ([\d.]+\d), whatever/, 0.005, blind),
  ]);
  // What is said to stay near the loss of blind guessing does.
  for (const loss of losses(cold).slice(50, 300)) expect(Math.abs(loss - blind)).toBeLessThan(0.25);
});

test('what was recorded says the same', () => {
  const linear = ({ report }: SeenFrame, factor: Factor) => toldOf(report, 'linear', factor);
  expect(linear(cold.end, 'color').value).toBeLessThan(linear(cold.start, 'color').value - 10);
  const { value, chance } = linear(cold.end, 'shape');
  expect(Math.abs(value - chance)).toBeLessThan(6.5);
  expect(linear(hot.end, 'position').value).toBeGreaterThanOrEqual(linear(usual.end, 'position').value - 5);
  expect(linear(hot.end, 'shape').value).toBeLessThan(linear(usual.end, 'shape').value - 10);
  expect(linear(hot.end, 'color').value).toBeLessThan(linear(usual.end, 'color').value);
});

test('the bow of the cold map goes from dark to bright; the groups of the hot one are heights', () => {
  const { scores } = livePca(...drawnRows(cold.recording, cold.end));
  expect(sortedness(scores, groundsOf(cold.recording))).toBeGreaterThan(0.85);
  const heights = scenesOf(hot.recording).map(
    ({ levels }) => (/top|bottom/.exec(levels.position) ?? ['middle'])[0],
  );
  const plane = livePca(...drawnRows(hot.recording, hot.end)).scores;
  expect(neighborAgreement(plane, 2, heights)).toBeGreaterThan(0.95);
  expect(neighborAgreement(plane, 2, warmth(hot))).toBeGreaterThan(0.95);
  expect(neighborAgreement(scores, 2, warmth(cold))).toBeLessThan(0.6);
  const shapes = scenesOf(cold.recording).map(({ levels }) => levels.shape);
  expect(neighborAgreement(scores, 2, shapes)).toBeLessThan(0.15);
});

const WARM = ['red', 'orange', 'yellow', 'pink'];

const warmth = ({ recording }: Run) =>
  scenesOf(recording).map(({ levels }) => (WARM.includes(levels.color) ? 'warm' : 'cool'));

const told = ({ shown }: SeenFrame, factor: Factor): number => toldOf(shown, 'linear', factor).value;

const wonOf = ({ end }: Run): number => 100 * ownIsLargest(similaritiesOf(end));

function cosinesOf({ end }: Run): readonly [number, number] {
  const { diagonal, beside } = numbersOf(similaritiesOf(end));
  return [diagonal, beside];
}

/** Of the views that are no partners, those with a cosine above 0.8. */
function highOf({ end }: Run): number {
  const { values, size } = similaritiesOf(end);
  const others = [...values].filter((_, at) => at % (size + 1) !== 0);
  return (100 * others.filter((cosine) => cosine > 0.8).length) / others.length;
}

/** Of the variance, what the two directions of the map hold. */
function shareOf({ recording, end }: Run): number {
  const [first, second] = livePca(...drawnRows(recording, end)).explained;
  return 100 * (first + second);
}

const exact = (words: RegExp, within: number, ...numbers: (number | undefined)[]): Claim => ({
  ...{ words, within },
  numbers: numbers.map((number) => number ?? Number.NaN),
});

const percent = (words: RegExp, ...numbers: number[]): Claim => ({ words, numbers });
