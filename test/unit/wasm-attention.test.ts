// What the wasm backend is given to do in a way of its own, held to the plain backend: attention head by head, and slices of the heap.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend, slice, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { attend } from '../../src/models/transformer/attention.ts';
import { mendSlice } from '../../src/models/wasm-slice.ts';

const HEADS = 3;
const WIDTH = 10;
const FLOAT_ERROR = 1e-6;

interface Piece {
  readonly begin: number | [number, number, number];
  readonly size: number | [number, number, number];
  readonly expected: readonly number[];
}

beforeAll(() => {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  mendSlice();
  // A second model starts the backend again.
  mendSlice();
});

// On wasm, 50 tokens of this width are taken head by head, 20 are not; 7 rows of scores at once cut the queries into blocks.
describe.each([
  { length: 20, rows: HEADS * 20 },
  { length: 50, rows: HEADS * 50 },
  { length: 50, rows: 7 },
])('attention of $length tokens, $rows rows of scores at once', ({ length, rows }) => {
  test.each([
    { mask: 'none' },
    { mask: 'of keys', maskShape: [HEADS, 1, length] as const },
    { mask: 'of pairs', maskShape: [HEADS, length, length] as const },
  ])('is the same on wasm and on cpu, mask: $mask', async ({ maskShape }) => {
    const shape = [HEADS, length, WIDTH];
    const values = [1, 2, 3].map((seed) => waves(shape, seed));
    const mask = maskShape && waves(maskShape, 4);
    const run = async (backend: 'cpu' | 'wasm') => {
      await setBackend(backend);
      const [queries, keys, vectors] = values.map((own) => tensor3d(own, [HEADS, length, WIDTH]));
      if (!queries || !keys || !vectors) throw new Error('Three were made.');
      const tensors = memory().numTensors;
      const own = mask && maskShape && tensor3d(mask, [...maskShape]);
      const attended = attend(queries, keys, vectors, own, rows * length * 4);
      expect(memory().numTensors).toBe(tensors + (own ? 2 : 1));
      return attended.data<'float32'>();
    };
    const [expected, found] = [await run('cpu'), await run('wasm')];
    expect(found).toHaveLength(HEADS * length * WIDTH);
    for (const [i, value] of found.entries())
      expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(FLOAT_ERROR);
  });
});

describe('a slice on wasm', () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each<Piece>([
    { begin: [1, 0, 0], size: [1, -1, -1], expected: [6, 7, 8, 9, 10, 11] },
    { begin: [1, 1, 0], size: [1, 2, 2], expected: [8, 9, 10, 11] },
    { begin: [1, 2, 1], size: [1, 1, 1], expected: [11] },
    { begin: 1, size: 1, expected: [6, 7, 8, 9, 10, 11] },
  ])('in one piece, from $begin, is copied alone', async ({ begin, size, expected }) => {
    await setBackend('wasm');
    const x = tensor3d([...Array(12).keys()], [2, 3, 2], 'int32');
    const reads = vi.spyOn(BackendWasm.prototype, 'readSync');
    const part = slice(x, begin, size);
    expect(reads).not.toHaveBeenCalled();
    expect([...(await part.data())]).toEqual(expected);
    expect([...(await x.data())]).toEqual([...Array(12).keys()]);
  });

  test('in several pieces is as it was', async () => {
    await setBackend('wasm');
    const part = slice(tensor2d([0, 1, 2, 3, 4, 5], [2, 3]), [0, 1], [2, 1]);
    expect([...(await part.data())]).toEqual([1, 4]);
  });
});

function waves(shape: readonly number[], seed: number): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  return Float32Array.from({ length: size }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233));
}
