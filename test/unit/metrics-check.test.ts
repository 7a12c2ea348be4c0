import { expect, test } from 'vitest';
import {
  checkK,
  checkPairs,
  checkSameDimension,
  checkScale,
  checkValues,
  countRows,
} from '../../src/metrics/check.ts';
import { InvalidK, InvalidScale, InvalidVectors } from '../../src/metrics/errors.ts';

const set = (values: number[], dimension: number) => ({ vectors: Float32Array.from(values), dimension });

test.each([
  [
    [1, 2, Number.NaN],
    'The vectors hold NaN in row 1, column 0 (counted from 0); every value must be finite.',
  ],
  [
    [1, Infinity],
    'The vectors hold Infinity in row 0, column 1 (counted from 0); every value must be finite.',
  ],
  [
    [-Infinity],
    'The vectors hold -Infinity in row 0, column 0 (counted from 0); every value must be finite.',
  ],
  [
    [0, 0, 0, -(2 ** 60)],
    'The vectors hold -1152921504606847000 in row 1, column 1 (counted from 0); the size of a value may be at most 1000000000000000.',
  ],
])('%j is refused', (values, message) => {
  const bad = set([...values, ...Array(4 - values.length).fill(0)], 2);
  expect(() => checkValues(bad, 'The vectors', 0, 2)).toThrow(
    new InvalidVectors(`${message} Remove or repair that row.`),
  );
});

test('values that 16-bit floats do not reach are refused where they are to be stored so', () => {
  const large = set([1, 65504, -65504, 65505], 2);
  expect(() => checkValues(large, 'The queries', 0, 2)).not.toThrow();
  expect(() => checkValues(large, 'The queries', 0, 1, 'float16')).not.toThrow();
  expect(() => checkValues(large, 'The queries', 0, 2, 'float16')).toThrow(
    new InvalidVectors(
      'The queries hold 65505 in row 1, column 1 (counted from 0); the size of a value may be at most 65504 in 16-bit floats. Use storage "float32", or repair that row.',
    ),
  );
});

test('values from denormal to large are taken', () => {
  expect(() => checkValues(set([0, -0, 1e-45, 9e14], 2), 'The vectors', 0, 2)).not.toThrow();
});

test('shapes', () => {
  expect(countRows(set([1, 2, 3, 4], 2), 'The vectors')).toBe(2);
  expect(countRows(set([], 2), 'The vectors')).toBe(0);
  for (const dimension of [0, -1, 1.5, Number.NaN]) {
    expect(() => countRows(set([1, 2], dimension), 'The queries')).toThrow(
      new InvalidVectors(`The queries have dimension ${dimension}; it must be a whole number of 1 or more.`),
    );
  }
  expect(() => countRows(set([1, 2, 3], 2), 'The vectors')).toThrow(
    new InvalidVectors('The vectors hold 3 numbers, which is no whole number of rows of dimension 2.'),
  );
  expect(() => checkSameDimension(set([1], 1), 'The vectors', set([1, 2], 2), 'The queries')).toThrow(
    new InvalidVectors('The vectors have dimension 1 and the queries have 2; both must be the same.'),
  );
});

test('more pairs than an array holds', () => {
  expect(() => checkPairs(2 ** 15, 2 ** 15)).not.toThrow();
  expect(() => checkPairs(100_000, 100_000)).toThrow(
    new InvalidVectors(
      '100000 × 100000 values would take 37.3 GiB; at most 4 GiB fit in one array. Ask for fewer, or for neighbors.',
    ),
  );
});

test('k', () => {
  const queries = set([1], 1);
  expect(() => checkK(10, { metric: 'cosine', k: 9 })).not.toThrow();
  expect(() => checkK(10, { metric: 'cosine', k: 10, queries })).not.toThrow();
  expect(() => checkK(10, { metric: 'cosine', k: 10 })).toThrow(
    new InvalidK(
      'k is 10, but it must be a whole number from 1 to 9: the set has 10 vectors, itself left out.',
    ),
  );
  expect(() => checkK(1, { metric: 'cosine', k: 1 })).toThrow(
    new InvalidK('k is 1, but there are no neighbors to find: the set has 1 vector, itself left out.'),
  );
  for (const k of [0, -1, 2.5, Number.NaN, 4]) {
    expect(() => checkK(3, { metric: 'cosine', k, queries })).toThrow(
      new InvalidK(`k is ${k}, but it must be a whole number from 1 to 3: the set has 3 vectors.`),
    );
  }
});

test('scale', () => {
  expect(() => checkScale(100)).not.toThrow();
  for (const scale of [0, -1, 101, Number.NaN]) {
    expect(() => checkScale(scale)).toThrow(
      new InvalidScale(`The similarity scale is ${scale}; it must be above 0 and at most 100.`),
    );
  }
});
