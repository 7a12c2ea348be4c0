import '../../src/lab/objectives/gradients.ts';
import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { startBackend } from '../../src/models/backend.ts';

// On a software adapter few steps fit in the time of a test; 500 were taken by hand (docs/lab-trainer.md).
const MOST_STEPS = 500;
const MOST_MS = 8000;

test('tensors, their bytes and the bytes of the GPU are as many after each step as after the second', async () => {
  await startBackend('webgpu');
  const learner = createLearner({
    ...defaultsOf('vicreg'),
    ...{ modalities: ['imu'], batchSize: 4, size: 0.1, width: 8, headWidth: 8, steps: MOST_STEPS },
  });
  await learner.step();
  await learner.step();
  const { numTensors, numBytes, ...second } = memory();
  expect(second).toMatchObject({ numBytesInGPU: expect.any(Number) });
  const began = performance.now();
  while (learner.steps < MOST_STEPS && performance.now() - began < MOST_MS) {
    await learner.step();
    expect(memory()).toEqual({ numTensors, numBytes, ...second });
  }
  expect(learner.steps).toBeGreaterThan(4);
  learner.dispose();
});
