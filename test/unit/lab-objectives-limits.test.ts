// What the objectives do at their limits: batches that cannot be compared, collapsed and empty embeddings, bounds of what is learned.
import '@tensorflow/tfjs';
import {
  memory,
  ones,
  type Rank,
  randomNormal,
  scalar,
  setBackend,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { barlowTwins } from '../../src/lab/objectives/barlow-twins.ts';
import { UnfitBatch } from '../../src/lab/objectives/batch.ts';
import { clip } from '../../src/lab/objectives/clip.ts';
import { commonDimensions, deCur } from '../../src/lab/objectives/decur.ts';
import { clipLogScale } from '../../src/lab/objectives/defaults.ts';
import { differentiate } from '../../src/lab/objectives/differentiate.ts';
import { imageBind } from '../../src/lab/objectives/image-bind.ts';
import { infoNce } from '../../src/lab/objectives/info-nce.ts';
import { learn } from '../../src/lab/objectives/learned.ts';
import type { Loss } from '../../src/lab/objectives/loss.ts';
import { ntXent } from '../../src/lab/objectives/nt-xent.ts';
import { sigLip } from '../../src/lab/objectives/siglip.ts';
import { supervised } from '../../src/lab/objectives/supervised.ts';
import { vicReg } from '../../src/lab/objectives/vicreg.ts';

type Comparison = (a: Tensor2D, b: Tensor2D) => Loss;

const comparisons: readonly [string, Comparison][] = [
  ['InfoNCE', (queries, keys) => infoNce({ queries, keys })],
  ['NT-Xent', (first, second) => ntXent({ first, second })],
  ['VICReg', (first, second) => vicReg({ first, second })],
  ['CLIP', (images, texts) => clip({ images, texts, logScale: scalar(2) })],
  ['SigLIP', (images, texts) => sigLip({ images, texts, logScale: scalar(2), bias: scalar(-10) })],
  ['Barlow Twins', (first, second) => barlowTwins({ first, second })],
  ['ImageBind (audio)', (images, others) => imageBind({ audio: { images, others } })],
  ['DeCUR', (a, b) => deCur({ first: a, second: a }, { first: b, second: b })],
];

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

describe.each(comparisons)('%s', (name, compare) => {
  test('refuses a batch of one, and what is not of one shape, by its name', () => {
    expect(() => compare(ones([1, 4]), ones([1, 4]))).toThrow(UnfitBatch);
    expect(() => compare(ones([1, 4]), ones([1, 4]))).toThrow(
      `${name} compares the items of a batch with one another, and this batch has 1. Choose a batch size of at least 2.`,
    );
    expect(() => compare(ones([3, 4]), ones([2, 4]))).toThrow(/3 × 4, .* 2 × 4/);
    expect(() => compare(ones([3, 4]), ones([3, 5]))).toThrow(UnfitBatch);
    expect(() => compare(zeros([3, 0]), zeros([3, 0]))).toThrow('without a dimension');
  });

  const rows = randomNormal([4, 3], 0, 1, 'float32', 5).dataSync();
  test.each<[string, ArrayLike<number>, ArrayLike<number>]>([
    [
      'all rows the same',
      Array.from({ length: 12 }, (_, at) => at % 3),
      Array.from({ length: 12 }, (_, at) => at % 3),
    ],
    ['rows of zeros', new Float32Array(12), new Float32Array(12)],
    ['one row of zeros', [0, 0, 0, ...rows.slice(3)], rows],
    ['tiny numbers', rows.map((value) => value * 1e-20), rows.map((value) => value * 1e-20)],
    ['opposite views', rows, rows.map((value) => -value)],
  ])('has a finite loss and gradient with %s', async (_, first, second) => {
    const [a, b] = [matrix(first), matrix(second)];
    const { values, gradients } = differentiate(() => compare(a, b), [a, b]);
    for (const one of [values, ...Object.values(gradients)])
      expect(Array.from(await one.data()).every(Number.isFinite)).toBe(true);
    expect(Object.keys(gradients)).toHaveLength(2);
  });
});

const matrix = (values: ArrayLike<number>): Variable<Rank.R2> =>
  variable<Rank.R2>(tensor2d(Array.from(values), [4, 3]));

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a temperature of %d is refused', (temperature) => {
  const [first, second] = [ones<Rank.R2>([2, 3]), ones<Rank.R2>([2, 3])];
  const message = `The temperature is ${temperature}. Choose a number above 0.`;
  expect(() => infoNce({ queries: first, keys: second }, { temperature })).toThrow(message);
  expect(() => ntXent({ first, second }, { temperature })).toThrow(message);
  const pairs = { depth: { images: first, others: second } };
  expect(() => imageBind(pairs, { temperatures: { depth: temperature } })).toThrow(message);
});

test('ImageBind needs a modality', () => {
  expect(() => imageBind({})).toThrow('no modality');
});

test('DeCUR needs a share from 0 to 1, and rounds its dimensions', () => {
  expect([0, 0.3, 0.5, 0.75, 1].map((share) => commonDimensions(6, share))).toEqual([0, 2, 3, 5, 6]);
  for (const share of [-0.1, 1.1, Number.NaN])
    expect(() => commonDimensions(6, share)).toThrow('from 0 to 1');
});

describe('the supervised loss', () => {
  test('takes a batch of one', async () => {
    const { total } = supervised({ logits: tensor2d([[0, 0]]), labels: tensor1d([1], 'int32') });
    expect((await total.data())[0]).toBeCloseTo(Math.log(2), 6);
  });

  test('refuses labels that are too few or fractions, and a single class', () => {
    const logits = tensor2d([
      [0, 1],
      [1, 0],
    ]);
    expect(() => supervised({ logits, labels: tensor1d([1], 'int32') })).toThrow(
      '2 rows and 1 labels (int32)',
    );
    expect(() => supervised({ logits, labels: tensor1d([1, 0]) })).toThrow('(float32)');
    expect(() => supervised({ logits: tensor2d([[1]]), labels: tensor1d([0], 'int32') })).toThrow('1 class');
  });
});

describe('a logit scale that is learned', () => {
  const gradientOf = (logScale: Variable<Rank.R0>): number | undefined =>
    tidy(() => {
      const { gradients } = differentiate(() => clip({ images, texts, logScale }), [logScale]);
      return gradients[logScale.name]?.dataSync();
    })?.[0];
  const images = tensor2d([
    [1, 0],
    [0, 1],
  ]);
  // The wrong way round: all wish for a lower scale.
  const texts = tensor2d([
    [0, 1],
    [1, 0],
  ]);

  test('begins at ln(1/0.07), is brought back to ln 100 when beyond it, and can leave it again', async () => {
    const before = memory().numTensors;
    const scale = learn('clip.logScale', clipLogScale);
    expect((await scale.values.data())[0]).toBeCloseTo(2.6593, 4);
    scale.clamp();
    expect((await scale.values.data())[0]).toBeCloseTo(2.6593, 4);
    const beyond = scalar(7);
    scale.values.assign(beyond);
    beyond.dispose();
    expect(gradientOf(scale.values)).toBe(0);
    scale.clamp();
    expect((await scale.values.data())[0]).toBeCloseTo(Math.log(100), 6);
    expect(gradientOf(scale.values)).toBeCloseTo(100, 3);
    scale.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
