import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import type { VectorSet } from '../../src/metrics/engine.ts';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { reference } from '../../src/metrics/reference.ts';
import { DIMENSIONS, expectedDistances, normalSet, rowsOf, withOddRows, worstError } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
const METRICS = ['euclidean', 'manhattan', 'cosine', 'dot'] as const;
const storage = 'float16';

// IEEE 754 binary16 by its definition: 11 significant bits, multiples of 2^-24 at least, ties to even.
function toHalf(value: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const unit = 2 ** (exponent - 10);
  const scaled = value / unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const isUp = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return value === 0 ? 0 : (isUp ? floor + 1 : floor) * unit;
}

function rounded({ vectors, dimension }: VectorSet): VectorSet {
  return { vectors: vectors.map(toHalf), dimension };
}

describe.each(METRICS)('%s of rows in 16-bit floats', (metric) => {
  test('is that of the rounded rows', async () => {
    for (const dimension of DIMENSIONS) {
      const set = withOddRows(normalSet(dimension, 19, dimension));
      const found = await engine.distances(set, { metric, storage });
      expect(worstError(found, expectedDistances(metric, rounded(set)))).toBeLessThanOrEqual(1);
    }
  });

  test('of rows shifted by 1e4, of rows of very different lengths, and of two sets', async () => {
    const far = normalSet(7, 21, 65, 1e4);
    const shifted = await engine.distances(far, { metric, storage });
    expect(worstError(shifted, expectedDistances(metric, rounded(far)))).toBeLessThanOrEqual(1);
    const columns = normalSet(8, 33, 65);
    // Parallel to a column, at a hundred times its length.
    const rows = normalSet(9, 9, 65);
    rows.vectors.set(columns.vectors.subarray(0, 65).map((value) => 128 * value));
    const crossed = await engine.distances(rows, { metric, columns, storage });
    const expected = expectedDistances(metric, rounded(rows), rounded(columns));
    expect(worstError(crossed, expected)).toBeLessThanOrEqual(1);
    expect(await engine.distances(rows, { metric, columns, storage })).toEqual(crossed);
  });
});

test('takes half the memory', async () => {
  // Its own: sets of other tests are freed when they are forgotten, which may be now.
  const own = await openGpu();
  if (!own) throw new Error('no second device');
  const counted = createGpuEngine(own);
  const set = normalSet(3, 100, 512);
  const bytes = async (kept: 'float32' | 'float16') => {
    const before = own.memory.live.bytes;
    await counted.distances(set, { metric: 'dot', storage: kept });
    return own.memory.live.bytes - before;
  };
  const found = [await bytes('float32'), await bytes('float16')];
  own.close();
  expect(found).toEqual([100 * (512 * 4 + 4), 100 * (512 * 2 + 4)]);
});

test('differs from unrounded rows by what docs/metrics.md says', async () => {
  const set = normalSet(6, 40, 256);
  const rows = rowsOf(set);
  const [euclidean, manhattan, dot, cosine] = await Promise.all(
    (['euclidean', 'manhattan', 'dot', 'cosine'] as const).map((metric) =>
      engine.distances(set, { metric, storage }),
    ),
  );
  // Each value moves by at most 2^-11 of itself; 1e-5 is for the sums.
  const half = 2 ** -11;
  const norm = (row: Float32Array) => Math.hypot(...row);
  const size = (row: Float32Array) => row.reduce((sum, value) => sum + Math.abs(value), 0);
  rows.forEach((x, i) => {
    rows.forEach((y, j) => {
      const at = i * rows.length + j;
      const error = (values: Float32Array | undefined, metric: (typeof METRICS)[number]) =>
        Math.abs((values?.[at] ?? Number.NaN) - (i === j && metric !== 'dot' ? 0 : reference[metric](x, y)));
      expect(error(euclidean, 'euclidean')).toBeLessThanOrEqual(
        half * (norm(x) + norm(y)) * (1 + 1e-5) + 1e-5,
      );
      expect(error(manhattan, 'manhattan')).toBeLessThanOrEqual(half * (size(x) + size(y)) * (1 + 1e-5));
      expect(error(dot, 'dot')).toBeLessThanOrEqual(2.001 * half * norm(x) * norm(y));
      expect(error(cosine, 'cosine')).toBeLessThanOrEqual(4.01 * half);
    });
  });
});

test('values that 16-bit floats do not reach are refused, with the way out', async () => {
  const vectors = new Float32Array([1, 65504, -65504, 65520]);
  const asked = engine.distances({ vectors, dimension: 2 }, { metric: 'dot', storage });
  await expect(asked).rejects.toThrow(InvalidVectors);
  await expect(asked).rejects.toThrow(/65520 in row 1, column 1 .* 65504 in 16-bit floats\. .*"float32"/);
});

test('bits and symbols are what they are', async () => {
  const set = normalSet(10, 12, 40);
  expect(await engine.distances(set, { metric: 'hamming', storage })).toEqual(
    await engine.distances(set, { metric: 'hamming' }),
  );
});
