import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { DIMENSIONS, expectedDistances, METRICS, normalSet, withOddRows, worstError } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const onCpu = createCpuEngine();
afterAll(() => onCpu.dispose());
const choppy = createGpuEngine(gpu, { maxChunkBytes: 16 * 1024, maxPairs: 100 });

describe.each(METRICS)('%s distances', (metric) => {
  test.each(DIMENSIONS)('d = %i agree with float64', async (dimension) => {
    const set = withOddRows(normalSet(dimension, 37, dimension));
    expect(
      worstError(await engine.distances(set, { metric }), expectedDistances(metric, set)),
    ).toBeLessThanOrEqual(1);
  });

  test.each([3, 64, 1280])('rows shifted by 1e4, d = %i', async (dimension) => {
    const set = normalSet(7, 21, dimension, 1e4);
    expect(
      worstError(await engine.distances(set, { metric }), expectedDistances(metric, set)),
    ).toBeLessThanOrEqual(1);
  });

  test('in small chunks: the same bits', async () => {
    const rows = withOddRows(normalSet(1, 70, 130));
    const columns = normalSet(2, 45, 130);
    const whole = await engine.distances(rows, { metric, columns });
    expect(worstError(whole, expectedDistances(metric, rows, columns))).toBeLessThanOrEqual(1);
    expect(await choppy.distances(rows, { metric, columns })).toEqual(whole);
    expect(await engine.distances(rows, { metric, columns })).toEqual(whole);
  });
});
