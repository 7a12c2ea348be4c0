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
// Blocks of 64 × 64 pairs, and chunks that end elsewhere.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 50_000, maxPairs: 1 });

// docs/metrics.md: what the probabilities of one picture, or of one label, add up to.
const SUM_ERROR = 1e-4;

test.each(DIMENSIONS)('d = %i agrees with float64', async (dimension) => {
  await check(withOddRows(normalSet(dimension, 37, dimension)), normalSet(2, 11, dimension));
  await check(withOddRows(normalSet(dimension, 37, dimension)), normalSet(2, 11, dimension), 100, onCpu);
});

test('rows shifted by 1e4', async () => {
  await check(normalSet(1, 21, 64, 1e4), normalSet(2, 5, 64, 1e4));
});

test.each([0.01, 1, 100])('more pictures and labels than one part holds, at a scale of %f', async (scale) => {
  await check(normalSet(1, 600, 8), normalSet(2, 300, 8), scale);
});

test.each([
  [1, 1],
  [1, 130],
  [129, 1],
  [65, 64],
  [200, 9],
])('%i × %i, whole and in small blocks', async (pictures, labels) => {
  await check(normalSet(1, pictures, 5), normalSet(2, labels, 5));
  await check(normalSet(1, pictures, 5), normalSet(2, labels, 5), 100, choppy);
});

test('a picture that is a label has all of its probability; one that has no direction, as much as any', async () => {
  const labels = normalSet(2, 70, 64);
  const pictures = { vectors: labels.vectors.slice(0, 3 * 64).fill(0, 64, 128), dimension: 64 };
  const { overLabels, logits } = await engine.similarity(pictures, labels);
  expect(overLabels[0]).toBe(1);
  expect(new Set(overLabels.subarray(70, 140))).toEqual(new Set([Math.fround(1 / 70)]));
  expect(new Set(logits.subarray(70, 140))).toEqual(new Set([0]));
});

test('in small blocks, and again: the same bytes', async () => {
  const pictures = normalSet(1, 300, 130);
  const labels = normalSet(2, 70, 130);
  const whole = await engine.similarity(pictures, labels);
  expect(await engine.similarity(pictures, labels)).toEqual(whole);
  expect(await choppy.similarity(pictures, labels)).toEqual(whole);
});

async function check(pictures: VectorSet, labels: VectorSet, scale = 100, by: MetricEngine = engine) {
  const found = await by.similarity(pictures, labels, { scale });
  const expected = referenceSimilarity(pictures, labels, scale);
  for (const name of ['logits', 'overLabels', 'overPictures'] as const) {
    const values = expected[name];
    const allowed = values.map((value) => RELATIVE * Math.abs(value) + ABSOLUTE);
    expect(worstError(found[name], { values, allowed }), name).toBeLessThanOrEqual(1);
  }
  const columns = labels.vectors.length / labels.dimension;
  const ofPictures = new Float64Array(pictures.vectors.length / pictures.dimension);
  const ofLabels = new Float64Array(columns);
  found.overLabels.forEach((probability, at) => {
    const row = Math.floor(at / columns);
    ofPictures[row] = (ofPictures[row] ?? 0) + probability;
    ofLabels[at % columns] = (ofLabels[at % columns] ?? 0) + (found.overPictures[at] ?? 0);
  });
  for (const sum of [...ofPictures, ...ofLabels]) expect(Math.abs(sum - 1)).toBeLessThan(SUM_ERROR);
}
