import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { env, memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { world } from '../../src/lab/data/source.ts';
import { drawBatch } from '../../src/lab/training/batches.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { LearnerState } from '../../src/lab/training/learner.ts';
import { defaultsOf, recipes } from '../../src/lab/training/recipes.ts';
import { heldOutScenes, trainingScenes } from '../../src/lab/training/scenes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';
import { captionBatch, renderBatch } from '../../src/lab/world/batch.ts';
import type { Scene } from '../../src/lab/world/scene.ts';

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
});

const ids = Object.values(recipes).map(({ id }) => id);

/** A run as small as it can be. */
function tiny(recipe: RecipeId, changes: Partial<RunSettings> = {}): RunSettings {
  const defaults = defaultsOf(recipe);
  return {
    ...{ ...defaults, steps: 6, batchSize: 3, side: 16, size: 0.1, width: 4, warmupSteps: 2 },
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
    const [whole, begun, resumed] = [settings, settings, settings].map((each) => createLearner(each));
    if (!whole || !begun || !resumed) throw new Error('no learner');
    const wanted = [];
    for (let at = 0; at < 6; at++) wanted.push(await whole.step());
    // ImageBind goes to its second stage after three steps, so with the learner that goes on.
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
    await expect(whole.step()).rejects.toThrow(RangeError);
    for (const learner of [whole, begun, resumed]) learner.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

test('500 steps fall down the loss and keep as many tensors and bytes as three', async () => {
  const settings = tiny('simclr', { steps: 500, batchSize: 6, rate: 5e-3 });
  const learner = createLearner(settings);
  const totals: number[] = [];
  const held: { numTensors: number; numBytes: number }[] = [];
  for (let at = 0; at < settings.steps; at++) {
    totals.push((await learner.step()).total);
    const { numTensors, numBytes } = memory();
    held.push({ numTensors, numBytes });
  }
  for (const state of held.slice(2)) expect(state).toEqual(held[2]);
  const mean = (part: readonly number[]) => part.reduce((sum, total) => sum + total, 0) / part.length;
  expect(mean(totals.slice(-100))).toBeLessThan(mean(totals.slice(0, 100)) - 0.1);
  learner.dispose();
});

test('another seed is another run', async () => {
  const [one, other] = [1, 2].map((seed) => createLearner(tiny('supervised', { seed })));
  if (!one || !other) throw new Error('no learner');
  expect((await one.step()).total).not.toBe((await other.step()).total);
  for (const learner of [one, other]) learner.dispose();
});

test('a batch is what its seed and step say, whatever was drawn before', () => {
  const settings = tiny('decur', { modalities: ['image', 'imu'] });
  const draw = (step: number) => drawBatch(world, settings, step, settings.modalities);
  const first = draw(3);
  expect(draw(4).items.get('image')).not.toEqual(first.items.get('image'));
  expect(draw(4).views.get('imu')).not.toEqual(first.views.get('imu'));
  expect(draw(3)).toEqual(first);
  const known = new Set(
    Array.from({ length: 6 }, (_, step) => trainingScenes(settings, step))
      .flat()
      .map(toText),
  );
  expect(known.size).toBe(6 * settings.batchSize);
  expect(heldOutScenes(settings, 50).some((scene) => known.has(toText(scene)))).toBe(false);
});

test('shuffled captions and unbound modalities are those of other scenes of the batch', () => {
  const settings = tiny('image-bind');
  const scenes = trainingScenes(settings, 1);
  const draw = (changes: Partial<RunSettings>) =>
    drawBatch(world, { ...settings, ...changes }, 1, settings.modalities).items;
  const own = draw({});
  const other = draw({ shuffled: true, unbound: ['imu'] });
  const next = [...scenes.slice(1), ...scenes.slice(0, 1)];
  expect(own.get('text')).toEqual(captionBatch(scenes));
  expect(other.get('text')).toEqual(captionBatch(next));
  expect(other.get('imu')).toEqual(renderBatch('imu', next));
  for (const modality of ['image', 'audio', 'depth', 'thermal'] as const)
    expect(other.get(modality)).toEqual(own.get(modality));
});

test('ImageBind trains image and text, then freezes both', async () => {
  const learner = createLearner(tiny('image-bind', { modalities: ['image', 'text', 'thermal'] }));
  const states: LearnerState[] = [await learner.exportState()];
  for (let at = 0; at < 6; at++) {
    const { terms } = await learner.step();
    expect(Object.keys(terms)).toEqual(
      at < 3 ? ['imageToText', 'textToImage'] : ['imageToThermal', 'thermalToImage'],
    );
    states.push(await learner.exportState());
  }
  learner.dispose();
  const moved = (from: number, to: number) =>
    new Set(
      [...(states[from]?.parameters ?? [])]
        .filter(([name, { values }]) => values.join() !== states[to]?.parameters.get(name)?.values.join())
        .map(([name]) => name.split('.')[0]),
    );
  expect(moved(0, 3)).toEqual(new Set(['image', 'text', 'objective']));
  expect(moved(3, 6)).toEqual(new Set(['thermal']));
});

test('a state of another model is refused, and nothing has changed then', async () => {
  const learner = createLearner(tiny('clip'));
  await learner.step();
  const own = await learner.exportState();
  const wider = createLearner(tiny('clip', { width: 5 }));
  const other = createLearner(tiny('siglip'));
  const text = own.parameters.get('text.words');
  if (!text) throw new Error('no words');
  const states: LearnerState[] = [
    await wider.exportState(),
    await other.exportState(),
    { ...own, step: 7 },
    { ...own, parameters: new Map([...own.parameters].slice(1)) },
    { ...own, parameters: new Map([...own.parameters, ['another', text]]) },
    { ...own, optimizer: { ...own.optimizer, moments: new Map() } },
  ];
  const before = memory().numTensors;
  for (const state of states) expect(() => learner.importState(state)).toThrow(RangeError);
  expect(memory().numTensors).toBe(before);
  expect(plain(await learner.exportState())).toEqual(plain(own));
  for (const made of [learner, wider, other]) made.dispose();
});

test.each<[Partial<RunSettings>, RegExp]>([
  [{ batchSize: 1 }, /batchSize is 1/],
  [{ seed: 0.5 }, /seed is a whole number/],
  [{ rate: 0 }, /learning rate is 0/],
  [{ size: 0 }, /size is 0/],
  [{ firstStage: 2 }, /from 0 to 1/],
  [{ modalities: ['image', 'image'] }, /different ones/],
  [{ modalities: ['image', 'audio'] }, /takes 1 modalities, not 2/],
  [{ modalities: ['text'] }, /Two views of a caption/],
])('%o is refused', (changes, message) => {
  expect(() => createLearner({ ...defaultsOf('simclr'), ...changes })).toThrow(message);
});

test('an embedding is the same alone and among others, in pieces too', async () => {
  const settings = tiny('vicreg');
  const learner = createLearner(settings);
  await learner.step();
  const scenes = heldOutScenes(settings, 130);
  for (const of of ['embedding', 'projection'] as const) {
    const all = await learner.embed('image', scenes, of);
    const last = await learner.embed('image', scenes.slice(-1), of);
    expect(all).toMatchObject({ count: 130, width: 4 });
    for (const [at, value] of last.values.entries())
      expect(value).toBeCloseTo(all.values[129 * 4 + at] ?? Number.NaN, 4);
  }
  await expect(learner.embed('audio', scenes)).rejects.toThrow(/learned nothing of audio/);
  learner.dispose();
});

function toText({ levels, exact }: Scene): string {
  return JSON.stringify([levels, exact]);
}
