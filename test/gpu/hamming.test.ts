import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import type { MetricSet, SymbolSet } from '../../src/metrics/engine.ts';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { symbolsOf } from '../../src/metrics/symbols.ts';
import { DIMENSIONS, METRICS, normalSet, randomStream } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 2048, maxPairs: 100 });
const metric = 'hamming';

const ARRAYS = { Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array };
type ArrayName = keyof typeof ARRAYS;
const NAMES: ArrayName[] = [
  'Uint8Array',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
];

describe.each(NAMES)('rows of %s', (name) => {
  test.each(DIMENSIONS)('d = %i differ as in plain TypeScript', async (dimension) => {
    const rows = symbolSet(name, dimension, 21, dimension);
    const columns = symbolSet(name, dimension + 1, 10, dimension);
    // The same values in part, so that some positions agree.
    columns.symbols.set(rows.symbols.subarray(0, 5 * dimension));
    expect(await engine.distances(rows, { metric })).toEqual(differing(rows, rows));
    expect(await engine.distances(rows, { metric, columns })).toEqual(differing(rows, columns));
  });

  test.each(NAMES)('against %s are compared by value', async (other) => {
    const rows = symbolSet(name, 1, 9, 70);
    const columns = symbolSet(other, 2, 12, 70);
    // Small ones, which every type holds, beside what is the same bits in another type.
    rows.symbols.fill(7, 0, 100);
    columns.symbols.fill(7, 50, 150);
    rows.symbols.fill(-1, 200, 300);
    columns.symbols.fill(-1, 200, 300);
    expect(await engine.distances(rows, { metric, columns })).toEqual(differing(rows, columns));
  });

  test('in small chunks; as neighbors', async () => {
    const rows = symbolSet(name, 3, 60, 33, 5);
    const expected = differing(rows, rows);
    expect(await choppy.distances(rows, { metric })).toEqual(expected);
    const found = await choppy.neighbors(rows, { metric, k: 6 });
    expect(await engine.neighbors(rows, { metric, k: 6 })).toEqual(found);
    for (let i = 0; i < 60; i++) {
      const order = [...Array(60).keys()].filter((j) => j !== i);
      const at = (j: number) => expected[i * 60 + j] ?? Number.NaN;
      order.sort((a, b) => at(a) - at(b) || a - b);
      expect([...found.indices.subarray(i * 6, i * 6 + 6)]).toEqual(order.slice(0, 6));
      expect([...found.distances.subarray(i * 6, i * 6 + 6)]).toEqual(order.slice(0, 6).map(at));
    }
  });
});

test('zeros and ones take a bit each', async () => {
  const rows = symbolSet('Uint8Array', 5, 20, 131, 2);
  const columns = symbolSet('Int32Array', 6, 10, 131, 2);
  expect(await engine.distances(rows, { metric, columns })).toEqual(differing(rows, columns));
  // One wider number in the second set, and both are written anew.
  columns.symbols[0] = 100_000;
  const wider = { ...columns, symbols: columns.symbols.slice() };
  expect(await engine.distances(rows, { metric, columns: wider })).toEqual(differing(rows, wider));
});

test('strings', async () => {
  const names = symbolsOf(['Saurav', 'Sourav', 'Xever🦊']);
  const distances = await engine.distances(names, { metric });
  expect([...distances]).toEqual([0, 1, 6, 1, 0, 6, 6, 6, 0]);
  const queries = symbolsOf(['Sourab']);
  const found = await engine.neighbors(names, { metric, queries, k: 3 });
  expect([...found.indices]).toEqual([1, 0, 2]);
  expect([...found.distances]).toEqual([1, 2, 6]);
});

test('rows of blocks and summaries of symbols', async () => {
  const rows = symbolSet('Int16Array', 8, 30, 20, 4);
  const expected = differing(rows, rows);
  const parts: number[] = [];
  for await (const part of choppy.distanceRows(rows, { metric })) parts.push(...part.distances);
  expect(Float32Array.from(parts)).toEqual(expected);
  const summary = await engine.summarize(rows, { metric });
  const others = [...expected].filter((_, at) => Math.floor(at / 30) !== at % 30);
  expect(summary.smallest).toBe(Math.min(...others));
  expect(summary.largest).toBe(Math.max(...others));
});

test('a threshold says nothing of symbols', async () => {
  const rows = symbolSet('Uint8Array', 9, 5, 9);
  expect(await engine.distances(rows, { metric, threshold: 'zero' })).toEqual(differing(rows, rows));
});

const whole = symbolSet('Uint8Array', 1, 4, 8);
const real = normalSet(1, 4, 8);

test.each(METRICS.filter((id) => id !== 'hamming'))('symbols under %s are refused', async (id) => {
  const message = (what: string) =>
    new InvalidVectors(
      `${what} are whole numbers to be compared as they are; only the metric "hamming" does that. Measure by it, or give real vectors.`,
    );
  await expect(engine.distances(whole, { metric: id })).rejects.toThrow(message('The vectors'));
  await expect(engine.neighbors(real, { metric: id, k: 1, queries: whole })).rejects.toThrow(
    message('The queries'),
  );
});

test.each<[MetricSet, MetricSet, string]>([
  [
    whole,
    real,
    'The vectors are whole numbers to be compared as they are, but the columns are real vectors. Give both as the one or both as the other.',
  ],
  [
    real,
    whole,
    'The columns are whole numbers to be compared as they are, but the vectors are real vectors. Give both as the one or both as the other.',
  ],
])('symbols against real vectors are refused', async (rows, columns, message) => {
  await expect(engine.distances(rows, { metric, columns })).rejects.toThrow(new InvalidVectors(message));
});

/** All that the type holds, its ends among them; or numbers below `most`. */
function symbolSet(
  name: ArrayName,
  seed: number,
  rows: number,
  dimension: number,
  most = Infinity,
): SymbolSet {
  const random = randomStream(seed);
  const symbols = new ARRAYS[name](rows * dimension);
  for (let at = 0; at < symbols.length; at++) {
    const kind = random();
    const value = Math.floor(random() * Math.min(2 ** 32, most));
    symbols[at] =
      most < Infinity ? value : kind < 0.1 ? -1 : kind < 0.2 ? 2 ** 31 : kind < 0.4 ? at % 3 : value;
  }
  return { symbols, dimension };
}

function differing(rows: SymbolSet, columns: SymbolSet): Float32Array {
  const { dimension } = rows;
  const [n, m] = [rows.symbols.length / dimension, columns.symbols.length / dimension];
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      for (let c = 0; c < dimension; c++) {
        if (rows.symbols[i * dimension + c] !== columns.symbols[j * dimension + c]) {
          out[i * m + j] = (out[i * m + j] ?? 0) + 1;
        }
      }
    }
  }
  return out;
}
