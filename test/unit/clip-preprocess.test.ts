// Pictures resized and normalized against Pillow, transformers and OpenCLIP (tools/make-clip-fixtures.py).
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import { InvalidModelFile } from '../../src/models/errors.ts';
import { preparePicture } from '../../src/models/pictures/prepare.ts';
import { readOpenClipPreprocessing, readPreprocessing } from '../../src/models/pictures/preprocess.ts';
import { FILTERS, onWhite, resize } from '../../src/models/pictures/resize.ts';
import { sourceOfBytes } from '../../src/models/weights/byte-source.ts';
import type { Checkpoint } from '../../src/models/weights/checkpoint.ts';
import { readSafetensors } from '../../src/models/weights/safetensors.ts';

// Bytes are equal; float32 divides and subtracts in another order than float64 does.
const FLOAT_ERROR = 1e-5;

const filters = new Map(Object.entries(FILTERS));

let pictures: Checkpoint;
let images: RgbaImage[];

beforeAll(async () => {
  pictures = await checkpoint('pictures.safetensors');
  images = [];
  for (let at = 0; pictures.has(`picture.${at}`); at++) images.push(await rgbaOf(`picture.${at}`));
  expect(images).toHaveLength(4);
});

describe('resizing', () => {
  test('is Pillow’s to the byte: smaller, larger, one way each, to one pixel, by every filter', async () => {
    const names = [...pictures.tensors.keys()].filter((name) => name.startsWith('resized.'));
    expect(names).toHaveLength(4 * 3 * 5);
    for (const name of names) {
      const [, at, number = '', width, height] = name.split('.');
      const filter = filters.get(number);
      const image = images[Number(at)];
      if (!filter || !image) throw new Error(name);
      const size = { width: Number(width), height: Number(height) };
      const { data } = resize(onWhite(image), size, filter);
      expect(Buffer.compare(data, await pictures.bytesOf(name)), name).toBe(0);
    }
  });

  test('a region is the same as that part of the whole', () => {
    const image = onWhite(images[0] ?? blank(1, 1));
    const size = { width: 50, height: 31 };
    const whole = resize(image, size, 'bicubic');
    const part = resize(image, size, 'bicubic', { left: 7, top: 11, width: 5, height: 20 });
    for (let y = 0; y < 20; y++) {
      const from = ((11 + y) * 50 + 7) * 3;
      expect(part.data.subarray(y * 15, (y + 1) * 15)).toEqual(whole.data.subarray(from, from + 15));
    }
  });
});

describe('preprocessing', () => {
  test.each(['hf-quick-gelu', 'hf-mixed', 'open-clip'])('%s: as the reference made them', async (layout) => {
    const reference = await checkpoint(`${layout}/reference.safetensors`);
    const [, side = 0] = reference.entry('pixels').shape;
    const how =
      layout === 'open-clip'
        ? readOpenClipPreprocessing(await json(`${layout}/open_clip_config.json`), side)
        : readPreprocessing(await json(`${layout}/preprocessor_config.json`), side);
    const expected = await reference.floats('pixels');
    for (const [at, image] of images.entries()) {
      const own = expected.subarray(at * side * side * 3, (at + 1) * side * side * 3);
      const found = preparePicture(image, how);
      expect(found.length).toBe(own.length);
      const worst = own.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? 9))), 0);
      expect(worst, `picture ${at}`).toBeLessThan(FLOAT_ERROR);
    }
  });

  test('transparent parts are seen on white', () => {
    const clear = blank(3, 2);
    const how = readPreprocessing({ size: 4, crop_size: 4, image_mean: [0, 0, 0], image_std: [1, 1, 1] }, 4);
    for (const value of preparePicture(clear, how)) expect(value).toBeCloseTo(1, 6);
  });

  test('a crop beyond the picture is black there', () => {
    const how = readPreprocessing(
      {
        size: { height: 1, width: 2 },
        crop_size: 4,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      },
      4,
    );
    const rows = preparePicture(blank(2, 1), how);
    // transformers puts the larger half of the margin before the picture: one row above is ceil(3 / 2) = 2.
    const bright = Array.from({ length: 16 }, (_, at) => at).filter((at) => (rows[at * 3] ?? 0) > 0);
    expect(bright).toEqual([2 * 4 + 1, 2 * 4 + 2]);
    expect(rows[0]).toBe(-1);
  });

  test('a long thin picture costs no more than its crop', () => {
    const how = readPreprocessing({ size: 224, crop_size: 224 }, 224);
    const values = preparePicture(blank(60_000, 1), how);
    expect(values).toHaveLength(224 * 224 * 3);
  });

  test.each([
    ['an unknown filter', { resample: 0 }, '"resample"'],
    ['a size of another kind', { size: { longest_edge: 224 } }, '"size'],
    ['a deviation of 0', { image_std: [0, 1, 1] }, '"image_std.0"'],
    ['pictures that are too large', { crop_size: 256 }, '256×256 pixels, and the model takes 224×224'],
    ['no crop', { do_center_crop: false }, 'pictures of various sizes'],
    ['no table', 'pixels', 'it: '],
  ])('%s: refused by name', (_, config, named) => {
    const read = () => readPreprocessing(config, 224);
    expect(read).toThrow(InvalidModelFile);
    expect(read).toThrow(named);
  });

  test('defaults are those of transformers, and of OpenCLIP', () => {
    const how = readPreprocessing({}, 224);
    expect(how).toMatchObject({
      resize: { shortest: 224 },
      filter: 'bicubic',
      side: 224,
      cropRounding: 'down',
    });
    expect(how.mean[0]).toBe(0.48145466);
    expect(readPreprocessing({ do_normalize: false, do_rescale: false }, 224)).toMatchObject({
      scale: 1,
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    });
    const squash = { preprocess_cfg: { resize_mode: 'squash', interpolation: 'bilinear' } };
    expect(readOpenClipPreprocessing(squash, 256)).toMatchObject({
      resize: { width: 256, height: 256 },
      filter: 'bilinear',
    });
  });
});

function blank(width: number, height: number): RgbaImage {
  return { data: new Uint8ClampedArray(width * height * 4), width, height };
}

async function rgbaOf(name: string): Promise<RgbaImage> {
  const [height = 0, width = 0] = pictures.entry(name).shape;
  const rgb = await pictures.bytesOf(name);
  const { data } = blank(width, height);
  for (let at = 0; at < width * height; at++) {
    data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
    data[at * 4 + 3] = 255;
  }
  return { data, width, height };
}

async function checkpoint(path: string): Promise<Checkpoint> {
  const bytes = new Uint8Array(await readFile(`test/fixtures/clip/${path}`));
  return readSafetensors(sourceOfBytes(bytes, path));
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(`test/fixtures/clip/${path}`, 'utf8'));
}
