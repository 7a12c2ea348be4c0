// What a vision transformer says of itself, and ones that are not what they say. Its numbers are held to PyTorch's in vit-model.test.ts.
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Network } from '../../src/models/architecture.ts';
import { architectureOf, signsOf } from '../../src/models/architectures.ts';
import { InvalidModelFile } from '../../src/models/errors.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import { readVitConfig } from '../../src/models/vit/config.ts';
import { resizeGrid } from '../../src/models/vit/interpolate.ts';
import { loadVitNetwork } from '../../src/models/vit/network.ts';

describe('config.json', () => {
  test('what it leaves out is as transformers has it', () => {
    expect(readVitConfig({ model_type: 'dinov2' })).toEqual({
      type: 'dinov2',
      width: 768,
      heads: 12,
      layers: 12,
      inner: 3072,
      activation: 'gelu',
      epsilon: 1e-6,
      size: 224,
      patch: 14,
      channels: 3,
      registers: 0,
    });
    expect(readVitConfig({ model_type: 'dinov2_with_registers' })).toMatchObject({ patch: 16, registers: 4 });
    expect(readVitConfig({ model_type: 'vit' })).toMatchObject({ patch: 16, inner: 3072, epsilon: 1e-12 });
  });

  test('the gated layer of the giant is as wide as PyTorch’s', () => {
    const giant = { model_type: 'dinov2', hidden_size: 1536, num_attention_heads: 24, use_swiglu_ffn: true };
    expect(readVitConfig(giant)).toMatchObject({ inner: 4096, activation: 'swiglu' });
  });

  test.each([
    ['another model', { model_type: 'swin' }, '"model_type"'],
    ['none at all', undefined, 'it: '],
    ['a string for a number', { model_type: 'dinov2', hidden_size: '384' }, '"hidden_size"'],
    ['a huge size', { model_type: 'vit', intermediate_size: 1e15 }, '"intermediate_size"'],
    ['an unknown activation', { model_type: 'dinov2', hidden_act: 'mish' }, '"hidden_act"'],
    ['an oblong picture', { model_type: 'dinov2', image_size: [224, 336] }, 'must be square'],
    ['a patch larger than the picture', { model_type: 'dinov2', patch_size: 300 }, 'a patch of 300'],
    ['heads that do not divide the width', { model_type: 'vit', num_attention_heads: 5 }, 'cut into 5 heads'],
    ['attention without bias', { model_type: 'vit', qkv_bias: false }, '"qkv_bias"'],
  ])('%s is refused by name', (_, json, named) => {
    expect(() => readVitConfig(json)).toThrow(InvalidModelFile);
    expect(() => readVitConfig(json)).toThrow(named);
  });
});

describe('positions between positions', () => {
  test.each([false, true])(
    'a plain grid stays plain, a grid of the same size what it is (averaged: %s)',
    (averages) => {
      const plain = new Float32Array(7 * 7 * 2).fill(0.25);
      for (const to of [1, 3, 7, 10]) {
        const made = resizeGrid(plain, 7, to, averages);
        expect(made).toHaveLength(to * to * 2);
        for (const value of made) expect(value).toBeCloseTo(0.25, 6);
      }
      const some = Float32Array.from({ length: 5 * 5 * 3 }, (_, i) => Math.sin(i * i));
      for (const [i, value] of resizeGrid(some, 5, 5, averages).entries())
        expect(value).toBeCloseTo(some[i] ?? 0, 6);
    },
  );
});

describe('the files of a model', () => {
  beforeAll(async () => {
    expect(await setBackend('cpu')).toBe(true);
  });

  test('are recognized', async () => {
    for (const model_type of ['dinov2', 'dinov2_with_registers', 'vit'])
      expect(await architectureOf(signsOf([], { model_type }), 'x').load()).toBe(loadVitNetwork);
  });

  test.each([
    [
      'no preparation of pictures',
      'dinov2',
      { 'preprocessor_config.json': undefined },
      'preprocessor_config.json',
    ],
    [
      'pictures of any form',
      'dinov2',
      { 'preprocessor_config.json': { do_center_crop: false } },
      'pictures of various sizes',
    ],
    [
      'oblong pictures',
      'dinov2',
      { 'preprocessor_config.json': { crop_size: { width: 28, height: 35 } } },
      'it makes pictures of 28×35 pixels, and the model takes squares',
    ],
    [
      'pictures smaller than a patch',
      'dinov2',
      { 'preprocessor_config.json': { crop_size: 6 } },
      'a picture of 6 pixels has 0 patches of 7',
    ],
    [
      'more patches than memory may hold',
      'dinov2',
      { 'preprocessor_config.json': { crop_size: 5000 } },
      'a picture of 5000 pixels has 509796 patches',
    ],
    [
      'pictures of another size than a plain ViT takes',
      'vit',
      { 'preprocessor_config.json': { size: 32 } },
      'it makes pictures of 32×32 pixels, and the model takes 28×28',
    ],
  ])('%s: refused by name', async (_, name, changes, named) => {
    await expect(load(name, changes)).rejects.toThrow(InvalidModelFile);
    await expect(load(name, changes)).rejects.toThrow(named);
    expect(memory().numTensors).toBe(0);
  });

  test('weights of another kind are named', async () => {
    const config = JSON.parse(await readFile('test/fixtures/vit/dinov2/config.json', 'utf8'));
    const wrong = (settings: object) => load('dinov2', { 'config.json': { ...config, ...settings } });
    await expect(wrong({ num_hidden_layers: 2 })).rejects.toThrow(
      'it has no "encoder.layer.1.norm1.weight" (dinov2 layout)',
    );
    await expect(wrong({ image_size: 56 })).rejects.toThrow(
      '"embeddings.position_embeddings" is 1×37×32, and the configuration says 1×65×32',
    );
    await expect(wrong({ use_swiglu_ffn: true })).rejects.toThrow('"encoder.layer.0.mlp.weights_in.weight"');
    await expect(wrong({ model_type: 'dinov2_with_registers' })).rejects.toThrow('register_tokens');
    expect(memory().numTensors).toBe(0);
  });
});

async function load(name: string, changes: Readonly<Record<string, unknown>>): Promise<Network> {
  const files = new Map<string, Blob>();
  for (const path of ['config.json', 'preprocessor_config.json', 'model.safetensors']) {
    const json = changes[path];
    if (json !== undefined) files.set(path, new Blob([JSON.stringify(json)]));
    else if (!(path in changes))
      files.set(path, new Blob([new Uint8Array(await readFile(`test/fixtures/vit/${name}/${path}`))]));
  }
  return loadVitNetwork(modelFolder('key', 'a model', files), { backend: 'cpu', threads: 1 }, {});
}
