// Files that fit one another in shape, and make no vectors: they are refused as the model is opened, and leave nothing behind.
import { readdir, readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test, vi } from 'vitest';
import type { LoadNetwork, Network } from '../../src/models/architecture.ts';
import { loadSentenceNetwork } from '../../src/models/bert/network.ts';
import { loadClipNetwork } from '../../src/models/clip/network.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import { probe } from '../../src/models/probe.ts';
import { unitRow } from '../../src/models/unit-row.ts';
import { loadVitNetwork } from '../../src/models/vit/network.ts';

type Files = Map<string, Uint8Array<ArrayBuffer>>;

const CLIP = 'clip/hf-quick-gelu';
const BERT = 'bert/minilm';
const VIT = 'vit/dinov2';

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

test.each([
  ['a picture of a CLIP', CLIP, loadClipNetwork, 'visual_projection.weight', Number.NaN],
  ['a text of a CLIP', CLIP, loadClipNetwork, 'text_projection.weight', Number.POSITIVE_INFINITY],
  ['a text', BERT, loadSentenceNetwork, 'word_embeddings.weight', Number.NaN],
  ['a picture', VIT, loadVitNetwork, 'layernorm.weight', Number.NaN],
])('vectors of %s that are not finite', async (_, folder, load, tensor, value) => {
  const files = await read(folder);
  fill(files, tensor, value);
  const before = memory().numTensors;
  const network = await open(files, load);
  await expect(probe(network, 'model.safetensors')).rejects.toMatchObject({
    name: 'InvalidWeights',
    message: expect.stringMatching(
      /^model\.safetensors .*no numbers \(NaN or infinity\)\. The file is damaged/,
    ),
  });
  expect(memory().numTensors).toBe(before);
});

test('on a GPU they are not taken for the files’ fault', async () => {
  const files = await read(VIT);
  fill(files, 'layernorm.weight', Number.NaN);
  const network = await open(files, loadVitNetwork);
  const onGpu = { ...network, info: { ...network.info, backend: 'webgpu' as const } };
  await expect(probe(onGpu, 'model.safetensors')).rejects.toMatchObject({
    name: 'NotFinite',
    message: expect.stringContaining('a model gives'),
  });
});

test('what loading ran already is not run again', async () => {
  const network = await open(await read(VIT), loadVitNetwork);
  const pictures = vi.fn(async () => []);
  await probe({ ...network, pictures, isTried: true }, 'model.safetensors');
  expect(pictures).not.toHaveBeenCalled();
  await probe({ ...network, pictures }, 'model.safetensors');
  expect(pictures).toHaveBeenCalledOnce();
  network.dispose();
});

test('a row that is not finite is refused by the name of its model', () => {
  expect(() => unitRow(Float32Array.of(3, 4, Number.NaN, 0), 1, 2, 'tiny')).toThrow('tiny gives numbers');
  expect([...unitRow(Float32Array.of(3, 4, Number.NaN, 0), 0, 2, 'tiny')]).toEqual([
    Math.fround(0.6),
    Math.fround(0.8),
  ]);
});

test.each([
  [
    'an end of texts that the tokenizer does not write',
    CLIP,
    loadClipNetwork,
    'config.json',
    /"eos_token_id": ?\d+/g,
    '"eos_token_id": 5',
    /no end-of-text token \(5\)/,
  ],
  [
    'ids beyond the vocabulary',
    BERT,
    loadSentenceNetwork,
    'tokenizer.json',
    /("[^"]+": ?)(\d+)(?=\s*[,}])/g,
    '$190000$2',
    /has the token id 90000\d+; the model knows 0 to/,
  ],
])('%s', async (_, folder, load, path, from, to, message) => {
  const files = await read(folder);
  const text = new TextDecoder().decode(files.get(path));
  files.set(path, new TextEncoder().encode(text.replace(from, to)));
  await expect(probe(await open(files, load), 'model.safetensors')).rejects.toMatchObject({
    name: 'InvalidModelFile',
    message: expect.stringMatching(message),
  });
});

test.each([Number.NaN, 1000, Number.NEGATIVE_INFINITY])('a CLIP whose scale is %s', async (scale) => {
  const files = await read(CLIP);
  fill(files, 'logit_scale', scale);
  const before = memory().numTensors;
  await expect(open(files, loadClipNetwork)).rejects.toMatchObject({
    name: 'InvalidWeights',
    message: expect.stringContaining(`"logit_scale" is ${scale}`),
  });
  expect(memory().numTensors).toBe(before);
});

test('sound models pass', async () => {
  for (const [folder, load] of [
    [CLIP, loadClipNetwork],
    [BERT, loadSentenceNetwork],
    [VIT, loadVitNetwork],
  ] as const) {
    const network = await open(await read(folder), load);
    await probe(network, 'model.safetensors');
    network.dispose();
  }
});

async function open(files: Files, load: LoadNetwork): Promise<Network> {
  const blobs = new Map([...files].map(([path, bytes]) => [path, new Blob([bytes])]));
  return load(modelFolder('key', 'a model', blobs), { backend: 'cpu', threads: 1 }, {});
}

async function read(folder: string): Promise<Files> {
  const root = `test/fixtures/${folder}`;
  const files: Files = new Map();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = `${entry.parentPath}/${entry.name}`;
    if (entry.isFile()) files.set(path.slice(root.length + 1), new Uint8Array(await readFile(path)));
  }
  files.delete('reference.safetensors');
  return files;
}

/** Sets every value of a float32 tensor. @param ending of its name */
function fill(files: Files, ending: string, value: number): void {
  const bytes = files.get('model.safetensors') ?? new Uint8Array();
  const view = new DataView(bytes.buffer);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, start)),
  );
  const found = Object.entries(header).find(([name]) => name.endsWith(ending))?.[1];
  expect(found?.dtype).toBe('F32');
  const [from, to] = found?.data_offsets ?? [0, 0];
  for (let at = from; at < to; at += 4) view.setFloat32(start + at, value, true);
}
