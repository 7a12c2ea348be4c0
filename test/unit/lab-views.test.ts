import '@tensorflow/tfjs';
import { memory, reverse, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { colorMatrix } from '../../src/lab/views/color-matrix.ts';
import { drawViews, VIEW_DEFAULTS } from '../../src/lab/views/draw-views.ts';
import { gaussianWeights } from '../../src/lab/views/gaussian.ts';
import { createRandom } from '../../src/projection/random.ts';
import { COUNT, drawn, noise, SIDE, viewed } from './lab-views-cases.ts';

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

const SIZE = SIDE * SIDE * 3;

function expectNear(found: Float32Array, expected: Float32Array): void {
  const off = found.map((value, at) => Math.abs(value - (expected[at] ?? Number.NaN)));
  expect(off.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-5);
}

test('with everything off a view is the picture; flipped ones are its mirror image', async () => {
  const before = memory().numTensors;
  const pictures = noise();
  const plain = await pictures.data<'float32'>();
  const mirrored = reverse(pictures, 2);
  const turned = await mirrored.data<'float32'>();
  expectNear(await viewed({}), plain);

  const { boxes } = drawn({ flip: true });
  const flipped = await viewed({ flip: true });
  const isTurned = Array.from(
    { length: COUNT },
    (_, item) => (boxes[item * 4 + 1] ?? 0) > (boxes[item * 4 + 3] ?? 0),
  );
  expect(new Set(isTurned)).toEqual(new Set([true, false]));
  for (const [item, turn] of isTurned.entries()) {
    const part = (values: Float32Array) => values.subarray(item * SIZE, (item + 1) * SIZE);
    expectNear(part(flipped), part(turn ? turned : plain));
  }
  pictures.dispose();
  mirrored.dispose();
  expect(memory().numTensors).toBe(before);
});

test('switching one change on leaves what is drawn for the others as it was', () => {
  const all = drawn({ crop: true, flip: true, jitter: true, gray: true, blur: true });
  const { contrast, colors } = drawn({ jitter: true, gray: true });
  expect(all).toMatchObject({ contrast, colors });
  expect(all.boxes).toEqual(drawn({ crop: true, flip: true }).boxes);
  expect(all.blurs).toEqual(drawn({ blur: true }).blurs);
});

test('crops stay within the picture and keep their share of it', () => {
  const { boxes } = drawn({ crop: true, leastArea: 0.3 }, 500);
  const areas: number[] = [];
  for (let at = 0; at < boxes.length; at += 4) {
    const [top = 0, left = 0, bottom = 0, right = 0] = boxes.subarray(at, at + 4);
    expect(Math.min(top, left)).toBeGreaterThanOrEqual(0);
    expect(Math.max(bottom, right)).toBeLessThanOrEqual(1 + 1e-6);
    areas.push((bottom - top) * (right - left));
  }
  // One that is wider or higher than the picture is cut to it, so that a little less may be left of the least.
  expect(Math.min(...areas)).toBeGreaterThan(0.3 * 0.75);
  expect(Math.max(...areas)).toBeGreaterThan(0.85);
});

test('views are jittered, grayed and blurred as often as SimCLR says', () => {
  const { contrast, colors, blurs } = drawn({ jitter: true, gray: true, blur: true }, 2000);
  const share = (count: number) => count / 2000;
  const grays = Array.from({ length: 2000 }, (_, item) => {
    const [first, second] = [colors[item * 9] ?? 0, colors[item * 9 + 1] ?? 0];
    return Math.abs(first - second) < 1e-4;
  });
  expect(share(contrast.filter((value) => value !== 1).length)).toBeCloseTo(0.8, 1);
  expect(share(grays.filter(Boolean).length)).toBeCloseTo(0.2, 1);
  const sharp = Array.from({ length: 2000 }, (_, item) => blurs?.[item * SIDE * SIDE] === 1);
  // Of the least deviations nothing is seen at 12 pixels.
  expect(share(sharp.filter(Boolean).length)).toBeGreaterThan(0.45);
  expect(share(sharp.filter(Boolean).length)).toBeLessThan(0.75);
});

test('gray has one value in all channels, of the brightness of the color', () => {
  const gray = colorMatrix({ brightness: 1, saturation: 0, hue: 0.3 });
  for (const [row, luma] of [0.299, 0.587, 0.114].entries())
    for (const column of [0, 1, 2]) expect(gray[row * 3 + column]).toBeCloseTo(luma, 5);
});

test('a third of a turn of the hue takes red to green and green to blue, as far as its luma allows', () => {
  const turned = colorMatrix({ brightness: 1, saturation: 1, hue: -1 / 3 });
  const back = colorMatrix({ brightness: 1, saturation: 1, hue: 1 });
  for (const [at, value] of [1, 0, 0, 0, 1, 0, 0, 0, 1].entries()) expect(back[at]).toBeCloseTo(value, 4);
  const strongest = (row: number) =>
    [0, 1, 2].reduce((best, k) => ((turned[row * 3 + k] ?? 0) > (turned[row * 3 + best] ?? 0) ? k : best), 0);
  expect(new Set([0, 1, 2].map(strongest)).size).toBe(3);
  expect(strongest(0)).not.toBe(0);
});

test('a blur adds up to 1 and is as wide as asked for', () => {
  const side = 31;
  const weights = gaussianWeights(side, 2);
  const middle = weights.subarray(15 * side, 16 * side);
  const variance = middle.reduce((sum, weight, at) => sum + weight * (at - 15) ** 2, 0);
  expect(middle.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  expect(variance).toBeCloseTo(4, 2);
});

test('settings out of range are refused', () => {
  const draw = (settings: object) => () =>
    drawViews(createRandom(1), 1, 8, { ...VIEW_DEFAULTS, ...settings });
  expect(draw({ leastArea: 0 })).toThrow('A crop keeps a share of the area above 0 and at most 1, not 0.');
  expect(draw({ strength: 2 })).toThrow('The strength of the color jitter is between 0 and 1, not 2.');
});
