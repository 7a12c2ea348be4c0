import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricEngine, VectorSet } from '../../src/metrics/engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import fixtures from '../fixtures/metrics/metrics.json';
import { ABSOLUTE, METRICS, RELATIVE, worstError } from './metric-data.ts';

// What SciPy and scikit-learn give for the same float32 rows; tools/make-metric-fixtures.py made it.
const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
const engines: Record<string, MetricEngine> = { gpu: createGpuEngine(gpu), cpu: createCpuEngine() };
afterAll(() => {
  for (const engine of Object.values(engines)) engine.dispose();
  gpu.close();
});

describe.each(Object.entries(engines))('the %s engine', (_, engine) => {
  test.each(fixtures.cases)('agrees with SciPy and scikit-learn: $name', async (fixture) => {
    const { dimension } = fixture;
    const rows: VectorSet = { vectors: Float32Array.from(fixture.rows), dimension };
    const columns: VectorSet = { vectors: Float32Array.from(fixture.columns), dimension };
    for (const metric of METRICS) {
      const found = await engine.distances(rows, { metric, columns });
      // A dot product near 0 is a small difference of large products: its error goes with the lengths of the rows.
      const scale = metric === 'dot' ? dimension : 1;
      expect(worst(found, fixture.distances[metric], scale), metric).toBeLessThanOrEqual(1);
    }
    for (const metric of ['euclidean', 'manhattan', 'cosine'] as const) {
      const found = await engine.neighbors(columns, { metric, k: fixtures.k });
      const expected = fixture.neighborsOfColumns[metric];
      expect(worst(found.distances, expected.distances), metric).toBeLessThanOrEqual(1);
      // Around 10,000, cosine distances are all about 1e-8 and no order can be told from 32-bit floats.
      if (metric !== 'cosine' || !fixture.name.includes('10,000')) {
        expect([...found.indices], metric).toEqual(expected.indices);
      }
    }
    const similarity = await engine.similarity(rows, columns, { scale: fixtures.scale });
    for (const name of ['logits', 'overLabels', 'overPictures'] as const) {
      expect(worst(similarity[name], fixture.similarity[name]), name).toBeLessThanOrEqual(1);
    }
  });
});

function worst(found: Float32Array, values: readonly number[], scale = 1): number {
  const expected = Float64Array.from(values);
  const allowed = expected.map((value) => RELATIVE * Math.abs(value) + ABSOLUTE * scale);
  return worstError(found, { values: expected, allowed });
}
