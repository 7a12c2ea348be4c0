// What learners are joined of and nothing else tests: heads, views of signals, and the gradients that wasm has not by itself.
import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  avgPool,
  clone,
  conv2d,
  env,
  grads,
  matMul,
  memory,
  type Rank,
  setBackend,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mendGradients } from '../../src/lab/encoders/wasm-gradients.ts';
import { createPerceptron } from '../../src/lab/heads/perceptron.ts';
import { drawMasks, MASKED, maskSignals } from '../../src/lab/views/signal-views.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';

beforeAll(() => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
});

beforeEach(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

function noise(size: number, seed = 1): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => gaussian(random));
}

describe('a head', () => {
  const make = () => createPerceptron({ from: 3, hidden: [5], width: 2, seed: 1, name: 'head' });
  const rows = () => tensor2d(noise(24), [8, 3]);

  test('takes the batches into its statistics when it settles, as PyTorch does, and not before', async () => {
    const before = memory().numTensors;
    const head = make();
    const [runningMean, runningVariance] = head.statistics.map(({ values }) => values);
    const [weight] = head.parameters.filter(({ name }) => name === 'head.layer0.weight');
    if (!runningMean || !runningVariance || !weight) throw new Error('The head has no normalization.');
    const x = rows();
    const product = tidy(() => matMul<Tensor2D>(x, weight.values));
    const hidden = await product.array();
    tidy(() => head.project(x, true)).dispose();
    expect([...(await runningMean.data())]).toEqual([0, 0, 0, 0, 0]);
    head.settle();
    head.settle();
    const column = hidden.map(([first = 0]) => first);
    const mean = column.reduce((sum, value) => sum + value, 0) / 8;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 7;
    expect((await runningMean.data())[0]).toBeCloseTo(0.1 * mean, 5);
    expect((await runningVariance.data())[0]).toBeCloseTo(0.9 + 0.1 * variance, 5);
    for (const made of [x, product, head]) made.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test('normalizes by the batch in training only', async () => {
    const head = make();
    const x = rows();
    const some = tidy(() => x.slice([0, 0], [3, 3]));
    const read = async (of: Tensor2D, isTraining: boolean) => (await head.project(of, isTraining).array())[0];
    expect(await read(some, false)).toEqual(await read(x, false));
    expect(await read(some, true)).not.toEqual(await read(x, true));
    head.settle();
    head.dispose();
  });
});

describe('views of signals', () => {
  test('hide a run of bands and a run of times, and nothing else', async () => {
    const settings = { ...MASKED.audio, leastTime: 1 };
    const masks = drawMasks(createRandom(3), 40, settings);
    const shape = [40, settings.bands, settings.times, 1];
    const ones = tensor(new Float32Array(40 * settings.bands * settings.times).fill(1), shape);
    const seen = await maskSignals(ones, masks).data<'float32'>();
    const hidden = { bands: new Set<number>(), times: new Set<number>() };
    for (let item = 0; item < 40; item++) {
      const bands = masks.bands.subarray(item * settings.bands, (item + 1) * settings.bands);
      const times = masks.times.subarray(item * settings.times, (item + 1) * settings.times);
      for (const mask of [bands, times]) expect([...mask].join('')).toMatch(/^1*0*1*$/);
      const wanted = [...bands].flatMap((isBand) => [...times].map((isTime) => isBand * isTime));
      expect([...seen.subarray(item * wanted.length, (item + 1) * wanted.length)]).toEqual(wanted);
      hidden.bands.add(bands.filter((value) => value === 0).length);
      hidden.times.add(times.filter((value) => value === 0).length);
    }
    expect(Math.max(...hidden.bands)).toBe(settings.mostBands);
    expect(Math.max(...hidden.times)).toBe(settings.mostTimes);
    expect(Math.min(...hidden.bands, ...hidden.times)).toBe(0);
  });

  test('keep the shape of motion, and stretch time', async () => {
    const settings = { ...MASKED.imu, mostTimes: 0 };
    const masks = drawMasks(createRandom(5), 2, settings);
    const ramp = Float32Array.from({ length: 2 * 128 * 6 }, (_, at) => Math.floor(at / 6) % 128);
    const seen = maskSignals(tensor(ramp, [2, 128, 6]), masks);
    expect(seen.shape).toEqual([2, 128, 6]);
    const values = await seen.data<'float32'>();
    const [, from = 0, , to = 0] = masks.boxes;
    expect(to - from).toBeGreaterThanOrEqual(settings.leastTime);
    expect(values[0]).toBeCloseTo(127 * from, 2);
    expect(values[127 * 6]).toBeCloseTo(127 * to, 2);
  });
});

describe('gradients on wasm are those of the cpu backend', () => {
  const items = (shape: [number, number, number, number], seed: number): Tensor4D =>
    tensor<Rank.R4>(
      noise(
        shape.reduce((size, side) => size * side, 1),
        seed,
      ),
      shape,
    );
  const matrix = (rows: number, columns: number, seed: number): Tensor2D =>
    tensor2d(noise(rows * columns, seed), [rows, columns]);

  const cases: Record<string, () => Tensor[]> = {
    'a convolution with a kernel of 3 × 5': () =>
      grads((x: Tensor, kernel: Tensor) => conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same').square())([
        items([2, 6, 7, 3], 1),
        items([3, 5, 3, 4], 2),
      ]),
    'means of blocks, with a border left over': () =>
      grads((x: Tensor) => avgPool(x as Tensor4D, [2, 3], [2, 3], 'valid').square())([
        items([2, 5, 7, 3], 3),
      ]),
    'means of blocks that overlap': () =>
      grads((x: Tensor) => avgPool(x as Tensor4D, 3, 1, 'same').square())([items([2, 5, 7, 3], 3)]),
    'a copy': () => grads((x: Tensor) => clone(x).square())([matrix(3, 4, 4)]),
  };
  for (const [first, second] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    cases[`a product, ${first ? '' : 'not '}transposed by ${second ? '' : 'not '}transposed`] = () =>
      grads((a: Tensor, b: Tensor) => matMul(a, b, first, second).square())([
        first ? matrix(5, 3, 5) : matrix(3, 5, 5),
        second ? matrix(4, 5, 6) : matrix(5, 4, 6),
      ]);
  }

  test.each(Object.entries(cases))('%s', async (_, made) => {
    const expected = await Promise.all(made().map((gradient) => gradient.data<'float32'>()));
    expect(await setBackend('wasm')).toBe(true);
    mendGradients();
    const before = memory().numTensors;
    const kept = tidy(() => made());
    expect(memory().numTensors).toBe(before + expected.length);
    const found = await Promise.all(kept.map((gradient) => gradient.data<'float32'>()));
    for (const [at, wanted] of expected.entries()) {
      expect(found[at]).toHaveLength(wanted.length);
      for (const [place, value] of wanted.entries()) expect(found[at]?.[place]).toBeCloseTo(value, 3);
    }
  });
});
