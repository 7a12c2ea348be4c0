// Sentence models against PyTorch and sentence-transformers (tools/make-transformer-fixtures.py) on every backend.
import { clone, memory, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Network } from '../../src/models/architecture.ts';
import { type BackendName, startBackend } from '../../src/models/backend.ts';
import { BertModel } from '../../src/models/bert/bert.ts';
import { readBertConfig } from '../../src/models/bert/config.ts';
import { SentenceHead } from '../../src/models/bert/head.ts';
import { loadSentenceNetwork } from '../../src/models/bert/network.ts';
import { readBertWeights } from '../../src/models/bert/weights.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import {
  blobOf,
  converted,
  cosine,
  expectClose,
  fixtureFolder,
  folderOf,
  reference,
} from './stored-fixture.ts';

// The issue's own bounds. Sums of a few dozen products round differently on every backend, some 1e-6 of values around 1.
const FLOAT_ERROR = 1e-4;
const HALF_COSINE = 0.9995;
const INT8_COSINE = 0.99;

const NETWORK = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
const MODULES = [...NETWORK, 'modules.json', '1_Pooling/config.json'];
const DENSE = ['2_Dense/config.json', '2_Dense/model.safetensors', 'config_sentence_transformers.json'];
const FILES = {
  minilm: [...MODULES, 'sentence_bert_config.json'],
  'cls-dense': [...MODULES, 'sentence_bert_config.json', ...DENSE],
  roberta: [...MODULES, 'sentence_bert_config.json'],
  'xlm-roberta': MODULES,
  mpnet: MODULES,
  distilbert: NETWORK,
} as const;
type Name = keyof typeof FILES;
const NAMES: readonly Name[] = ['minilm', 'cls-dense', 'roberta', 'xlm-roberta', 'mpnet', 'distilbert'];

interface Case {
  readonly files: Map<string, Blob>;
  readonly reference: Checkpoint;
  /** Without padding. */
  readonly ids: readonly number[][];
}

const cases = new Map<Name, Case>();
let texts: string[];

beforeAll(async () => {
  texts = z.array(z.string()).parse(JSON.parse(await (await blobOf('bert/texts.json')).text()));
  for (const name of NAMES) {
    const own = await reference(`bert/${name}`);
    const padded = Array.from(await own.integers('ids'));
    const [rows = 0, length = 0] = own.entry('ids').shape;
    const ids = Array.from({ length: rows }, (_, row) =>
      padded.slice(row * length, (row + 1) * length).filter((id) => id >= 0),
    );
    cases.set(name, { files: await fixtureFolder(`bert/${name}`, FILES[name]), reference: own, ids });
  }
});

// A software adapter takes seconds to compile the kernels that a network or a larger batch gets: it has few texts, and the networks
// that differ in what is computed.
const TEXTS_ON_GPU = 2;
const BACKENDS: readonly [BackendName, readonly Name[], readonly Name[]][] = [
  ['cpu', NAMES, NAMES],
  ['wasm', NAMES, ['minilm', 'mpnet']],
  ['webgpu', ['minilm', 'cls-dense', 'mpnet'], ['minilm']],
];

describe.each(BACKENDS)('on %s', (backend, names, layered) => {
  const count = backend === 'webgpu' ? TEXTS_ON_GPU : 6;
  let started: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    started = await startBackend(backend, 1);
    expect(started.backend).toBe(backend);
  });

  test.each(names)('%s: token ids and vectors are those of sentence-transformers', async (name) => {
    const { files, reference, ids } = caseOf(name);
    const before = memory().numTensors;
    const network = await loadSentenceNetwork(folderOf(files), started, {});
    const expected = await reference.floats('vectors');
    const dimension = expected.length / texts.length;
    expect(network.info).toMatchObject({
      backend,
      takes: { pictures: false, texts: true },
      dimensions: { joint: dimension, picture: 0, text: dimension },
    });
    expect(texts.map((text) => network.tokenize?.(text))).toEqual(ids);
    const loaded = memory().numTensors;
    const rows = await vectors(network, count);
    expectClose(rows.flat(), expected.subarray(0, count * dimension), FLOAT_ERROR, 'vectors');
    for (const row of rows) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    expect(memory().numTensors).toBe(loaded);
    network.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test.each(layered)('%s: every layer is PyTorch’s', async (name) => {
    const { files, reference, ids: all } = caseOf(name);
    const ids = all.slice(0, count);
    const folder = folderOf(files);
    const config = readBertConfig(await folder.json('config.json'));
    const before = memory().numTensors;
    const { weights, dispose } = await readBertWeights(await folder.checkpoint(), config, 'weights', {});
    const model = new BertModel(config, weights, new SentenceHead(['mean'], [], config.width), 2 ** 26);
    const layers: Tensor[] = [];
    await model.encode(ids, { watch: (x) => layers.push(clone(x)) });
    expect(layers).toHaveLength(config.layers + 1);
    const order = [...ids.keys()].sort((a, b) => lengthOf(ids, a) - lengthOf(ids, b) || a - b);
    const [, longest = 0] = reference.entry('ids').shape;
    for (const [layer, seen] of layers.entries()) {
      const found = await seen.data<'float32'>();
      const expected = await reference.floats(`layer.${layer}`);
      const stride = longest * config.width;
      const ownStride = found.length / ids.length;
      for (const [row, at] of order.entries()) {
        const values = lengthOf(ids, at) * config.width;
        const own = found.subarray(row * ownStride, row * ownStride + values);
        expectClose(
          own,
          expected.subarray(at * stride, at * stride + values),
          FLOAT_ERROR,
          `${layer}, ${at}`,
        );
      }
      seen.dispose();
    }
    dispose();
    expect(memory().numTensors).toBe(before);
  });

  test.each([
    ['float16', HALF_COSINE],
    ['int8', INT8_COSINE],
  ] as const)('with %s weights the cosine is above %f', async (precision, least) => {
    const { files, reference } = caseOf('minilm');
    const smaller = await converted(files, precision);
    expect(smaller.get('model.safetensors')?.size).toBeLessThan(70_000);
    const network = await loadSentenceNetwork(folderOf(smaller), started, {});
    const expected = await reference.floats('vectors');
    const rows = await vectors(network, count);
    for (const [at, row] of rows.entries())
      expect(cosine(row, expected.subarray(at * row.length, (at + 1) * row.length))).toBeGreaterThan(least);
    network.dispose();
  });

  test('batches of one and attention in blocks change nothing but rounding', async () => {
    const { files, reference, ids } = caseOf(backend === 'webgpu' ? 'minilm' : 'mpnet');
    const folder = folderOf(files);
    const config = readBertConfig(await folder.json('config.json'));
    const { weights, dispose } = await readBertWeights(await folder.checkpoint(), config, 'weights', {});
    const head = new SentenceHead(['mean'], [{ kind: 'normalize' }], config.width);
    // Six of the rows of one head's scores, of nine tokens or so.
    const model = new BertModel(config, weights, head, 6 * 9 * 4);
    const done: number[] = [];
    const rows = await model.encode(ids.slice(0, 2), { onProgress: (at) => done.push(at) });
    const expected = (await reference.floats('vectors')).subarray(0, 2 * config.width);
    expectClose(rows, expected, FLOAT_ERROR, 'vectors');
    expect(done).toEqual([1, 2]);
    dispose();
  });

  test('an abort ends the job, loading that fails keeps nothing', async () => {
    const { files, ids } = caseOf('cls-dense');
    const folder = folderOf(files);
    const config = readBertConfig(await folder.json('config.json'));
    const before = memory().numTensors;
    const { weights, dispose } = await readBertWeights(await folder.checkpoint(), config, 'weights', {});
    const model = new BertModel(config, weights, new SentenceHead(['cls'], [], config.width), 2 ** 26);
    const control = new AbortController();
    const job = model.encode(ids, { signal: control.signal, watch: () => control.abort() });
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    dispose();
    const torn = new Map(files).set('2_Dense/model.safetensors', new Blob(['not weights']));
    await expect(loadSentenceNetwork(folderOf(torn), started, {})).rejects.toMatchObject({
      name: 'InvalidWeights',
      message: expect.stringContaining('2_Dense/model.safetensors'),
    });
    expect(memory().numTensors).toBe(before);
  });
});

async function vectors(network: Network, count: number): Promise<number[][]> {
  const batch = texts.slice(0, count).map((text) => network.tokenize?.(text) ?? []);
  const rows = (await network.texts?.(batch)) ?? [];
  for (const { joint, text } of rows) expect(joint).toEqual(text);
  return rows.map(({ text }) => Array.from(text));
}

function lengthOf(ids: readonly number[][], at: number): number {
  return ids[at]?.length ?? 0;
}

function caseOf(name: Name): Case {
  const found = cases.get(name);
  if (!found) throw new Error(`${name} was not read`);
  return found;
}
