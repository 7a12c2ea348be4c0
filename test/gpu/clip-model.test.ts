// CLIP against PyTorch (tools/make-clip-fixtures.py) on every backend: both layouts, all activations, layer by layer.
import { clone, memory, type Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { RgbaImage } from '../../src/common/image.ts';
import { type BackendName, startBackend } from '../../src/models/backend.ts';
import { type ClipModel, loadClip } from '../../src/models/clip/clip.ts';
import { type ClipConfig, readConfig, readOpenClipConfig } from '../../src/models/clip/config.ts';
import { ClipTokenizer } from '../../src/models/clip/tokenizer.ts';
import { preparePicture } from '../../src/models/pictures/prepare.ts';
import { readOpenClipPreprocessing, readPreprocessing } from '../../src/models/pictures/preprocess.ts';
import { sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import { convertCheckpoint, type Precision } from '../../src/models/weights/convert.ts';
import { toInt8Rows } from '../../src/models/weights/quantize.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';
import { type NewTensor, writeSafetensors } from '../../src/models/weights/write.ts';

// The issue's own bounds. Sums of a few dozen products round differently on every backend, some 1e-6 of values around 1.
const FLOAT_ERROR = 1e-4;
const HALF_COSINE = 0.9995;
const INT8_COSINE = 0.99;
const PICTURE_COSINE = 0.999;
// e^3.1 times a cosine, which is good to 1e-5.
const LOGIT_ERROR = 1e-3;

// A software adapter takes seconds to compile the kernels that larger batches get.
const PICTURES = 2;

const LAYOUTS = ['hf-quick-gelu', 'hf-mixed', 'open-clip'] as const;
type Layout = (typeof LAYOUTS)[number];

interface Case {
  readonly config: ClipConfig;
  readonly weights: Checkpoint;
  readonly pixels: Float32Array;
  readonly ids: readonly number[][];
  readonly reference: Checkpoint;
}

const cases = new Map<Layout, Case>();

beforeAll(async () => {
  for (const layout of LAYOUTS) {
    const open = layout === 'open-clip';
    const configFile = open ? 'open_clip_config.json' : 'config.json';
    const settings = await json(`${layout}/${configFile}`);
    const reference = await checkpoint(`${layout}/reference.safetensors`);
    const { shape } = reference.entry('ids');
    const ids = await reference.integers('ids');
    cases.set(layout, {
      config: open ? readOpenClipConfig(settings) : readConfig(settings),
      weights: await checkpoint(`${layout}/${open ? 'open_clip_model' : 'model'}.safetensors`),
      pixels: await ofPictures(reference, 'pixels'),
      ids: Array.from({ length: shape[0] ?? 0 }, (_, row) => rowOf(ids, row, shape[0] ?? 0)),
      reference,
    });
  }
});

const BACKENDS: readonly BackendName[] = ['cpu', 'wasm', 'webgpu'];

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(async () => {
    expect((await startBackend(backend, 1)).backend).toBe(backend);
  });

  describe.each(LAYOUTS)('%s', (layout) => {
    let model: ClipModel;
    let before: number;
    beforeAll(async () => {
      before = memory().numTensors;
      model = await load(layout);
    });
    afterAll(() => {
      model.dispose();
      expect(memory().numTensors).toBe(before);
    });

    test('every layer of both towers is PyTorch’s, and so are embeddings and logits', async () => {
      const { pixels, ids, reference } = caseOf(layout);
      const tensors = memory().numTensors;
      const layers: { name: string; seen: Tensor }[] = [];
      const watch = (tower: string) => (x: Tensor, at: number) => {
        layers.push({ name: `${tower}.${at}`, seen: clone(x) });
      };
      const pictures = await model.encodePictures(pixels, { watch: watch('vision') });
      expectClose(pictures, await ofPictures(reference, 'pictures'), FLOAT_ERROR, 'pictures');
      expect(layers).toHaveLength(model.config.vision.layers + 1);
      for (const { name, seen } of layers)
        expectClose(await seen.data<'float32'>(), await ofPictures(reference, name), FLOAT_ERROR, name);
      for (const { seen } of layers.splice(0)) seen.dispose();

      const texts = await model.encodeTexts(ids, { watch: watch('text') });
      expectClose(texts, await reference.floats('texts'), FLOAT_ERROR, 'texts');
      expect(layers).toHaveLength(model.config.text.layers + 1);
      for (const { name, seen } of layers) {
        const all = await reference.floats(name);
        expectSortedRowsClose(await seen.data<'float32'>(), all, ids, model.config, name);
      }
      for (const { seen } of layers) seen.dispose();
      expect(memory().numTensors).toBe(tensors);

      const logits = await ofPictures(reference, 'logits');
      const { dimension } = model.config;
      const own = ids.map((_, row) => rowOf(texts, row, ids.length));
      const found = Array.from({ length: pictures.length / dimension }, (_, row) => {
        const picture = pictures.subarray(row * dimension, (row + 1) * dimension);
        return own.map((text) => model.logitScale * cosine(picture, text));
      });
      expectClose(Float32Array.from(found.flat()), logits, LOGIT_ERROR, 'logits');
    });

    test.each([
      ['float16', HALF_COSINE],
      ['int8', INT8_COSINE],
    ] as const)('with %s weights the cosine to PyTorch’s is above %f', async (precision, least) => {
      const { pixels, ids, reference } = caseOf(layout);
      const smaller = await load(layout, { tensors: await convert(caseOf(layout).weights, precision) });
      try {
        for (const [found, expected, rows] of [
          [await smaller.encodePictures(pixels), await ofPictures(reference, 'pictures'), PICTURES],
          [await smaller.encodeTexts(ids), await reference.floats('texts'), ids.length],
        ] as const) {
          for (let row = 0; row < rows; row++)
            expect(cosine(rowOf(found, row, rows), rowOf(expected, row, rows))).toBeGreaterThan(least);
        }
      } finally {
        smaller.dispose();
      }
    });
  });

  test('batches of one and attention in blocks of heads and queries change nothing but rounding', async () => {
    const { config, pixels, ids, reference } = caseOf('hf-mixed');
    // 9 of the 26 rows of a head's scores for a picture; all 12 of a head's for a text, and no second head.
    const model = await load('hf-mixed', { activationBytes: 9 * 26 * 4 });
    const tensors = memory().numTensors;
    const done: number[] = [];
    const pictures = await model.encodePictures(pixels, { onProgress: (at) => done.push(at) });
    expectClose(pictures, await ofPictures(reference, 'pictures'), FLOAT_ERROR, 'pictures');
    expect(done).toEqual([1, 2]);
    const texts = await model.encodeTexts(ids.slice(0, 2));
    const expectedTexts = (await reference.floats('texts')).subarray(0, 2 * config.dimension);
    expectClose(texts, expectedTexts, FLOAT_ERROR, 'texts');
    expect(memory().numTensors).toBe(tensors);
    model.dispose();
  });

  test('an abort between blocks ends the job and leaves no tensor, and the model works on', async () => {
    const { pixels, ids, reference } = caseOf('hf-quick-gelu');
    const model = await load('hf-quick-gelu');
    const tensors = memory().numTensors;
    const control = new AbortController();
    let seen = 0;
    const abortAtSecond = () => {
      if (++seen === 2) control.abort();
    };
    await expect(
      model.encodePictures(pixels, { signal: control.signal, watch: abortAtSecond }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toBe(2);
    await expect(model.encodeTexts(ids, { signal: control.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const failing = () => {
      throw new Error('from outside');
    };
    await expect(model.encodeTexts(ids, { watch: failing })).rejects.toThrow('from outside');
    expect(memory().numTensors).toBe(tensors);
    expectClose(
      await model.encodePictures(pixels),
      await ofPictures(reference, 'pictures'),
      FLOAT_ERROR,
      'after',
    );
    model.dispose();
  });

  test('loading that is ended or fails in the middle leaves no tensor', async () => {
    const { weights } = caseOf('open-clip');
    const tensors = memory().numTensors;
    const control = new AbortController();
    const onProgress = (done: number, total: number) => {
      if (done * 2 > total) control.abort();
    };
    await expect(load('open-clip', { signal: control.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const torn = {
      tensors: weights.tensors,
      floats: (name: string) =>
        name.startsWith('token') ? Promise.reject(new Error('torn off')) : weights.floats(name),
    };
    await expect(load('open-clip', { tensors: torn })).rejects.toThrow('torn off');
    expect(memory().numTensors).toBe(tensors);
  });
});

describe('from pictures and words', () => {
  let images: RgbaImage[];
  beforeAll(async () => {
    const pictures = await checkpoint('pictures.safetensors');
    images = [];
    for (let at = 0; pictures.has(`picture.${at}`); at++)
      images.push(await opaque(pictures, `picture.${at}`));
  });

  // All pictures in one batch, which on webgpu takes the kernels that models of full size take.
  test.each([
    ['hf-quick-gelu', 'wasm'],
    ['hf-mixed', 'cpu'],
    ['open-clip', 'webgpu'],
  ] as const)(
    '%s: the reference embeddings by its own preprocessing and tokenizer, on %s',
    async (layout, backend) => {
      await startBackend(backend, 1);
      const { config, reference } = caseOf(layout);
      const how =
        layout === 'open-clip'
          ? readOpenClipPreprocessing(await json(`${layout}/open_clip_config.json`), config.vision.size)
          : readPreprocessing(await json(`${layout}/preprocessor_config.json`), config.vision.size);
      const tokenizer = new ClipTokenizer(await json(`${layout}/tokenizer.json`), config.text.context);
      const texts = z.array(z.string()).parse(await json('texts.json'));
      const model = await load(layout);
      const pixels = new Float32Array(images.length * config.vision.size ** 2 * 3);
      for (const [at, image] of images.entries())
        pixels.set(preparePicture(image, how), (at * pixels.length) / images.length);
      for (const [found, name] of [
        [await model.encodePictures(pixels), 'pictures'],
        [await model.encodeTexts(texts.map((text) => tokenizer.encode(text))), 'texts'],
      ] as const) {
        const expected = await reference.floats(name);
        const rows = found.length / config.dimension;
        expect(found.length).toBe(expected.length);
        for (let row = 0; row < rows; row++)
          expect(cosine(rowOf(found, row, rows), rowOf(expected, row, rows))).toBeGreaterThan(PICTURE_COSINE);
      }
      model.dispose();
    },
  );
});

async function opaque(pictures: Checkpoint, name: string): Promise<RgbaImage> {
  const [height = 0, width = 0] = pictures.entry(name).shape;
  const rgb = await pictures.bytesOf(name);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
  return { data, width, height };
}

function load(layout: Layout, more: Partial<Parameters<typeof loadClip>[0]> = {}): Promise<ClipModel> {
  const { config, weights } = caseOf(layout);
  return loadClip({ config, tensors: weights, ...more });
}

function caseOf(layout: Layout): Case {
  const found = cases.get(layout);
  if (!found) throw new Error(`${layout} was not read`);
  return found;
}

/** The part of a reference tensor that is of the first pictures. */
async function ofPictures(reference: Checkpoint, name: string): Promise<Float32Array> {
  const values = await reference.floats(name);
  const [all = 0] = reference.entry('pixels').shape;
  return values.subarray(0, (values.length / all) * PICTURES);
}

async function convert(weights: Checkpoint, precision: Precision): Promise<Checkpoint> {
  const converted =
    precision === 'int8'
      ? writeSafetensors(await allInt8(weights))
      : (await convertCheckpoint(weights, precision)).pieces();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of converted) pieces.push(piece.slice());
  return readSafetensors(sourceOfBytes(await new Blob(pieces).arrayBuffer(), precision));
}

/** Every matrix as int8 with a scale a row. The app's own conversion leaves such small ones, and positions, in float16. */
async function allInt8(weights: Checkpoint): Promise<NewTensor[]> {
  const tensors: NewTensor[] = [];
  for (const { name, shape } of weights.tensors.values()) {
    const values = await weights.floats(name);
    const [rows = 0] = shape;
    if (shape.length < 2) tensors.push({ name, dtype: 'F32', shape, bytes: async () => bytesOf(values) });
    else {
      const { values: whole, scales } = toInt8Rows(values, rows);
      tensors.push({ name, dtype: 'I8', shape, bytes: async () => bytesOf(whole) });
      tensors.push({
        name: `${name}_scale`,
        dtype: 'F32',
        shape: [rows],
        bytes: async () => bytesOf(scales),
      });
    }
  }
  return tensors;
}

function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function checkpoint(path: string): Promise<Checkpoint> {
  return readSafetensors(sourceOfBytes(await fixture(path), path));
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await fixture(path)));
}

async function fixture(path: string): Promise<ArrayBuffer> {
  const response = await fetch(`/test/fixtures/clip/${path}`);
  expect(response.ok).toBe(true);
  return response.arrayBuffer();
}

/** Texts are computed shortest first and without what lies behind their ends; the reference has them in order and padded. */
function expectSortedRowsClose(
  found: Float32Array,
  all: Float32Array,
  ids: readonly number[][],
  { text }: ClipConfig,
  name: string,
): void {
  const lengths = ids.map((row, at) => ({ at, length: row.indexOf(text.vocabulary - 1) + 1 }));
  lengths.sort((a, b) => a.length - b.length || a.at - b.at);
  const longest = lengths.at(-1)?.length ?? 0;
  expect(found.length).toBe(ids.length * longest * text.width);
  for (const [row, { at, length }] of lengths.entries()) {
    const own = found.subarray(row * longest * text.width).subarray(0, length * text.width);
    const expected = all.subarray(at * text.context * text.width).subarray(0, length * text.width);
    expectClose(own, expected, FLOAT_ERROR, `${name}, text ${at}`);
  }
}

function expectClose(found: Float32Array, expected: Float32Array, tolerance: number, name: string): void {
  expect(found.length, name).toBe(expected.length);
  let worst = 0;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(value - (found[i] ?? Number.NaN));
    if (!(error <= worst)) worst = error;
  }
  expect(worst, name).toBeLessThan(tolerance);
}

function rowOf(values: ArrayLike<number>, row: number, rows: number): number[] {
  const width = values.length / rows;
  return Array.from(values).slice(row * width, (row + 1) * width);
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (const [i, x] of Array.from(a).entries()) {
    const y = b[i] ?? Number.NaN;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
