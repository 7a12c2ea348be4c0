// DINOv2 and ViT against PyTorch (tools/make-transformer-fixtures.py) on every backend.
import { clone, memory, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Network } from '../../src/models/architecture.ts';
import { type BackendName, startBackend } from '../../src/models/backend.ts';
import { framePicture } from '../../src/models/pictures/prepare.ts';
import { VisionTower } from '../../src/models/transformer/vision-tower.ts';
import { readVitConfig } from '../../src/models/vit/config.ts';
import { loadVitNetwork } from '../../src/models/vit/network.ts';
import { readVitWeights } from '../../src/models/vit/weights.ts';
import { sourceOfBlob } from '../../src/models/weights/byte-source.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';
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

const FILES = ['config.json', 'model.safetensors', 'preprocessor_config.json'];
const SIDES = { dinov2: 28, 'dinov2-larger': 37, registers: 28, vit: 28 } as const;
type Name = keyof typeof SIDES;
const NAMES: readonly Name[] = ['dinov2', 'dinov2-larger', 'registers', 'vit'];

interface Case {
  readonly files: Map<string, Blob>;
  readonly reference: Checkpoint;
}

const cases = new Map<Name, Case>();
let images: RgbaImage[];

beforeAll(async () => {
  images = await pictures();
  for (const name of NAMES)
    cases.set(name, {
      files: await fixtureFolder(`vit/${name}`, FILES),
      reference: await reference(`vit/${name}`),
    });
});

// A software adapter takes seconds to compile the kernels that larger batches get.
const PICTURES_ON_GPU = 2;

const BACKENDS: readonly [BackendName, readonly Name[]][] = [
  ['cpu', NAMES],
  ['wasm', ['dinov2']],
  ['webgpu', ['dinov2']],
];

describe.each(BACKENDS)('on %s', (backend, layered) => {
  const some = () => (backend === 'webgpu' ? images.slice(0, PICTURES_ON_GPU) : images);
  let started: Awaited<ReturnType<typeof startBackend>>;
  beforeAll(async () => {
    started = await startBackend(backend, 1);
    expect(started.backend).toBe(backend);
  });

  test.each(NAMES)('%s: pictures give PyTorch’s vectors, framed beforehand or not', async (name) => {
    const { files, reference } = caseOf(name);
    const before = memory().numTensors;
    const network = await loadVitNetwork(folderOf(files), started, {});
    const expected = await unitVectors(reference);
    const dimension = expected[0]?.length ?? 0;
    expect(network.info).toMatchObject({
      backend,
      takes: { pictures: true, texts: false },
      dimensions: { joint: dimension, picture: dimension, text: 0 },
      preparation: { size: SIDES[name] },
    });
    const loaded = memory().numTensors;
    const rows = await vectors(network, some());
    for (const [at, row] of rows.entries())
      expectClose(row, expected[at] ?? [], FLOAT_ERROR, `picture ${at}`);
    const { framing } = network.info.preparation;
    if (!framing) throw new Error('The network does not say how pictures are framed.');
    const framed = some().map((image) => framePicture(image, framing));
    expect(await vectors(network, framed)).toEqual(rows);
    expect(memory().numTensors).toBe(loaded);
    network.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test.each(layered)('%s: every layer is PyTorch’s', async (name) => {
    const { files, reference } = caseOf(name);
    const folder = folderOf(files);
    const config = readVitConfig(await folder.json('config.json'));
    const before = memory().numTensors;
    const tensors = await folder.checkpoint();
    const { weights, dispose } = await readVitWeights(tensors, config, SIDES[name], 'weights', {});
    const tower = new VisionTower({ ...config, size: SIDES[name] }, weights, 2 ** 26);
    const layers: Tensor[] = [];
    await tower.encode(await reference.floats('pixels'), { watch: (x) => layers.push(clone(x)) });
    expect(layers).toHaveLength(config.layers + 1);
    for (const [layer, seen] of layers.entries()) {
      const expected = await reference.floats(`layer.${layer}`);
      expectClose(await seen.data<'float32'>(), expected, FLOAT_ERROR, `layer ${layer}`);
      seen.dispose();
    }
    dispose();
    expect(memory().numTensors).toBe(before);
  });

  test.each([
    ['float16', HALF_COSINE],
    ['int8', INT8_COSINE],
  ] as const)('with %s weights the cosine is above %f', async (precision, least) => {
    const { files, reference } = caseOf('dinov2');
    const smaller = await converted(files, precision);
    expect(smaller.get('model.safetensors')?.size).toBeLessThan(60_000);
    const network = await loadVitNetwork(folderOf(smaller), started, {});
    const expected = await unitVectors(reference);
    for (const [at, row] of (await vectors(network, some())).entries())
      expect(cosine(row, expected[at] ?? [])).toBeGreaterThan(least);
    network.dispose();
  });
});

async function vectors(network: Network, batch: readonly RgbaImage[]): Promise<number[][]> {
  const rows = (await network.pictures?.(batch)) ?? [];
  for (const { joint, picture } of rows) expect(joint).toEqual(picture);
  return rows.map(({ picture }) => Array.from(picture));
}

async function unitVectors(reference: Checkpoint): Promise<number[][]> {
  const values = Array.from(await reference.floats('vectors'));
  const width = values.length / images.length;
  return images.map((_, at) => {
    const row = values.slice(at * width, (at + 1) * width);
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

async function pictures(): Promise<RgbaImage[]> {
  const path = 'clip/pictures.safetensors';
  const stored = await readSafetensors(sourceOfBlob(await blobOf(path), path));
  const all: RgbaImage[] = [];
  for (let at = 0; stored.has(`picture.${at}`); at++) {
    const [height = 0, width = 0] = stored.entry(`picture.${at}`).shape;
    const rgb = await stored.bytesOf(`picture.${at}`);
    const data = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let pixel = 0; pixel < width * height; pixel++)
      data.set(rgb.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    all.push({ data, width, height });
  }
  return all;
}

function caseOf(name: Name): Case {
  const found = cases.get(name);
  if (!found) throw new Error(`${name} was not read`);
  return found;
}
