/** For the tests of lessons: what a class sees of a recording, and the numbers that a lesson says. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Lesson } from '../../src/app/lab/lessons/types.ts';
import { createProbingWork } from '../../src/app/lab/probing-work.ts';
import type { ProbeReport } from '../../src/lab/probes/report.ts';
import { type Frame, type Recording, readRecording } from '../../src/lab/recording/recording.ts';
import type { Factor, Modality } from '../../src/lab/world/factors.ts';

export interface SeenFrame extends Frame {
  /** What the page shows a second later: it measures the embeddings as they were kept, in int8. `report` is what was recorded. */
  readonly shown: ProbeReport;
}

export async function recordingOf(id: string): Promise<Recording> {
  return readRecording(new Uint8Array(readFileSync(`public/lab/${id}.safetensors`)), id);
}

/** @param at a step that has a frame */
export async function seenAt(
  { settings, frames }: Recording,
  at: number | 'start' | 'end',
): Promise<SeenFrame> {
  const frame =
    at === 'start' ? frames[0] : at === 'end' ? frames.at(-1) : frames.find(({ step }) => step === at);
  if (!frame) throw new Error(`There is no frame of step ${at}.`);
  const { step, rows, projections, views } = frame;
  const has = (each: object): boolean => Object.keys(each).length > 0;
  const snapshot = {
    ...{ step, rows },
    ...(has(projections) && { projections }),
    ...(has(views) && { views }),
  };
  return { ...frame, shown: await createProbingWork().measureSnapshot(settings, snapshot, () => {}) };
}

/** In per cent. */
export function toldOf(
  report: ProbeReport,
  probe: 'linear' | 'knn',
  factor: Factor,
  modality: Modality = 'image',
): { readonly value: number; readonly chance: number } {
  const probed = report[probe][modality];
  const accuracy = probed?.type === 'measured' ? probed.value[factor] : undefined;
  if (!accuracy) throw new Error(`${factor} of ${modality} was not measured.`);
  return { value: 100 * accuracy.value, chance: 100 * accuracy.chance };
}

/** Cosines of two views of each of the first scenes, as the square of the matrices shows them. */
export function similaritiesOf({ shown }: SeenFrame): { size: number; values: Float32Array } {
  const found = shown.pairs[0]?.similarities;
  if (found?.type !== 'measured') throw new Error('The similarities were not measured.');
  return { size: found.value.n, values: found.value.values };
}

export interface Claim {
  /** Where it is said; a group for each number. Each is looked for once in all the words of a lesson. */
  readonly words: RegExp;
  readonly numbers: readonly number[];
  /** How far a number may be from what is said; half of its last place unless told. */
  readonly within?: number;
}

/** Holds all per cents, and whatever else is claimed, to what was measured: a number that no claim has is refused. */
export function expectClaims(lesson: Lesson, claims: readonly Claim[]): void {
  let left = wordsOf(lesson);
  for (const { words, numbers, within = 0.5 } of claims) {
    const found = left.match(words);
    expect(found, `${words} is said in ${lesson.id}`).not.toBeNull();
    const said = found?.slice(1).map((text) => Number(text.replace(/,/g, '').replace('−', '-'))) ?? [];
    expect(said.length, String(words)).toBe(numbers.length);
    numbers.forEach((number, at) => {
      expect(Math.abs((said[at] ?? Number.NaN) - number), `${words}: ${number}`).toBeLessThanOrEqual(
        within + 1e-9,
      );
    });
    left = left.replace(words, '');
  }
  expect(left.match(/.{0,60}\d ?%/g) ?? [], `per cents of ${lesson.id} that nothing holds`).toEqual([]);
}

/** All that a student or a teacher reads. */
export function wordsOf({ about, steps, summary, teacher }: Lesson): string {
  const said = steps.flatMap(({ title, say, question, choices, reveal }) => [
    ...[title, ...say, question],
    ...[...choices, ...reveal.say],
  ]);
  const { aim, before, course, misconceptions, questions } = teacher;
  return [
    ...[about, ...said, ...summary, aim, before, ...course],
    ...misconceptions.flatMap(({ think, help }) => [think, help]),
    ...questions.flatMap(({ ask, answer }) => [ask, answer]),
  ].join('\n');
}

const countWords = (texts: readonly string[]): number => texts.join(' ').split(/\s+/).length;

/** What every lesson is: short, whole, and with a stage of its own from its first step on. */
export function expectWellFormed(lesson: Lesson): void {
  const { id, minutes, steps, summary, teacher } = lesson;
  expect(minutes).toBeGreaterThanOrEqual(5);
  expect(minutes).toBeLessThanOrEqual(10);
  expect(steps.length).toBeGreaterThanOrEqual(5);
  expect(steps.length).toBeLessThanOrEqual(8);
  expect(steps[0]?.show?.figure, `${id} sets its figure`).toBeDefined();
  if (steps[0]?.show?.figure === 'map') {
    expect(steps[0].show).toMatchObject({
      ...{ recordings: expect.any(Array), panel: expect.any(String) },
      view: { projection: expect.any(String), color: expect.any(String), pictures: expect.any(Boolean) },
    });
  }
  for (const { title, say, choices, answer, reveal } of steps) {
    const where = `${id}: ${title}`;
    expect(countWords(say), where).toBeLessThanOrEqual(65);
    expect(countWords(reveal.say), `${where}, revealed`).toBeLessThanOrEqual(85);
    expect(choices.length, where).toBeGreaterThanOrEqual(2);
    expect(choices.length, where).toBeLessThanOrEqual(4);
    expect(new Set(choices).size, where).toBe(choices.length);
    expect(choices[answer], where).toBeDefined();
  }
  // Who always takes the same place must not be right.
  expect(new Set(steps.map(({ answer }) => answer)).size, id).toBeGreaterThan(1);
  expect(summary.length).toBeGreaterThanOrEqual(2);
  expect(summary.length).toBeLessThanOrEqual(4);
  for (const [few, many, list] of [
    [3, 8, teacher.course],
    [3, 5, teacher.misconceptions],
    [3, 5, teacher.questions],
  ] as const) {
    expect(list.length, id).toBeGreaterThanOrEqual(few);
    expect(list.length, id).toBeLessThanOrEqual(many);
  }
}
