import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { LearnerState } from '../../src/lab/training/learner.ts';
import { defaultsOf, recipes } from '../../src/lab/training/recipes.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

const ids = Object.values(recipes).map(({ id }) => id);

/** A run as small as it can be. */
function tiny(recipe: RecipeId, changes: Partial<RunSettings> = {}): RunSettings {
  const defaults = defaultsOf(recipe);
  return {
    ...{ ...defaults, steps: 6, batchSize: 2, side: 16, size: 0.1, width: 4, warmupSteps: 2 },
    headWidth: defaults.headWidth && 4,
    ...changes,
  };
}

function plain({ step, parameters, optimizer }: LearnerState) {
  return { step, parameters: [...parameters], steps: optimizer.steps, moments: [...optimizer.moments] };
}

describe.each(ids)('%s', (recipe) => {
  test('is the same run for the same seed, goes on to the bit from a state, and leaves nothing behind', async () => {
    const before = memory().numTensors;
    const settings = tiny(recipe);
    const [whole, begun, resumed] = [settings, settings, settings].map(createLearner);
    if (!whole || !begun || !resumed) throw new Error('no learner');
    const wanted = [];
    for (let at = 0; at < 5; at++) wanted.push(await whole.step());
    // ImageBind's stages change after three steps: once between two of the learners, once within both.
    for (const numbers of wanted.slice(0, 2)) expect(await begun.step()).toEqual(numbers);
    resumed.importState(await begun.exportState());
    for (const numbers of wanted.slice(2)) expect(await resumed.step()).toEqual(numbers);
    expect(plain(await resumed.exportState())).toEqual(plain(await whole.exportState()));
    const scenes = heldOutScenes(settings, 3);
    for (const modality of settings.modalities) {
      const rows = await whole.embed(modality, scenes, 'projection');
      expect(rows.values).toEqual((await resumed.embed(modality, scenes, 'projection')).values);
      expect(rows.values.every(Number.isFinite)).toBe(true);
    }
    for (const learner of [whole, begun, resumed]) learner.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
