import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../../src/lab/trainer/check-gradients.ts';
import { TrainingLoop } from '../../src/lab/trainer/loop.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { Learner, StepNumbers } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';

const tiny: RunSettings = {
  ...defaultsOf('supervised'),
  ...{ steps: 500, batchSize: 3, size: 0.1, side: 16, width: 4, warmupSteps: 2 },
};

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
});

/** Counts, and learns nothing. @param failsAt the step that throws */
function fakeLearner(steps: number, failsAt = Number.POSITIVE_INFINITY, state = { steps: 0 }): Learner {
  const unused = () => {
    throw new Error('The loop takes steps and nothing else.');
  };
  return {
    settings: { ...tiny, steps },
    get steps() {
      return state.steps;
    },
    async step(): Promise<StepNumbers> {
      if (state.steps + 1 >= failsAt) throw new Error('no memory');
      state.steps += 1;
      return { step: state.steps, rate: 1, total: 1, terms: {}, weights: {}, learned: {} };
    },
    ...{ embed: unused, exportState: unused, importState: unused, dispose: unused },
  };
}

function listen(learner: Learner, between = async (_: number): Promise<void> => undefined) {
  const heard = { steps: [] as number[], reports: 0, ends: 0, paces: [] as (number | undefined)[] };
  const loop = new TrainingLoop(learner, {
    onSteps(numbers, pace) {
      heard.reports += 1;
      heard.steps.push(...numbers.map(({ step }) => step));
      heard.paces.push(pace);
    },
    onEnd() {
      heard.ends += 1;
    },
    between,
  });
  return { heard, loop };
}

const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

test('every step is told once and in order, some ten times a second and not step by step', async () => {
  const { heard, loop } = listen(fakeLearner(3000));
  const began = performance.now();
  await loop.run();
  const tenths = (performance.now() - began) / 100;
  expect(heard.steps).toEqual(upTo(3000));
  expect(heard.reports).toBeLessThanOrEqual(Math.floor(tenths) + 1);
  expect(heard.ends).toBe(1);
});

test('a run that is paused takes no step more than the one it is in, and goes on where it stood', async () => {
  const paused: Promise<void>[] = [];
  const { heard, loop } = listen(fakeLearner(20), async (step) => {
    if (step === 7) paused.push(loop.pause());
  });
  await loop.run();
  await Promise.all(paused);
  expect(heard.steps).toEqual(upTo(7));
  expect(heard.ends).toBe(0);
  await loop.step();
  expect(heard.steps).toEqual(upTo(8));
  await loop.run();
  expect(heard.steps).toEqual(upTo(20));
  await loop.step();
  expect([heard.steps.length, heard.ends]).toEqual([20, 1]);
});

test('a speed holds steps apart, and a pause does not wait for the next of them', async () => {
  const { heard, loop } = listen(fakeLearner(100));
  loop.setSpeed(40);
  const began = performance.now();
  const run = loop.run();
  while (heard.steps.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(heard.steps.length / ((performance.now() - began) / 1000)).toBeLessThan(60);
  expect(heard.paces.at(-1)).toBeLessThan(60);
  loop.setSpeed(0.01);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const asked = performance.now();
  await loop.pause();
  expect(performance.now() - asked).toBeLessThan(200);
  await run;
  expect(() => loop.setSpeed(0)).toThrow(RangeError);
});

test('a step that fails ends the run with its reason, and what was taken before is told', async () => {
  const { heard, loop } = listen(fakeLearner(20, 5));
  await expect(loop.run()).rejects.toThrow('no memory');
  expect(heard.steps).toEqual(upTo(4));
  expect(heard.ends).toBe(0);
});

test('tensors and their bytes are as many after 500 steps as after the second', async () => {
  const learner = createLearner(tiny);
  const seen: { numTensors: number; numBytes: number }[] = [];
  const { loop } = listen(learner, async () => {
    const { numTensors, numBytes } = memory();
    seen.push({ numTensors, numBytes });
  });
  await loop.run();
  learner.dispose();
  expect(seen).toHaveLength(500);
  expect(new Set(seen.slice(1).map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify(seen[1])]),
  );
});

const gradients = (...values: number[]) => new Map([['kernel', new Float32Array(values)]]);

test.each([
  ['rounding', gradients(1, -2, 0.5001), true],
  ['one wrong number', gradients(1, -2, 0.51), false],
  ['another sign', gradients(1, 2, 0.5), false],
  ['zeros', gradients(0, 0, 0), false],
  ['not a number', gradients(1, Number.NaN, 0.5), false],
  ['too few', gradients(1, -2), false],
  ['another parameter', new Map([['bias', new Float32Array(3)]]), false],
])('gradients with %s are held to the CPU’s', (_, found, isRight) => {
  expect(compare(found, gradients(1, -2, 0.5))).toMatchObject({ isRight });
});

test('a deviation is a share of the largest gradient of its parameter, and says which it is', () => {
  const wanted = new Map([
    ['large', new Float32Array([1000, 0])],
    ['small', new Float32Array([0.001, 0])],
  ]);
  const found = new Map([
    ['large', new Float32Array([1000, 0.2])],
    ['small', new Float32Array([0.0015, 0])],
  ]);
  // The small one is held to a thousandth of the largest: noise about zero is no error.
  expect(compare(found, wanted)).toMatchObject({ parameter: 'small', isRight: true });
  expect(compare(found, wanted).deviation).toBeCloseTo(0.0005, 6);
});
