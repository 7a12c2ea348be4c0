// What a sentence model says of itself, and models that are not what they say.
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Network } from '../../src/models/architecture.ts';
import { architectureOf, signsOf } from '../../src/models/architectures.ts';
import { readBertConfig } from '../../src/models/bert/config.ts';
import { loadSentenceNetwork } from '../../src/models/bert/network.ts';
import { bucketOf } from '../../src/models/bert/relative-bias.ts';
import { InvalidModelFile } from '../../src/models/errors.ts';
import { checkpointFiles } from '../../src/models/hub/checkpoint-files.ts';
import { modelFolder } from '../../src/models/model-folder.ts';

const FILES = [
  'config.json',
  'model.safetensors',
  'tokenizer.json',
  'modules.json',
  '1_Pooling/config.json',
  '2_Dense/config.json',
  '2_Dense/model.safetensors',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
];

describe('config.json', () => {
  test('what it leaves out is as transformers has it', () => {
    expect(readBertConfig({ model_type: 'bert' })).toEqual({
      type: 'bert',
      width: 768,
      heads: 12,
      layers: 12,
      inner: 3072,
      activation: 'gelu',
      epsilon: 1e-12,
      normsAfter: true,
      vocabulary: 30522,
      positions: 512,
      firstPosition: 0,
      tokenTypes: 2,
    });
    expect(readBertConfig({ model_type: 'distilbert' })).toMatchObject({ layers: 6, tokenTypes: 0 });
  });

  test('its kin count positions from behind the id that pads', () => {
    expect(readBertConfig({ model_type: 'xlm-roberta', pad_token_id: 3 }).firstPosition).toBe(4);
    expect(readBertConfig({ model_type: 'roberta' }).firstPosition).toBe(2);
    expect(readBertConfig({ model_type: 'mpnet', pad_token_id: 7 }).firstPosition).toBe(2);
  });

  test.each([
    ['another model', { model_type: 't5' }, '"model_type"'],
    ['none at all', undefined, 'it: '],
    ['a string for a number', { model_type: 'bert', hidden_size: '384' }, '"hidden_size"'],
    ['a huge size', { model_type: 'bert', vocab_size: 1e12 }, '"vocab_size"'],
    ['layers without end', { model_type: 'bert', num_hidden_layers: 1e6 }, '"num_hidden_layers"'],
    ['an unknown activation', { model_type: 'bert', hidden_act: 'mish' }, '"hidden_act"'],
    [
      'heads that do not divide the width',
      { model_type: 'bert', num_attention_heads: 7 },
      'cut into 7 heads',
    ],
    [
      'distances for positions',
      { model_type: 'bert', position_embedding_type: 'relative_key' },
      'position_embedding',
    ],
    ['a decoder', { model_type: 'bert', is_decoder: true }, '"is_decoder"'],
    ['no place for a token', { model_type: 'roberta', max_position_embeddings: 2 }, '2 positions'],
  ])('%s is refused by name', (_, json, named) => {
    expect(() => readBertConfig(json)).toThrow(InvalidModelFile);
    expect(() => readBertConfig(json)).toThrow(named);
  });

  test('MPNet’s buckets of distances are those of transformers', async () => {
    const { first, buckets } = z
      .object({ first: z.int(), buckets: z.array(z.int()) })
      .parse(JSON.parse(await readFile('test/fixtures/bert/buckets.json', 'utf8')));
    expect(buckets).toHaveLength(1201);
    expect(buckets.map((_, at) => bucketOf(first + at))).toEqual(buckets);
  });
});

describe('the files of a model', () => {
  beforeAll(async () => {
    expect(await setBackend('cpu')).toBe(true);
  });

  test('all that are needed are taken along, those of a dense layer too', () => {
    const all = [...FILES, 'README.md', 'onnx/model.onnx', '2_Dense/pytorch_model.bin'];
    expect(checkpointFiles(all, 'x').sort()).toEqual([...FILES].sort());
  });

  test('are recognized, and without modules.json pooled by the mean', async () => {
    const signs = signsOf(FILES, { model_type: 'mpnet' });
    expect(await architectureOf(signs, 'x').load()).toBe(loadSentenceNetwork);
    const files = await fixture();
    const plain = await load(without(files, 'modules.json', 'config_sentence_transformers.json'));
    const mean = await load(
      changed(without(files, 'config_sentence_transformers.json'), {
        'modules.json': [
          { path: '', type: 'a.Transformer' },
          { path: '1_Pooling', type: 'a.b.Pooling' },
          { path: '', type: 'Dropout' },
        ],
        '1_Pooling/config.json': { pooling_mode_mean_tokens: true },
      }),
    );
    expect(plain.info.dimensions).toEqual({ joint: 16, picture: 0, text: 16 });
    expect(await vectorOf(plain, 'cat')).toEqual(await vectorOf(mean, 'cat'));
    plain.dispose();
    mean.dispose();
    expect(memory().numTensors).toBe(0);
  });

  test('the default prompt counts, and only that', async () => {
    const files = await fixture();
    const asked = await load(files);
    const mute = await load(
      changed(files, { 'config_sentence_transformers.json': { prompts: { query: 'cat: ' } } }),
    );
    expect(asked.tokenize?.('house')).toEqual(mute.tokenize?.('cat: house'));
    expect(asked.tokenize?.('house')).not.toEqual(mute.tokenize?.('house'));
    asked.dispose();
    mute.dispose();
  });

  const pooling = { pooling_mode_cls_token: true };
  const module = (type: string, path = '') => ({ path, type: `sentence_transformers.models.${type}` });
  const start = [module('Transformer'), module('Pooling', '1_Pooling')];
  test.each([
    ['modules.json', { 'modules.json': {} }, 'modules.json'],
    ['a model without a transformer', { 'modules.json': [module('BoW')] }, 'its first module'],
    ['a transformer elsewhere', { 'modules.json': [module('Transformer', '0_T')] }, 'its first module'],
    ['no pooling', { 'modules.json': [module('Transformer')] }, 'its second module'],
    ['another kind of layer', { 'modules.json': [...start, module('LSTM', '2_LSTM')] }, '"LSTM"'],
    [
      'a layer that is not there',
      { 'modules.json': [...start, module('Dense', '3_Dense')] },
      '3_Dense/config.json',
    ],
    [
      'pooling that is not known',
      { '1_Pooling/config.json': { pooling_mode: 'attention' } },
      '"pooling_mode',
    ],
    [
      'pooling by the last token',
      { '1_Pooling/config.json': { ...pooling, pooling_mode_lasttoken: true } },
      '"pooling_mode_lasttoken"',
    ],
    [
      'prompts that are not pooled',
      { '1_Pooling/config.json': { ...pooling, include_prompt: false } },
      'include_prompt',
    ],
    [
      'a dense layer for other vectors',
      { '2_Dense/config.json': { in_features: 17, out_features: 12 } },
      'it takes vectors of 17 numbers, and what comes before it makes 16',
    ],
    [
      'a dense layer of another shape',
      { '2_Dense/config.json': { in_features: 16, out_features: 13 } },
      '2_Dense/model.safetensors cannot be used as weights: "linear.weight" is 12×16',
    ],
    [
      'an activation that is not known',
      { '2_Dense/config.json': { in_features: 16, out_features: 12, activation_function: 'os.system' } },
      '"activation_function"',
    ],
    [
      'a length that is no number',
      { 'sentence_bert_config.json': { max_seq_length: 'all' } },
      'max_seq_length',
    ],
    [
      'a default prompt that is not there',
      { 'config_sentence_transformers.json': { default_prompt_name: 'q', prompts: {} } },
      'its default prompt, "q"',
    ],
    [
      'a default prompt that every table has',
      { 'config_sentence_transformers.json': { default_prompt_name: 'toString', prompts: {} } },
      'its default prompt, "toString"',
    ],
  ])('%s is refused by name', async (_, changes, named) => {
    await expect(load(changed(await fixture(), changes))).rejects.toThrow(named);
    expect(memory().numTensors).toBe(0);
  });

  test.each([
    ['tokenizer.json', 'tokenizer.json is not that of a model'],
    ['1_Pooling/config.json', '1_Pooling/config.json is not that of a model'],
    ['2_Dense/model.safetensors', '2_Dense/model.safetensors is not that of a model'],
  ])('without %s it is refused by name', async (path, named) => {
    await expect(load(without(await fixture(), path))).rejects.toThrow(named);
    expect(memory().numTensors).toBe(0);
  });

  test('a file that the browser has cleared is refused by name', async () => {
    const files = new Map(await fixture());
    const gone = Object.assign(new Blob(['{}']), { text: () => Promise.reject(new Error('not found')) });
    await expect(load(files.set('config.json', gone))).rejects.toMatchObject({
      name: 'StoreFault',
      message: expect.stringMatching(
        /^config\.json, a file of a model, is gone or cannot be read \(not found\)\. /,
      ),
    });
  });

  test('weights of another kind, and texts that it cannot take, are named', async () => {
    const files = await fixture();
    const config = JSON.parse((await files.get('config.json')?.text()) ?? '');
    await expect(load(changed(files, { 'config.json': { ...config, model_type: 'mpnet' } }))).rejects.toThrow(
      'model.safetensors cannot be used as weights: it has not the tensors of a "mpnet"',
    );
    await expect(
      load(changed(files, { 'config.json': { ...config, num_hidden_layers: 3 } })),
    ).rejects.toThrow('it has no "bert.encoder.layer.2.attention.output.LayerNorm.weight" (bert layout)');
    const network = await load(files);
    await expect(network.texts?.([[2, 93]])).rejects.toThrow('Text 0 has the token id 93');
    await expect(network.texts?.([Array(25).fill(2)])).rejects.toThrow('the model takes 1 to 24');
    network.dispose();
    expect(memory().numTensors).toBe(0);
  });
});

type Files = ReadonlyMap<string, Blob>;

async function fixture(): Promise<Files> {
  const read = async (path: string): Promise<[string, Blob]> => [
    path,
    new Blob([new Uint8Array(await readFile(`test/fixtures/bert/cls-dense/${path}`))]),
  ];
  return new Map(await Promise.all(FILES.map(read)));
}

function changed(files: Files, changes: Readonly<Record<string, unknown>>): Files {
  const blobs = Object.entries(changes).map(([path, json]): [string, Blob] => [
    path,
    new Blob([JSON.stringify(json)]),
  ]);
  return new Map([...files, ...blobs]);
}

function without(files: Files, ...paths: readonly string[]): Files {
  return new Map([...files].filter(([path]) => !paths.includes(path)));
}

function load(files: Files): Promise<Network> {
  return loadSentenceNetwork(modelFolder('key', 'a model', files), { backend: 'cpu', threads: 1 }, {});
}

async function vectorOf(network: Network, text: string): Promise<number[]> {
  const [row] = (await network.texts?.([network.tokenize?.(text) ?? []])) ?? [];
  return Array.from(row?.text ?? []);
}
