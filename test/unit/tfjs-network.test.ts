// tfjs models as people have them, on the cpu backend, against plain loops (tools/make-tfjs-fixtures.mjs).
import { readFile } from 'node:fs/promises';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Network } from '../../src/models/architecture.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import { loadTfjsNetwork } from '../../src/models/tfjs/network.ts';

// float32 sums against float64 ones.
const TOLERANCE = 1e-5;
// Weights in bytes: half a step of 255 is 0.2 % of the largest.
const QUANTIZED_COSINE = 0.999;

interface Expected {
  readonly side: number;
  readonly pictures: readonly (readonly number[])[];
  readonly layers: readonly (readonly number[])[];
  readonly graph: readonly (readonly number[])[];
  readonly graphMap: readonly (readonly number[])[];
  readonly graphCentered: readonly (readonly number[])[];
}

let expected: Expected;
let pictures: RgbaImage[];

beforeAll(async () => {
  await setBackend('cpu');
  expected = JSON.parse(await readFile('test/fixtures/tfjs/expected.json', 'utf8'));
  pictures = expected.pictures.map((bytes) => toImage(bytes, expected.side));
});

describe('the embedding is what plain loops make', () => {
  test.each(['layers', 'graph'] as const)('of a %s model', async (kind) => {
    const before = memory().numTensors;
    const network = await load(kind === 'layers' ? await layers() : await graph());
    expect(network.info).toMatchObject({
      takes: { pictures: true, texts: false },
      dimensions: { joint: 12, picture: 12, text: 0 },
      preparation: { size: 16, crop: 1 },
    });
    const loaded = memory().numTensors;
    expectRows(await embed(network, pictures), expected[kind]);
    expectRows(await embed(network, pictures.slice(1)), expected[kind].slice(1));
    expect(memory().numTensors).toBe(loaded);
    network.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('of weights in bytes and halves, nearly', async () => {
    const network = await load(await quantized());
    for (const [at, row] of (await embed(network, pictures)).entries()) {
      const cosine = row.reduce((sum, value, i) => sum + value * (expected.graph[at]?.[i] ?? 0), 0);
      expect(cosine).toBeGreaterThan(QUANTIZED_COSINE);
    }
    network.dispose();
  });
});

async function load(files: Map<string, Blob>): Promise<Network> {
  return loadTfjsNetwork(modelFolder('key', 'tiny', files), { backend: 'cpu', threads: 1 }, {});
}

async function embed(network: Network, of: readonly RgbaImage[]): Promise<Float32Array[]> {
  const rows = (await network.pictures?.(of)) ?? [];
  for (const { joint, picture } of rows) expect(joint).toBe(picture);
  return rows.map(({ joint }) => joint);
}

function expectRows(found: readonly Float32Array[], wanted: readonly (readonly number[])[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [at, row] of found.entries()) {
    expect(row.length).toBe(wanted[at]?.length);
    for (const [i, value] of row.entries())
      expect(Math.abs(value - (wanted[at]?.[i] ?? Number.NaN))).toBeLessThan(TOLERANCE);
  }
}

const layers = () => fixture('layers', ['weights.bin']);
const graph = () => fixture('graph', ['group1-shard1of2.bin', 'group1-shard2of2.bin']);
const quantized = () => fixture('quantized', ['group1-shard1of1.bin']);

async function fixture(folder: string, shards: readonly string[]): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  for (const path of ['model.json', ...shards])
    files.set(path, new Blob([new Uint8Array(await readFile(`test/fixtures/tfjs/${folder}/${path}`))]));
  return files;
}

function toImage(bytes: readonly number[], side: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let pixel = 0; pixel < side * side; pixel++)
    data.set(bytes.slice(pixel * 3, pixel * 3 + 3), pixel * 4);
  return { data, width: side, height: side };
}
