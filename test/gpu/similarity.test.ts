import { afterAll, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricEngine, VectorSet } from '../../src/metrics/engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { referenceSimilarity } from '../../src/metrics/reference.ts';
import { ABSOLUTE, DIMENSIONS, normalSet, RELATIVE, withOddRows, worstError } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
const onCpu = createCpuEngine();
afterAll(() => onCpu.dispose());
const choppy = createGpuEngine(gpu, { maxChunkBytes: 16 * 1024, maxPairs: 30 * 300 });

test.each(DIMENSIONS)('d = %i agrees with float64', async (dimension) => {
  await check(withOddRows(normalSet(dimension, 37, dimension)), normalSet(2, 11, dimension));
  await check(withOddRows(normalSet(dimension, 37, dimension)), normalSet(2, 11, dimension), 100, onCpu);
});

test('rows shifted by 1e4', async () => {
  await check(normalSet(1, 21, 64, 1e4), normalSet(2, 5, 64, 1e4));
});

test('more pictures and labels than one part holds, at a low scale', async () => {
  await check(normalSet(1, 600, 8), normalSet(2, 300, 8), 1);
});

test('in small chunks: the same bits', async () => {
  const pictures = normalSet(1, 600, 130);
  const labels = normalSet(2, 23, 130);
  const whole = await engine.similarity(pictures, labels);
  expect(await engine.similarity(pictures, labels)).toEqual(whole);
  const chopped = await choppy.similarity(pictures, labels);
  expect(chopped.logits).toEqual(whole.logits);
  expect(chopped.overLabels).toEqual(whole.overLabels);
  await check(pictures, labels, 100, choppy);
});

async function check(
  pictures: VectorSet,
  labels: VectorSet,
  scale = 100,
  by: MetricEngine = engine,
): Promise<void> {
  const found = await by.similarity(pictures, labels, { scale });
  const expected = referenceSimilarity(pictures, labels, scale);
  for (const name of ['logits', 'overLabels', 'overPictures'] as const) {
    const values = expected[name];
    const allowed = values.map((value) => RELATIVE * Math.abs(value) + ABSOLUTE);
    expect(worstError(found[name], { values, allowed }), name).toBeLessThanOrEqual(1);
  }
}
