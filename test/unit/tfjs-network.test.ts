// tfjs models as people have them, on the cpu and wasm backends, against plain loops (tools/make-tfjs-fixtures.mjs).
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import type { Network } from '../../src/models/architecture.ts';
import { graph, json, layers, load, pointwise, quantized, refused } from './tfjs-fixtures.ts';

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
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  await setBackend('cpu');
  expected = JSON.parse(await readFile('test/fixtures/tfjs/expected.json', 'utf8'));
  pictures = expected.pictures.map((bytes) => toImage(bytes, expected.side));
});

describe('the embedding is what plain loops make', () => {
  test.each([
    ['layers', 'cpu'],
    ['graph', 'cpu'],
    ['layers', 'wasm'],
    ['graph', 'wasm'],
  ] as const)('of a %s model on %s', async (kind, backend) => {
    expect(await setBackend(backend)).toBe(true);
    const before = memory().numTensors;
    const network = await load(kind === 'layers' ? await layers() : await graph(), backend);
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
    await setBackend('cpu');
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

describe('what a file beside it says', () => {
  test.each([
    ['another output, averaged over its places', { output: 'relu' }, 'graphMap'],
    ['a range', { scale: '-1..1' }, 'graphCentered'],
    ['mean and deviation', { scale: { mean: 0.5, std: [0.5, 0.5, 0.5] } }, 'graphCentered'],
    ['nothing', {}, 'graph'],
  ] as const)('%s', async (_, settings, kind) => {
    const network = await load((await graph()).set('nearfield.json', json(settings)));
    expectRows(await embed(network, pictures), expected[kind]);
    network.dispose();
  });

  test('Teachable Machine’s own word for its range', async () => {
    const metadata = json({ packageName: '@teachablemachine/image', imageSize: 16, labels: ['a'] });
    const network = await load((await graph()).set('metadata.json', metadata));
    expectRows(await embed(network, pictures), expected.graphCentered);
    network.dispose();
  });

  test('any layer of a layers model', async () => {
    const network = await load((await layers()).set('nearfield.json', json({ output: 'pool' })));
    expect(network.info.dimensions.joint).toBe(6);
    network.dispose();
  });

  test.each([
    [
      { output: 'nothing' },
      /nearfield\.json .*"output" is "nothing", which the model has not. It has "embedding", "logits"/,
    ],
    [{ scale: '0..2' }, /nearfield\.json .*"scale"/],
    [{ scale: { mean: 0, std: 0 } }, /nearfield\.json .*"scale/],
    [{ size: 1e9 }, /nearfield\.json .*"size"/],
    [{ sise: 224 }, /nearfield\.json .*sise/],
  ])('not %j', async (settings, message) => {
    await refused((await graph()).set('nearfield.json', json(settings)), message);
  });
});

describe('pictures', () => {
  const means = (image: RgbaImage, weigh: (r: number, g: number, b: number) => number[]) => {
    const sums: number[] = [];
    for (let at = 0; at < image.data.length; at += 4) {
      const [r = 0, g = 0, b = 0] = image.data.subarray(at, at + 3);
      for (const [i, value] of weigh(r, g, b).entries()) sums[i] = (sums[i] ?? 0) + value;
    }
    const length = Math.hypot(...sums);
    return sums.map((sum) => sum / length);
  };
  const picture = () => pictures[0] ?? toImage([], 0);

  test('in gray', async () => {
    const network = await load(pointwise({ channels: 1, kernel: [1, -2] }));
    const gray = (r: number, g: number, b: number) => 0.299 * r + 0.587 * g + 0.114 * b;
    const wanted = means(picture(), (...rgb) => [gray(...rgb), -2 * gray(...rgb)]);
    expectRows(await embed(network, [picture()]), [wanted]);
    network.dispose();
  });

  test('as bytes, where whole numbers are taken', async () => {
    // A constant beside the sum, so that another scale would show in the direction.
    const network = await load(pointwise({ whole: true, kernel: [1, 0, 0, 1, 0, 0], bias: [0, 100] }));
    const wanted = means(picture(), (r, g) => [r, g + 100]);
    expectRows(await embed(network, [picture()]), [wanted]);
    network.dispose();
  });

  test('as bytes, where the first step rescales them', async () => {
    const network = await load(
      pointwise({ kernel: [1, 0, 0, 1, 0, 0], bias: [0, 100], first: 'model/rescaling/mul' }),
    );
    expectRows(await embed(network, [picture()]), [means(picture(), (r, g) => [r, g + 100])]);
    network.dispose();
  });

  test.each([1, 2])('%i at a time, where a network takes so many', async (batch) => {
    const free = await load(pointwise({}));
    const bound = await load(pointwise({ shape: [batch, 16, 16, 3] }));
    expect(await embed(bound, pictures)).toEqual(await embed(free, pictures));
    free.dispose();
    bound.dispose();
  });

  test('one at a time, where a network says any number and takes one', async () => {
    const files = pointwise({ reshape: [1, 3] });
    const network = await load(files);
    const free = await load(pointwise({}));
    expect(await embed(network, pictures)).toEqual(await embed(free, pictures));
    network.dispose();
    free.dispose();
  });

  test('of any size are 224 pixels wide unless it is said; others as they are declared, framed in the middle', async () => {
    const sizeOf = async (files: Map<string, Blob>) => {
      const network = await load(files);
      network.dispose();
      return network.info.preparation;
    };
    const any = pointwise({ shape: [-1, -1, -1, 3] });
    expect(await sizeOf(any)).toMatchObject({ size: 224 });
    expect(await sizeOf(new Map(any).set('nearfield.json', json({ size: 64, crop: 0.875 })))).toEqual({
      size: 64,
      crop: 0.875,
      framing: {
        resize: { shortest: 73 },
        filter: 'bilinear',
        crop: { width: 64, height: 64 },
        cropRounding: 'down',
        side: 64,
      },
    });
    expect(await sizeOf(pointwise({ shape: [-1, 8, 20, 3] }))).toMatchObject({ size: 20 });
  });

  test('that are not prepared yet are, and transparent parts are white', async () => {
    const network = await load(pointwise({ shape: [-1, 8, 8, 3] }));
    const wide: RgbaImage = { width: 32, height: 16, data: new Uint8ClampedArray(32 * 16 * 4) };
    const white: RgbaImage = { width: 8, height: 8, data: new Uint8ClampedArray(8 * 8 * 4).fill(255) };
    const [clear, prepared] = await embed(network, [wide, white]);
    expect(clear).toEqual(prepared);
    network.dispose();
  });
});

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

function toImage(bytes: readonly number[], side: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let pixel = 0; pixel < side * side; pixel++)
    data.set(bytes.slice(pixel * 3, pixel * 3 + 3), pixel * 4);
  return { data, width: side, height: side };
}
