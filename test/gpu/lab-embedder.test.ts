// What a run has learned gives the same vectors on every backend.
import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import { encoderFiles } from '../../src/lab/embedder/files.ts';
import { loadLabNetwork } from '../../src/lab/embedder/network.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { LearnerState } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import { type BackendName, startBackend } from '../../src/models/backend.ts';
import { modelFolder } from '../../src/models/model-folder.ts';

// As the lab's encoders are held to on webgpu.
const TOLERANCE = 1e-5;
const CAPTIONS = ['a small red circle at the top', 'a large blue star', 'a zebra'];

/** 40 × 30: it is brought to the run's side. */
function picture(seed: number): RgbaImage {
  const data = new Uint8ClampedArray(40 * 30 * 4).fill(255);
  for (let at = 0; at < data.length; at++)
    if (at % 4 < 3) data[at] = 128 + 120 * Math.sin(at * 0.01 * (seed + (at % 4)));
  return { data, width: 40, height: 30 };
}

async function vectorsOn(backend: BackendName, state: LearnerState): Promise<Float32Array[]> {
  const started = await startBackend(backend, 1);
  expect(started.backend).toBe(backend);
  const { config, weights } = await encoderFiles(state);
  const files = new Map([
    ['config.json', new Blob([config])],
    ['model.safetensors', new Blob([weights])],
  ]);
  const before = memory().numTensors;
  const network = await loadLabNetwork(modelFolder('key', 'a run', files), started, {});
  const pictures = (await network.pictures?.([picture(1), picture(2)])) ?? [];
  const texts = (await network.texts?.(CAPTIONS.map((text) => network.tokenize?.(text) ?? []))) ?? [];
  network.dispose();
  expect(memory().numTensors).toBe(before);
  return [...pictures, ...texts].map(({ joint }) => joint);
}

test('pictures and captions have one vector on cpu, wasm and webgpu', async () => {
  await startBackend('cpu');
  const learner = createLearner({
    ...defaultsOf('clip'),
    ...{ side: 16, size: 0.1, width: 8, headWidth: 6, batchSize: 2 },
  });
  const state = await learner.exportState();
  learner.dispose();
  const expected = await vectorsOn('cpu', state);
  expect(expected).toHaveLength(5);
  for (const backend of ['wasm', 'webgpu'] as const) {
    const found = await vectorsOn(backend, state);
    const deviations = expected.flatMap((row, at) =>
      Array.from(row, (value, place) => Math.abs(value - (found[at]?.[place] ?? Number.NaN))),
    );
    expect(Math.max(...deviations), backend).toBeLessThan(TOLERANCE);
  }
});
