// What a checkpoint says of itself, and checkpoints that are not what they say.
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ClipModel, loadClip } from '../../src/models/clip/clip.ts';
import { readConfig, readOpenClipConfig, tokensPerPicture } from '../../src/models/clip/config.ts';
import { InvalidModelFile } from '../../src/models/errors.ts';
import type { TensorSource } from '../../src/models/transformer/match.ts';
import { sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import { InvalidWeights } from '../../src/models/weights/errors.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';

describe('config.json', () => {
  test('what it leaves out is as transformers has it', () => {
    expect(readConfig({})).toEqual({
      dimension: 512,
      vision: {
        width: 768,
        heads: 12,
        layers: 12,
        inner: 3072,
        activation: 'quick_gelu',
        epsilon: 1e-5,
        size: 224,
        patch: 32,
        channels: 3,
      },
      text: {
        width: 512,
        heads: 8,
        layers: 12,
        inner: 2048,
        activation: 'quick_gelu',
        epsilon: 1e-5,
        vocabulary: 49408,
        context: 77,
        end: 49407,
      },
    });
  });

  test('each tower has its own activation, a `_dict` counts before its twin, and 2 means the largest id', () => {
    const config = readConfig({
      vision_config: { hidden_act: 'gelu', image_size: [240, 240] },
      text_config: { hidden_act: 'quick_gelu', hidden_size: 256, num_attention_heads: 4 },
      text_config_dict: { hidden_act: 'gelu_new', eos_token_id: 2 },
    });
    expect(config.vision).toMatchObject({ activation: 'gelu', size: 240 });
    expect(tokensPerPicture(config.vision)).toBe(7 * 7 + 1);
    // What the dict leaves out is a default, not its twin's.
    expect(config.text).toMatchObject({ activation: 'gelu_new', width: 512, end: 'largest' });
  });

  test.each([
    ['another model', { model_type: 'siglip' }, '"model_type"'],
    ['an unknown activation', { vision_config: { hidden_act: 'selu' } }, '"vision_config.hidden_act"'],
    [
      'a text width that its heads do not divide',
      { text_config: { hidden_size: 500 } },
      'the text width, 500',
    ],
    ['an oblong picture', { vision_config: { image_size: [224, 336] } }, 'must be square'],
    ['a patch larger than the picture', { vision_config: { patch_size: 448 } }, 'a patch of 448 pixels'],
    ['a number of layers without sense', { text_config: { num_hidden_layers: 1e9 } }, 'num_hidden_layers"'],
    ['a list', [], 'it: '],
  ])('%s is refused by name', (_, json, named) => {
    expect(() => readConfig(json)).toThrow(InvalidModelFile);
    expect(() => readConfig(json)).toThrow(named);
  });
});

describe('open_clip_config.json', () => {
  const towers = { vision_cfg: {}, text_cfg: {} };

  test('what it leaves out is as OpenCLIP has it', () => {
    const config = readOpenClipConfig({ model_cfg: { embed_dim: 512, ...towers } });
    expect(config.vision).toMatchObject({ width: 768, heads: 12, inner: 3072, size: 224, patch: 16 });
    expect(config.vision.activation).toBe('gelu');
    expect(config.text).toMatchObject({ width: 512, heads: 8, inner: 2048, context: 77, end: 'largest' });
    const quick = readOpenClipConfig({ model_cfg: { embed_dim: 512, quick_gelu: true, ...towers } });
    expect([quick.vision.activation, quick.text.activation]).toEqual(['quick_gelu', 'quick_gelu']);
  });

  test.each([
    ['a tower of timm', { vision_cfg: { timm_model_name: 'vit_pe' }, text_cfg: {} }, 'timm_model_name'],
    [
      'heads of a width that does not divide',
      { vision_cfg: { head_width: 60 }, text_cfg: {} },
      'vision width',
    ],
    [
      'a text tower of another project',
      { vision_cfg: {}, text_cfg: { hf_model_name: 'x' } },
      'hf_model_name',
    ],
  ])('%s is refused by name', (_, parts, named) => {
    const json = { model_cfg: { embed_dim: 512, ...parts } };
    expect(() => readOpenClipConfig(json)).toThrow(InvalidModelFile);
    expect(() => readOpenClipConfig(json)).toThrow(named);
  });
});

describe('weights', () => {
  const CLASS_TOKEN = 'vision_model.embeddings.class_embedding';
  const QUERY = 'vision_model.encoder.layers.1.self_attn.q_proj.weight';

  beforeAll(async () => {
    expect(await setBackend('cpu')).toBe(true);
  });

  test.each([
    [
      'a missing tensor',
      (tensors: Shapes) => tensors.delete(QUERY),
      `model.safetensors cannot be used as weights: it has no "${QUERY}" (Hugging Face layout)`,
    ],
    [
      'a tensor of another shape',
      (tensors: Shapes) => tensors.set(QUERY, { shape: [24, 23] }),
      `"${QUERY}" is 24×23, and the configuration says 24×24`,
    ],
    [
      'a layer in excess',
      (tensors: Shapes) => tensors.set('text_model.encoder.layers.2.mlp.fc1.bias', { shape: [48] }),
      'it has "text_model.encoder.layers.2.mlp.fc1.bias" (48), which the configuration says nothing of',
    ],
    [
      'a file of another model',
      (tensors: Shapes) => tensors.delete(CLASS_TOKEN),
      'it has not the tensors of a CLIP',
    ],
  ])('%s is named, and nothing is read', async (_, spoil, message) => {
    const tensors = new Map((await quickGelu()).tensors);
    spoil(tensors);
    const read: string[] = [];
    const source = {
      tensors,
      floats: (name: string) => Promise.reject(new Error(`${name} was read`)).finally(() => read.push(name)),
    };
    const loading = load(source);
    await expect(loading).rejects.toThrow(InvalidWeights);
    await expect(loading).rejects.toThrow(message);
    expect(read).toEqual([]);
    expect(memory().numTensors).toBe(0);
  });

  test('buffers that older files carry are of no account', async () => {
    const source = await quickGelu();
    const tensors: Shapes = new Map(source.tensors);
    tensors.set('text_model.embeddings.position_ids', { shape: [1, 12] });
    tensors.set('logit_scale', { shape: [1] });
    const model = await load({ tensors, floats: (name) => source.floats(name) });
    expect(model.logitScale).toBeCloseTo(Math.exp(3.1), 4);
    model.dispose();
    expect(memory().numTensors).toBe(0);
  });
});

describe('what is asked of a model', () => {
  let model: ClipModel;
  beforeAll(async () => {
    expect(await setBackend('cpu')).toBe(true);
    model = await load(await quickGelu());
  });

  test('texts and pictures that it cannot take are refused by their place', async () => {
    const end = model.config.text.vocabulary - 1;
    const encode = (...texts: number[][]) => model.encodeTexts([[end - 1, end], ...texts]);
    await expect(encode(Array(13).fill(end))).rejects.toThrow(
      'Text 1 has 13 tokens; the model takes 1 to 12.',
    );
    await expect(encode([])).rejects.toThrow('Text 1 has 0 tokens');
    await expect(encode([end - 1, end + 1])).rejects.toThrow(`Text 1 has the token id ${end + 1}`);
    await expect(encode([0.5, end])).rejects.toThrow('Text 1 has the token id 0.5');
    await expect(encode([end - 1, 5])).rejects.toThrow(`Text 1 has no end-of-text token (${end}).`);
    await expect(model.encodePictures(new Float32Array(7))).rejects.toThrow('48×48 pixels');
    expect(await model.encodePictures(new Float32Array(0))).toHaveLength(0);
    expect(await model.encodeTexts([])).toHaveLength(0);
  });

  test('the order of texts and what stands behind their ends change nothing', async () => {
    const end = model.config.text.vocabulary - 1;
    const texts = [
      [end - 1, 7, 8, 9, end],
      [end - 1, end],
      [end - 1, 300, end, end, end],
    ];
    const { dimension } = model.config;
    const together = await model.encodeTexts(texts);
    for (const [at, ids] of texts.entries()) {
      const alone = await model.encodeTexts([ids.slice(0, ids.indexOf(end) + 1)]);
      for (const [i, value] of alone.entries()) expect(together[at * dimension + i]).toBeCloseTo(value, 4);
    }
  });

  test('after dispose it says so', async () => {
    model.dispose();
    model.dispose();
    expect(memory().numTensors).toBe(0);
    await expect(model.encodeTexts([])).rejects.toThrow('The model was disposed of');
    await expect(model.encodePictures(new Float32Array(0))).rejects.toThrow('The model was disposed of');
  });
});

type Shapes = Map<string, { readonly shape: readonly number[] }>;

async function quickGelu(): Promise<TensorSource> {
  const bytes = new Uint8Array(await readFile('test/fixtures/clip/hf-quick-gelu/model.safetensors'));
  return readSafetensors(sourceOfBytes(bytes, 'model.safetensors'));
}

async function load(tensors: TensorSource): Promise<ClipModel> {
  const json = JSON.parse(await readFile('test/fixtures/clip/hf-quick-gelu/config.json', 'utf8'));
  return loadClip({ config: readConfig(json), tensors, file: 'model.safetensors' });
}
