import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { TrainingLoop } from '../../src/lab/trainer/loop.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { StepNumbers } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import type { RecipeId } from '../../src/lab/training/settings.ts';

const tiny = { batchSize: 6, side: 16, size: 0.125, width: 8, steps: 3, warmupSteps: 0 } as const;

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
});

/** Says so from the n-th time on that it is asked. */
function after(times: number) {
  const state = { asked: 0 };
  return { state, isUnwanted: () => ++state.asked > times };
}

const recipes: readonly RecipeId[] = ['simclr', 'vicreg', 'clip', 'image-bind', 'decur', 'supervised'];

test.each(recipes)(
  'a step of %s that is given up anywhere leaves nothing behind, and is then the same step',
  async (recipe) => {
    const settings = { ...defaultsOf(recipe), ...tiny, ...(recipe === 'vicreg' && { headWidth: 8 }) };
    const straight = createLearner(settings);
    const wanted = [await straight.step(), await straight.step()];
    const learner = createLearner(settings);
    expect(await learner.step()).toEqual(wanted[0]);

    const { numTensors, numBytes } = memory();
    const { state, isUnwanted } = after(Number.POSITIVE_INFINITY);
    const other = createLearner(settings);
    await other.step();
    await other.step(isUnwanted);
    other.dispose();
    const kernels = state.asked;
    expect(kernels).toBeGreaterThan(100);
    for (const at of [0, 1, 2, 7, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9].map((each) =>
      Number.isInteger(each) ? each : Math.round(each * kernels),
    )) {
      expect(await learner.step(after(at).isUnwanted)).toBeUndefined();
      expect(memory()).toMatchObject({ numTensors, numBytes });
      expect(learner.steps).toBe(1);
    }
    expect(await learner.step(() => false)).toEqual(wanted[1]);
    expect((await learner.exportState()).parameters).toEqual((await straight.exportState()).parameters);
    straight.dispose();
    learner.dispose();
  },
);

test('embeddings are given up and leave nothing behind', async () => {
  const learner = createLearner({ ...defaultsOf('simclr'), ...tiny });
  const scenes = heldOutScenes(learner.settings, 20);
  const { numTensors } = memory();
  for (const times of [0, 1, 9]) {
    expect(await learner.embed('image', scenes, 'view', after(times).isUnwanted)).toBeUndefined();
    expect(memory().numTensors).toBe(numTensors);
  }
  expect((await learner.embed('image', scenes, 'view', () => false))?.count).toBe(20);
  learner.dispose();
});

test('a pause in the middle of a step gives it up, and the run is the same as one that never stood', async () => {
  const settings = { ...defaultsOf('clip'), ...tiny, steps: 6 };
  const straight = await runWith(settings.steps, () => false);
  const asked = { count: 0 };
  const paused = await runWith(settings.steps, () => ++asked.count % 700 === 0);
  expect(paused.pauses).toBeGreaterThan(1);
  expect(paused.heard).toEqual(straight.heard);

  /** Whenever it is unwanted it is paused, and goes on. */
  async function runWith(steps: number, isUnwanted: () => boolean) {
    const learner = createLearner(settings);
    const heard: StepNumbers[] = [];
    let pauses = 0;
    const loop: TrainingLoop = new TrainingLoop(
      learner,
      {
        onSteps: (numbers) => heard.push(...numbers),
        between: () => Promise.resolve(),
        onEnd: () => undefined,
      },
      () => {
        if (!isUnwanted()) return false;
        pauses += 1;
        void loop.pause();
        return true;
      },
    );
    while (learner.steps < steps) await loop.run();
    learner.dispose();
    return { heard, pauses };
  }
});
