import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  env,
  getKernelsForBackend,
  memory,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { world } from '../../src/lab/data/source.ts';
import { halveBatch, scenesBefore } from '../../src/lab/training/batch-size.ts';
import { drawBatch } from '../../src/lab/training/batches.ts';
import { checkSettings } from '../../src/lab/training/check-settings.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { trainingScenes } from '../../src/lab/training/scenes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';
import { fitBatch, stepBytes } from '../../src/lab/training/step-bytes.ts';

/** The most bytes of tensors since it was last read. */
let takePeak: () => number;

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
  // The encoders put kernels of their own in place first.
  createLearner({ ...defaultsOf('clip'), ...tiny }).dispose();
  let peak = 0;
  for (const kernel of getKernelsForBackend('wasm')) {
    unregisterKernel(kernel.kernelName, 'wasm');
    registerKernel({
      ...kernel,
      kernelFunc(call) {
        const made = kernel.kernelFunc(call);
        peak = Math.max(peak, memory().numBytes);
        return made;
      },
    });
  }
  takePeak = () => {
    const most = peak;
    peak = 0;
    return most;
  };
});

const tiny: Partial<RunSettings> = { batchSize: 16, side: 16, size: 0.5, width: 16 };

const recipes: readonly [RecipeId, Partial<RunSettings>][] = [
  ['simclr', {}],
  ['vicreg', { side: 32 }],
  ['barlow-twins', { size: 1 }],
  ['clip', { batchSize: 64 }],
  ['siglip', { batchSize: 64 }],
  ['image-bind', { firstStage: 0 }],
  ['decur', {}],
  ['decur', { modalities: ['imu', 'audio'] }],
  ['supervised', { side: 48, batchSize: 40 }],
];

test.each(recipes)(
  'the bytes of a step of %s with %o are as estimated, to a quarter',
  async (recipe, change) => {
    const learner = createLearner({ ...defaultsOf(recipe), ...tiny, ...change });
    let parameters = 0;
    for (const { values } of (await learner.exportState()).parameters.values()) parameters += values.length;
    await learner.step();
    takePeak();
    await learner.step();
    const estimated = stepBytes(learner.settings, parameters).total / takePeak();
    learner.dispose();
    expect(estimated).toBeGreaterThan(0.9);
    expect(estimated).toBeLessThan(1.25);
  },
);

test('a batch is halved until its step and its largest tensor fit, and not below two', () => {
  const full = { ...defaultsOf('simclr'), batchSize: 512 };
  const batchIn = (total: number, largest = Number.POSITIVE_INFINITY) =>
    fitBatch(full, 200_000, { total, largest }, 0).batchSize;
  expect(batchIn(8e9)).toBe(512);
  expect(batchIn(2e9)).toBe(256);
  expect(batchIn(2e9, 30e6)).toBe(128);
  expect(batchIn(0)).toBe(2);
  // 2 × 256 views of 32 × 32 places with 24 channels in float32.
  expect(stepBytes({ ...full, batchSize: 256 }, 0).largest).toBe(2 * 256 * 32 * 32 * 24 * 4);
});

const run: RunSettings = { ...defaultsOf('simclr'), ...tiny, steps: 20 };

test('a run with half its batch from a step on is as before until then, and no scene comes twice', () => {
  const halved = halveBatch(run, 5);
  const again = halved && halveBatch(halved, 5);
  const third = again && halveBatch(again, 9);
  expect(halved).toMatchObject({ batchSize: 8, earlierBatches: [{ until: 5, batchSize: 16 }] });
  expect(again).toMatchObject({ batchSize: 4, earlierBatches: [{ until: 5, batchSize: 16 }] });
  if (!third) throw new Error('A batch of 4 can be halved.');
  expect(third.earlierBatches).toEqual([
    { until: 5, batchSize: 16 },
    { until: 9, batchSize: 4 },
  ]);
  expect(() => checkSettings(third)).not.toThrow();
  expect(trainingScenes(third, 4)).toEqual(trainingScenes(run, 4));
  const seen = Array.from({ length: 12 }, (_, step) => trainingScenes(third, step)).flat();
  expect(seen).toHaveLength(5 * 16 + 4 * 4 + 3 * 2);
  expect(seen).toHaveLength(scenesBefore(third, 12));
  expect(new Set(seen.map((scene) => JSON.stringify(scene))).size).toBe(seen.length);
  expect(drawBatch(world, third, 11, ['image']).items.get('image')?.shape[0]).toBe(2);
});

test('a run that is halved before its first step is one that began so', () => {
  expect(halveBatch(run, 0)).toEqual({ ...run, batchSize: 8 });
  expect(halveBatch({ ...run, batchSize: 3 }, 4)).toBeUndefined();
});

test.each([
  [[{ until: 0, batchSize: 8 }]],
  [[{ until: 4, batchSize: 1 }]],
  [
    [
      { until: 4, batchSize: 16 },
      { until: 4, batchSize: 8 },
    ],
  ],
])('earlier batches that none were are refused: %o', (earlierBatches) => {
  expect(() => checkSettings({ ...run, earlierBatches })).toThrow(RangeError);
});
