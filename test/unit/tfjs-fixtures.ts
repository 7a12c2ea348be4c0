/** tfjs models for tests: those of tools/make-tfjs-fixtures.mjs, and one of a single step that is made here. */
import { readFile } from 'node:fs/promises';
import { memory } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import type { Network } from '../../src/models/architecture.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import { loadTfjsNetwork } from '../../src/models/tfjs/network.ts';

export async function load(files: Map<string, Blob>, backend: 'cpu' | 'wasm' = 'cpu'): Promise<Network> {
  return loadTfjsNetwork(modelFolder('key', 'tiny', files), { backend, threads: 1 }, {});
}

export async function refused(
  files: Map<string, Blob>,
  message: RegExp,
  leavesNothing = true,
): Promise<void> {
  const before = memory().numTensors;
  await expect(load(files)).rejects.toMatchObject({
    name: expect.stringMatching(/^(?:InvalidModelFile|UnusableModel)$/),
    message: expect.stringMatching(message),
  });
  if (leavesNothing) expect(memory().numTensors).toBe(before);
}

/** A graph whose embedding is the mean over a picture of each pixel times a small matrix, plus a bias. */
export function pointwise({
  shape = [-1, 16, 16, 3],
  channels = 3,
  kernel = [1, 0, 0.5, 0, -1, 0, 0, 0.25, 1].slice(0, 9),
  bias,
  whole = false,
  first = 'input',
  reshape,
}: {
  shape?: number[];
  channels?: number;
  kernel?: number[];
  bias?: number[];
  whole?: boolean;
  first?: string;
  reshape?: number[];
}): Map<string, Blob> {
  const dimension = kernel.length / channels;
  const sides = { dim: (channels === 1 ? [-1, 16, 16, 1] : shape).map((size) => ({ size: String(size) })) };
  const text = (value: string) => ({ s: btoa(value) });
  const constant = (name: string, type: string) => ({ name, op: 'Const', attr: { dtype: { type } } });
  const node = [
    {
      name: 'image',
      op: 'Placeholder',
      attr: { dtype: { type: whole ? 'DT_UINT8' : 'DT_FLOAT' }, shape: { shape: sides } },
    },
    constant('kernel', 'DT_FLOAT'),
    constant('bias', 'DT_FLOAT'),
    constant('axes', 'DT_INT32'),
    constant('shape', 'DT_INT32'),
    { name: first, op: 'Cast', input: ['image'], attr: { DstT: { type: 'DT_FLOAT' } } },
    {
      name: 'conv',
      op: 'Conv2D',
      input: [first, 'kernel'],
      attr: {
        strides: { list: { i: ['1', '1', '1', '1'] } },
        dilations: { list: { i: ['1', '1', '1', '1'] } },
        padding: text('VALID'),
        data_format: text('NHWC'),
      },
    },
    { name: 'biased', op: 'BiasAdd', input: ['conv', 'bias'], attr: { data_format: text('NHWC') } },
    { name: 'mean', op: 'Mean', input: ['biased', 'axes'], attr: { keep_dims: { b: false } } },
    reshape
      ? { name: 'row', op: 'Reshape', input: ['mean', 'shape'] }
      : { name: 'row', op: 'Identity', input: ['mean'] },
  ];
  const weights = [
    { name: 'kernel', shape: [1, 1, channels, dimension], dtype: 'float32' },
    { name: 'bias', shape: [dimension], dtype: 'float32' },
    { name: 'axes', shape: [2], dtype: 'int32' },
    { name: 'shape', shape: [2], dtype: 'int32' },
  ];
  const values = new Float32Array([...kernel, ...(bias ?? new Array(dimension).fill(0))]);
  return new Map([
    [
      'model.json',
      json({
        modelTopology: { node, library: {} },
        signature: { outputs: { row: { name: 'row:0' } } },
        weightsManifest: [{ paths: ['weights/all'], weights }],
      }),
    ],
    ['weights/all', new Blob([values, Int32Array.of(1, 2), Int32Array.from(reshape ?? [0, 0])])],
  ]);
}

export function json(value: unknown): Blob {
  return new Blob([JSON.stringify(value)]);
}

export const layers = () => fixture('layers', ['weights.bin']);
export const graph = () => fixture('graph', ['group1-shard1of2.bin', 'group1-shard2of2.bin']);
export const quantized = () => fixture('quantized', ['group1-shard1of1.bin']);

async function fixture(folder: string, shards: readonly string[]): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  for (const path of ['model.json', ...shards])
    files.set(path, new Blob([new Uint8Array(await readFile(`test/fixtures/tfjs/${folder}/${path}`))]));
  return files;
}
