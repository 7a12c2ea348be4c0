// The networks against PyTorch (tools/make-model-fixtures.py), on the wasm backend as Node runs it.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { gunzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import { SentenceTokenizer } from '../../src/models/bert/tokenizer.ts';
import { EfficientNet } from '../../src/models/efficientnet.ts';
import { type Manifest, manifestSchema } from '../../src/models/manifest.ts';
import { MiniLm } from '../../src/models/minilm.ts';
import { mendSlice } from '../../src/models/wasm-slice.ts';
import { Weights } from '../../src/models/weights.ts';

// fp16 and int8 weights against float32 ones; the issue's own bounds.
const HALF_COSINE = 0.999;
const INT8_COSINE = 0.99;

let manifest: Manifest;
let reference: Weights;

beforeAll(async () => {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  expect(await setBackend('wasm')).toBe(true);
  mendSlice();
  manifest = manifestSchema.parse(JSON.parse(await readFile('public/models/manifest.json', 'utf8')));
  reference = new Weights(await bytes('test/fixtures/models/reference.safetensors'), 'reference');
});

describe('EfficientNet-Lite0', () => {
  let network: EfficientNet;
  beforeAll(async () => {
    network = new EfficientNet(await weights('image'), manifest.picture);
  });
  afterAll(() => network.dispose());

  test('agrees with PyTorch on photographs and on transparent pixels', async () => {
    const pictures = await storedPictures();
    const tensors = memory().numTensors;
    const { features, probabilities } = await network.run(pictures);
    expect(memory().numTensors).toBe(tensors);
    const n = pictures.length;
    const lowest = Math.min(...rowCosines(features, reference.floats('features', [n, 1280]), n));
    console.info(`picture features, lowest cosine ${lowest}`);
    expect(lowest).toBeGreaterThan(HALF_COSINE);
    const expected = reference.floats('probabilities', [n, 1000]);
    expect(Math.min(...rowCosines(probabilities, expected, n))).toBeGreaterThan(HALF_COSINE);
  });

  test('a picture has the same features alone and in a batch', async () => {
    const pictures = (await storedPictures()).slice(0, 2);
    const together = await network.run(pictures);
    const alone = await network.run(pictures.slice(1));
    const second = together.features.subarray(1280);
    for (const [i, value] of alone.features.entries())
      expect(Math.abs(value - (second[i] ?? 0))).toBeLessThan(1e-4);
  });

  test('a picture of another size is refused by its place', async () => {
    const small = { data: new Uint8ClampedArray(4), width: 1, height: 1 };
    await expect(network.run([small])).rejects.toThrow('Picture 0 is 1×1 pixels; the model takes 224×224.');
  });
});

describe('MiniLM', () => {
  let network: MiniLm;
  let tokenizer: SentenceTokenizer;
  let texts: string[];
  beforeAll(async () => {
    network = new MiniLm(await weights('text'), manifest.text);
    tokenizer = new SentenceTokenizer(await json(`public/models/${manifest.files.tokenizer.path}`), {
      maxTokens: manifest.text.maxTokens,
      lowersCase: false,
      prompt: '',
    });
    texts = await json('test/fixtures/models/texts.json');
  });
  afterAll(() => network.dispose());

  test('agrees with PyTorch, short texts in one padded batch and a text of 256 tokens', async () => {
    const tokens = texts.map((text) => tokenizer.encode(text));
    const long = tokens.findIndex((ids) => ids.length === 256);
    const tensors = memory().numTensors;
    const rows = await network.run(tokens.with(long, [101, 102]));
    rows.set(await network.run(tokens.slice(long, long + 1)), long * 384);
    expect(memory().numTensors).toBe(tensors);
    const expected = reference.floats('texts', [texts.length, 384]);
    const lowest = Math.min(...rowCosines(rows, expected, texts.length));
    console.info(`text embeddings, lowest cosine ${lowest}`);
    expect(lowest).toBeGreaterThan(INT8_COSINE);
  });

  test('rows have unit length', async () => {
    const row = await network.run([tokenizer.encode('a bird')]);
    expect(Math.hypot(...row)).toBeCloseTo(1, 6);
  });
});

test('disposing frees every tensor', async () => {
  const tensors = memory().numTensors;
  const image = new EfficientNet(await weights('image'), manifest.picture);
  const text = new MiniLm(await weights('text'), manifest.text);
  expect(memory().numTensors).toBeGreaterThan(tensors);
  image.dispose();
  text.dispose();
  expect(memory().numTensors).toBe(tensors);
});

async function bytes(path: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(path)).buffer;
}

async function json<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function weights(role: 'image' | 'text'): Promise<Weights> {
  const { path } = manifest.files[role];
  return new Weights(await bytes(`public/models/${path}`), path);
}

async function storedPictures(): Promise<RgbaImage[]> {
  const pixels = gunzipSync(new Uint8Array(await bytes('test/fixtures/models/pictures.rgba.gz')));
  const size = 224 * 224 * 4;
  return Array.from({ length: pixels.length / size }, (_, at) => ({
    data: new Uint8ClampedArray(pixels.subarray(at * size, (at + 1) * size)),
    width: 224,
    height: 224,
  }));
}

function rowCosines(a: Float32Array, b: Float32Array, rows: number): number[] {
  const width = a.length / rows;
  expect(b.length).toBe(a.length);
  return Array.from({ length: rows }, (_, row) => {
    let dot = 0;
    let aa = 0;
    let bb = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const [x = 0, y = 0] = [a[i], b[i]];
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return dot / Math.sqrt(aa * bb);
  });
}
