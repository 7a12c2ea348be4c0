// A run on the GPU beside the same run on the cpu backend. The parts have tests of their own; this is of what only a learner joins.
import { env, memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import '../../src/lab/objectives/gradients.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';
import { startBackend } from '../../src/models/backend.ts';

// Motion is the least that a software adapter has to compile: views of a signal, a 1-D network and an expander.
const settings: RunSettings = {
  ...defaultsOf('vicreg'),
  ...{ steps: 3, batchSize: 4, size: 0.1, width: 8, headWidth: 8, rate: 1e-4, warmupSteps: 0 },
  modalities: ['imu'],
};

async function run() {
  const before = memory().numTensors;
  const learner = createLearner(settings);
  const totals: number[] = [];
  for (let at = 0; at < settings.steps; at++) totals.push((await learner.step()).total);
  const { values } = await learner.embed('imu', heldOutScenes(settings, 2), 'projection');
  learner.dispose();
  expect(memory().numTensors).toBe(before);
  return { totals, values };
}

test('three steps on webgpu are those of the cpu backend', async () => {
  await startBackend('cpu');
  const expected = await run();
  await startBackend('webgpu');
  // Else tfjs computes what is as small as this on the CPU.
  env().set('WEBGPU_CPU_FORWARD', false);
  const found = await run();
  // Adam divides by the gradient's size, so that roundings of small ones grow to whole steps: hence the small rate.
  for (const [at, total] of expected.totals.entries()) {
    expect(Math.abs((found.totals[at] ?? Number.NaN) / total - 1), `step ${at + 1}`).toBeLessThan(1e-3);
  }
  for (const [at, value] of expected.values.entries()) expect(found.values[at]).toBeCloseTo(value, 2);
});
