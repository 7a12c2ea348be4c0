// A distance matrix of 64 items as it is drawn: the pixels' colors against the colors of the means, on WebGPU and on a 2D canvas.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMatrixView, type MatrixView } from '../../src/matrix/create-matrix-view.ts';
import { MARKS } from '../../src/matrix/edges.ts';
import { paletteOf } from '../../src/matrix/palette.ts';
import { type MatrixPicture, makePicture } from '../../src/matrix/picture.ts';
import { createRandom } from '../../src/projection/random.ts';
import { requestDevice } from './map-helpers.ts';

const COUNT = 64;
// Rounding of a mean to 8 bits moves a color by less than one step of the palette, rounding of the color by half a step.
const TOLERANCE = 2;
const PAPER = [251, 251, 250];

const values = new Float32Array(COUNT * COUNT);
const random = createRandom(3);
for (let row = 0; row < COUNT; row++) {
  for (let column = 0; column < row; column++) {
    const distance = 1 + Math.abs(Math.floor(row / 9) - Math.floor(column / 9)) + 0.5 * random();
    values[row * COUNT + column] = distance;
    values[column * COUNT + row] = distance;
  }
}
const order = Uint32Array.from({ length: COUNT }, (_, item) => (item * 27) % COUNT);
const upper = { count: COUNT, values, nearest: 'smallest' as const };
const lower = { ...upper, values: values.map((value) => Math.sqrt(value)) };
const picture = makePicture({ showing: 'triangles', scale: 'distance', upper, lower, order });

let device: GPUDevice;
beforeAll(async () => {
  device = await requestDevice();
});
afterAll(() => device.destroy());

/** A plot of so many pixels a side. */
async function open(gpu: boolean, side: number, height = side): Promise<MatrixView> {
  const container = document.createElement('div');
  const edges = MARKS + 1;
  container.style.cssText = `position:fixed;left:0;top:0;width:${side + edges}px;height:${height + edges}px`;
  document.body.append(container);
  return createMatrixView({
    container,
    device: gpu ? device : null,
    theme: 'light',
    onError: (error) => {
      throw error;
    },
  });
}

function close(view: MatrixView): void {
  const container = view.element.parentElement;
  view.dispose();
  container?.remove();
}

/** The pixels of the plot, RGBA. */
async function pixelsOf(view: MatrixView, side: number): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(await view.snapshot());
  const context = new OffscreenCanvas(side, side).getContext('2d');
  if (!context) throw new Error('no 2D canvas');
  context.drawImage(bitmap, -MARKS, -MARKS);
  return context.getImageData(0, 0, side, side).data;
}

/** What a mean looks like: the palette, mixed between neighbors. */
function colorOf({ colors }: MatrixPicture, mean: number): number[] {
  const palette = paletteOf(colors);
  const low = Math.min(254, Math.floor(mean));
  return [0, 1, 2].map((channel) => {
    const from = palette[low * 3 + channel] ?? 0;
    return from + (mean - low) * ((palette[(low + 1) * 3 + channel] ?? 0) - from);
  });
}

/** The mean of the cells under a pixel, from the cells alone. */
function meanUnder({ bytes }: MatrixPicture, x: number, y: number, step: number): number {
  let sum = 0;
  let area = 0;
  for (let row = Math.floor(y * step); row < Math.min(COUNT, (y + 1) * step); row++) {
    const high = Math.min(row + 1, (y + 1) * step) - Math.max(row, y * step);
    for (let column = Math.floor(x * step); column < Math.min(COUNT, (x + 1) * step); column++) {
      const wide = Math.min(column + 1, (x + 1) * step) - Math.max(column, x * step);
      sum += high * wide * (bytes[row * COUNT + column] ?? 0);
      area += high * wide;
    }
  }
  return sum / area;
}

describe.each([
  ['WebGPU', true],
  ['a 2D canvas', false],
])('on %s', (_, gpu) => {
  // Seven pixels a cell, one, four cells a pixel; and two that are no whole numbers.
  test.each([448, 64, 16, 150, 96])('all of it on %i pixels', async (side) => {
    const view = await open(gpu, side);
    expect(view.backend).toBe(gpu ? 'webgpu' : 'canvas');
    await view.setPicture(picture);
    const pixels = await pixelsOf(view, side);
    let worst = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const expected = colorOf(picture, meanUnder(picture, x, y, COUNT / side));
        for (let channel = 0; channel < 3; channel++) {
          const found = pixels[(y * side + x) * 4 + channel] ?? 0;
          worst = Math.max(worst, Math.abs(found - (expected[channel] ?? 0)));
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(TOLERANCE);
    close(view);
  });

  test('zoomed in, each cell has its own color to its edges', async () => {
    const side = 160;
    const view = await open(gpu, side);
    await view.setPicture(picture);
    // 2.5 pixels a cell, times 4: ten, around the middle.
    view.zoomBy(4);
    const pixels = await pixelsOf(view, side);
    for (let row = 0; row < 16; row++) {
      const column = (row * 5) % 16;
      const expected = colorOf(picture, picture.bytes[(24 + row) * COUNT + 24 + column] ?? 0);
      for (const inset of [0, 9]) {
        const at = ((row * 10 + inset) * side + column * 10 + inset) * 4;
        expected.forEach((value, channel) => {
          expect(Math.abs((pixels[at + channel] ?? 0) - value)).toBeLessThanOrEqual(TOLERANCE);
        });
      }
    }
    close(view);
  });
});

test('beside the matrix is paper', async () => {
  const view = await open(true, 200, 100);
  await view.setPicture(picture);
  const pixels = await pixelsOf(view, 200);
  expect([...pixels.subarray(40 * 4, 40 * 4 + 3)]).toEqual(PAPER);
  expect([...pixels.subarray(60 * 4, 60 * 4 + 3)]).not.toEqual(PAPER);
  close(view);
});

test('both ways of drawing differ by 2 of 255 at most, in a difference too', async () => {
  const difference = makePicture({
    showing: 'difference',
    scale: 'rank',
    upper,
    lower: { ...upper, values: values.map((value) => value % 2) },
    order,
  });
  const side = 131;
  const drawn: Uint8ClampedArray[] = [];
  for (const gpu of [true, false]) {
    const view = await open(gpu, side);
    await view.setPicture(difference);
    drawn.push(await pixelsOf(view, side));
    close(view);
  }
  const [first, second] = drawn;
  let worst = 0;
  first?.forEach((value, at) => {
    worst = Math.max(worst, Math.abs(value - (second?.[at] ?? 0)));
  });
  expect(worst).toBeLessThanOrEqual(TOLERANCE);
  expect(new Set(first).size).toBeGreaterThan(50);
});
