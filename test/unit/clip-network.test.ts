// A CLIP behind the interface of every network.
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Network } from '../../src/models/architecture.ts';
import { loadClipNetwork } from '../../src/models/clip/network.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import { framePicture } from '../../src/models/pictures/prepare.ts';
import { sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';

// The bound for pictures; texts are far within it.
const LEAST_COSINE = 0.999;

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

describe.each(['hf-quick-gelu', 'hf-mixed', 'open-clip'])('%s', (layout) => {
  test('gives the reference’s directions for pictures and words, and frees all when done', async () => {
    const reference = await checkpoint(`${layout}/reference.safetensors`);
    const network = await open(layout);
    const { dimensions } = network.info;
    expect(dimensions.joint).toBe(reference.entry('texts').shape[1]);
    expect(1 / (network.info.temperature ?? 0)).toBeCloseTo(Math.exp(3.1), 4);

    const all = await images();
    const pictures = (await network.pictures?.(all)) ?? [];
    const { framing } = network.info.preparation;
    if (!framing) throw new Error('The network does not say how pictures are framed.');
    const framed = all.map((image) => framePicture(image, framing));
    expect(await network.pictures?.(framed)).toEqual(pictures);
    expect(lowest(pictures, await reference.floats('pictures'))).toBeGreaterThan(LEAST_COSINE);
    const words = await json<string[]>('texts.json');
    const texts = (await network.texts?.(words.map((text) => network.tokenize?.(text) ?? []))) ?? [];
    expect(lowest(texts, await reference.floats('texts'))).toBeGreaterThan(LEAST_COSINE);
    expect(pictures).toHaveLength(all.length);
    for (const { joint } of [...pictures, ...texts]) expect(Math.hypot(...joint)).toBeCloseTo(1, 5);
    network.dispose();
    expect(memory().numTensors).toBe(0);
  });
});

test('a square of the right size is taken as prepared, though the checkpoint crops', async () => {
  const network = await open('hf-mixed');
  // Resized to 45 on the shorter side, of which the middle 40 are taken.
  expect(network.info.preparation).toMatchObject({ size: 40, crop: 40 / 45 });
  const white = gray(40, 255);
  for (let at = 0; at < 40; at++) white.data.set([0, 0, 0], at * 4);
  const [edged, plain] = (await network.pictures?.([white, gray(40, 255)])) ?? [];
  expect(edged?.joint).toBeDefined();
  // Were it cropped, the black line at its edge would be gone.
  expect(edged?.joint).not.toEqual(plain?.joint);
  network.dispose();
});

async function open(layout: string): Promise<Network> {
  const names =
    layout === 'open-clip'
      ? ['open_clip_config.json', 'open_clip_model.safetensors', 'tokenizer.json']
      : ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'];
  const files = names.map(
    async (name): Promise<[string, Blob]> => [
      name,
      new Blob([new Uint8Array(await readFile(`test/fixtures/clip/${layout}/${name}`))]),
    ],
  );
  const folder = modelFolder(layout, layout, new Map(await Promise.all(files)));
  return loadClipNetwork(folder, { backend: 'cpu', threads: 1 }, {});
}

function gray(side: number, level: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4).fill(level);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { data, width: side, height: side };
}

async function images(): Promise<RgbaImage[]> {
  const pictures = await checkpoint('pictures.safetensors');
  const all: RgbaImage[] = [];
  for (let at = 0; pictures.has(`picture.${at}`); at++) {
    const [height = 0, width = 0] = pictures.entry(`picture.${at}`).shape;
    const rgb = await pictures.bytesOf(`picture.${at}`);
    const data = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let pixel = 0; pixel < width * height; pixel++)
      data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    all.push({ data, width, height });
  }
  return all;
}

function lowest(found: readonly { readonly joint: Float32Array }[], expected: Float32Array): number {
  const width = expected.length / found.length;
  const cosines = found.map(({ joint }, at) => {
    const row = expected.subarray(at * width, (at + 1) * width);
    const dot = joint.reduce((sum, value, i) => sum + value * (row[i] ?? 0), 0);
    return dot / (Math.hypot(...joint) * Math.hypot(...row));
  });
  expect(found[0]?.joint.length).toBe(width);
  return Math.min(...cosines);
}

async function checkpoint(path: string): Promise<Checkpoint> {
  return readSafetensors(sourceOfBytes(new Uint8Array(await readFile(`test/fixtures/clip/${path}`)), path));
}

async function json<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(`test/fixtures/clip/${path}`, 'utf8'));
}
