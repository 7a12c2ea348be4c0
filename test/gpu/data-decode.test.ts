import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Framing, RgbaImage } from '../../src/common/image.ts';
import { createDecoder, type Decoder } from '../../src/data/decoder.ts';
import type { DecodedPicture } from '../../src/data/raster.ts';
import { framePicture } from '../../src/models/pictures/prepare.ts';

const preparation = { size: 8, crop: 1 };
let decoder: Decoder;
beforeAll(() => {
  decoder = createDecoder(1);
});
afterAll(() => decoder.dispose());

async function fixture(name: string): Promise<Blob> {
  const response = await fetch(new URL(`../fixtures/data/${name}`, import.meta.url));
  expect(response.ok).toBe(true);
  return response.blob();
}

async function decode(file: Blob, name: string): Promise<DecodedPicture> {
  const opened = await decoder.open(file, name);
  expect(opened.identified).toMatchObject({ kind: 'picture' });
  return opened.decode(preparation);
}

function pixel(image: RgbaImage, x: number, y: number): number[] {
  return Array.from(image.data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 4));
}

// Lossy formats and color conversion move a flat color by a few steps of 255.
const COLOR_TOLERANCE = 12;
function expectColor(actual: number[], expected: number[]): void {
  for (const [i, value] of expected.entries())
    expect(Math.abs((actual[i] ?? -1) - value), `${actual} is not ${expected}`).toBeLessThanOrEqual(
      COLOR_TOLERANCE,
    );
}

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];
const WHITE = [255, 255, 255, 255];

describe('real pictures of every format', () => {
  test.each(['halves.png', 'halves.jpg', 'halves.bmp', 'halves.webp', 'halves.avif', 'halves.gif'])(
    '%s',
    async (name) => {
      const picture = await decode(await fixture(name), name);
      expect([picture.width, picture.height]).toEqual([24, 16]);
      expect([picture.thumbnail.width, picture.thumbnail.height]).toEqual([24, 16]);
      expectColor(pixel(picture.thumbnail, 3, 8), RED);
      expectColor(pixel(picture.thumbnail, 20, 8), BLUE);
      expect([picture.model.width, picture.model.height]).toEqual([8, 8]);
      expectColor(pixel(picture.model, 1, 4), RED);
      expectColor(pixel(picture.model, 6, 4), BLUE);
      const preview = await createImageBitmap(picture.preview);
      expect([preview.width, preview.height]).toEqual([24, 16]);
    },
  );
});
test('EXIF orientation turns the picture', async () => {
  const picture = await decode(await fixture('turned.jpg'), 'turned.jpg');
  expect([picture.width, picture.height]).toEqual([16, 24]);
  expectColor(pixel(picture.thumbnail, 8, 4), RED);
  expectColor(pixel(picture.thumbnail, 8, 20), BLUE);
});

test('transparency stays in the thumbnail and is white for the model', async () => {
  const picture = await decode(await fixture('transparent.png'), 'transparent.png');
  expect(pixel(picture.thumbnail, 20, 8)[3]).toBe(0);
  expectColor(pixel(picture.model, 6, 4), WHITE);
  expectColor(pixel(picture.model, 1, 4), RED);
});

test('a model that says how pictures are framed gets just that, by its own filter', async () => {
  const [width, height] = [90, 60];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  const noise = new ImageData(width, height);
  for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : (i * 7919) % 256;
  context.putImageData(noise, 0, 0);
  const file = await context.canvas.convertToBlob({ type: 'image/png' });
  const framing: Framing = {
    resize: { shortest: 40 },
    filter: 'bicubic',
    crop: { width: 32, height: 32 },
    cropRounding: 'down',
    side: 32,
  };
  const opened = await decoder.open(file, 'noise.png');
  const { model } = await opened.decode({ size: 32, crop: 32 / 40, framing });
  const plain: RgbaImage = { data: new Uint8ClampedArray(noise.data), width, height };
  expect(model).toEqual(framePicture(plain, framing));
});

test('a fine pattern becomes an even gray: shrinking averages, it does not skip', async () => {
  const side = 1000;
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d');
  const pattern = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    const white = ((i % side) + Math.floor(i / side)) % 2 === 0;
    pattern.data.set(white ? WHITE : [0, 0, 0, 255], i * 4);
  }
  context?.putImageData(pattern, 0, 0);
  const file = await canvas.convertToBlob({ type: 'image/png' });
  const opened = await decoder.open(file, 'pattern.png');
  const picture = await opened.decode({ size: 224, crop: 0.875 });
  const values = Array.from({ length: 224 * 224 }, (_, i) => picture.model.data[i * 4] ?? 0);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  expect(Math.abs(mean - 127.5)).toBeLessThan(3);
  // Skipping rows would leave stripes with a deviation near 127.
  expect(deviation).toBeLessThan(6);
});

describe('SVG', () => {
  const halves = '<rect width="12" height="16" fill="red"/><rect x="12" width="12" height="16" fill="blue"/>';
  const svg = (attributes: string, content = halves) =>
    new Blob([`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`]);

  test.each([
    ['with all sizes', 'width="24" height="16" viewBox="0 0 24 16"', 24, 16],
    ['with a viewBox alone', 'viewBox="0 0 24 16"', 24, 16],
    ['without a viewBox', 'width="24" height="16"', 24, 16],
    ['in percent', 'width="100%" height="100%" viewBox="0 0 24 16"', 24, 16],
    ['enormous', 'width="30000" height="20000" viewBox="0 0 24 16"', 30000, 20000],
  ])('%s', async (_, attributes, width, height) => {
    const picture = await decode(svg(attributes), 'x.svg');
    expect([picture.width, picture.height]).toEqual([width, height]);
    expect([picture.thumbnail.width, picture.thumbnail.height]).toEqual([128, 85]);
    expectColor(pixel(picture.thumbnail, 10, 40), RED);
    expectColor(pixel(picture.thumbnail, 110, 40), BLUE);
  });

  test('scripts do not run and nothing is loaded', async () => {
    const hostile = `<script>parent.hacked = true</script><image href="https://example.invalid/x.png" width="4" height="4"/>${halves}`;
    const picture = await decode(svg('viewBox="0 0 24 16" onload="parent.hacked = true"', hostile), 'x.svg');
    expectColor(pixel(picture.thumbnail, 110, 40), BLUE);
    expect('hacked' in globalThis).toBe(false);
    expect(
      performance.getEntriesByType('resource').filter(({ name }) => name.includes('example.invalid')),
    ).toEqual([]);
  });

  test('one that is never done is named, and the next is drawn', async () => {
    const opened = await decoder.open(svg('viewBox="0 0 24 16"'), 'x.svg');
    const never = vi
      .spyOn(HTMLImageElement.prototype, 'decode')
      .mockReturnValue(new Promise(() => undefined));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const drawn = expect(opened.decode(preparation)).rejects.toThrow(
        'is an SVG that takes too long to draw',
      );
      await vi.waitFor(() => expect(never).toHaveBeenCalled());
      await vi.advanceTimersByTimeAsync(20_000);
      await drawn;
    } finally {
      vi.useRealTimers();
      never.mockRestore();
    }
    expect((await decode(svg('viewBox="0 0 24 16"'), 'x.svg')).width).toBe(24);
  });

  test('what would freeze the page never reaches it', async () => {
    const levels = Array.from(
      { length: 22 },
      (_, i) => `<g id="a${i + 1}"><use href="#a${i}"/><use href="#a${i}"/></g>`,
    );
    const opened = await decoder.open(svg('viewBox="0 0 24 16"', `<g id="a0"/>${levels.join('')}`), 'x.svg');
    expect(opened.identified).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('too often'),
    });
  });

  test('broken XML is named', async () => {
    const opened = await decoder.open(svg('viewBox="0 0 24 16"', '<g>'), 'x.svg');
    await expect(opened.decode(preparation)).rejects.toThrow('is a damaged SVG: it is no well-formed XML');
  });
});

test('a picture whose pixels are cut off is named', async () => {
  const whole = await fixture('halves.webp');
  const opened = await decoder.open(whole.slice(0, 40), 'cut.webp');
  await expect(opened.decode(preparation)).rejects.toThrow('is a damaged picture');
});
