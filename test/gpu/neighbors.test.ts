import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricId, Neighbors, VectorSet } from '../../src/metrics/engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { DIMENSIONS, expectedDistances, METRICS, normalSet, withOddRows } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
const onCpu = createCpuEngine();
afterAll(() => onCpu.dispose());
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 32 * 1024, maxPairs: 4000 });

describe.each(METRICS)('%s neighbors', (metric) => {
  test.each(DIMENSIONS)('d = %i agree with float64', async (dimension) => {
    const set = withOddRows(normalSet(dimension, 41, dimension));
    checkNeighbors(await engine.neighbors(set, { metric, k: 7 }), metric, set);
    checkNeighbors(await onCpu.neighbors(set, { metric, k: 7 }), metric, set);
  });

  test('of other queries, one and many, k = n', async () => {
    const set = withOddRows(normalSet(1, 70, 20));
    for (const count of [1, 3]) {
      const queries = normalSet(2, count, 20);
      checkNeighbors(await engine.neighbors(set, { metric, k: 70, queries }), metric, set, queries);
      checkNeighbors(await onCpu.neighbors(set, { metric, k: 70, queries }), metric, set, queries);
    }
  });

  test('of many queries: one list each, which overflows', async () => {
    const set = normalSet(6, 200, 20);
    const queries = normalSet(7, 1100, 20);
    checkNeighbors(await engine.neighbors(set, { metric, k: 5, queries }), metric, set, queries);
  });

  test('of few queries in many: many lists each', async () => {
    const set = normalSet(4, 2000, 20);
    const queries = normalSet(5, 3, 20);
    const found = await engine.neighbors(set, { metric, k: 5, queries });
    checkNeighbors(found, metric, set, queries);
    expect(await choppy.neighbors(set, { metric, k: 5, queries })).toEqual(found);
    checkNeighbors(await onCpu.neighbors(set, { metric, k: 5, queries }), metric, set, queries);
  });

  test('in small chunks: the same bits', async () => {
    const set = withOddRows(normalSet(3, 150, 130));
    const whole = await engine.neighbors(set, { metric, k: 130 });
    checkNeighbors(whole, metric, set);
    expect(await choppy.neighbors(set, { metric, k: 130 })).toEqual(whole);
    expect(await engine.neighbors(set, { metric, k: 130 })).toEqual(whole);
  });
});

/** Distances as in float64 and in order, and each index at the distance that is told; ties by index. */
function checkNeighbors(found: Neighbors, metric: MetricId, set: VectorSet, queries?: VectorSet): void {
  const expected = expectedDistances(metric, queries ?? set, set);
  const { k } = found;
  const sign = metric === 'dot' ? -1 : 1;
  expect(found.indices.length).toBe(expected.rows * k);
  let wrong = 0;
  for (let i = 0; i < expected.rows; i++) {
    const columns = [...Array(expected.columns).keys()].filter((j) => queries || j !== i);
    const value = (j: number) => expected.values[i * expected.columns + j] ?? Number.NaN;
    const allowed = (j: number) => expected.allowed[i * expected.columns + j] ?? Number.NaN;
    columns.sort((a, b) => sign * (value(a) - value(b)) || a - b);
    const seen = new Set<number>();
    for (let rank = 0; rank < k; rank++) {
      const index = found.indices[i * k + rank] ?? -1;
      const distance = found.distances[i * k + rank] ?? Number.NaN;
      const ideal = columns[rank] ?? -1;
      // Bits are counted exactly, and few counts make many ties: also at the end of the list.
      if (metric === 'hamming' && index !== ideal) wrong++;
      if (seen.has(index) || index === (queries ? -1 : i)) wrong++;
      seen.add(index);
      if (!(Math.abs(distance - value(index)) <= allowed(index))) wrong++;
      if (!(Math.abs(distance - value(ideal)) <= allowed(ideal) + allowed(index))) wrong++;
      if (rank === 0) continue;
      const before = found.distances[i * k + rank - 1] ?? Number.NaN;
      const indexBefore = found.indices[i * k + rank - 1] ?? -1;
      if (!(sign * before < sign * distance || (before === distance && indexBefore < index))) wrong++;
    }
  }
  expect(wrong).toBe(0);
}
