import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { MetricEngine, SymbolSet, VectorSet } from '../../src/metrics/engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { kernelCandidates } from '../../src/metrics/tuner.ts';
import fixtures from '../fixtures/metrics/metrics.json';
import { ABSOLUTE, METRICS, RELATIVE, worstError } from './metric-data.ts';

// What SciPy and scikit-learn give for the same float32 rows; tools/make-metric-fixtures.py made it.
const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
const { all: tiles } = kernelCandidates(gpu);
/** Small tiles: the software adapter takes seconds to compile a large one. */
const kernelOf = (family: string) =>
  tiles.find((tile) => tile.family === family && tile.constants.TILE_ROWS === 4)?.name ?? 'no such tile';
const families: Record<string, MetricEngine> = {
  direct: createGpuEngine(gpu, { kernel: kernelOf('direct') }),
  workgroup: createGpuEngine(gpu, { kernel: kernelOf('workgroup') }),
};
const engines: Record<string, MetricEngine> = { gpu: createGpuEngine(gpu), cpu: createCpuEngine() };
afterAll(() => {
  for (const engine of Object.values({ ...engines, ...families })) engine.dispose();
  gpu.close();
});

describe.each(Object.entries(engines))('the %s engine', (_, engine) => {
  test.each(fixtures.cases)('agrees with SciPy and scikit-learn: $name', async (fixture) => {
    const { rows, columns } = setsOf(fixture);
    await checkDistances(engine, fixture);
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

  test.each(fixtures.symbols)('agrees with SciPy on whole numbers: $name', async (fixture) => {
    const { name, dimension } = fixture;
    const [rows, columns] = [fixture.rows, fixture.columns].map((values): SymbolSet => {
      const symbols =
        name === 'bytes'
          ? Uint8Array.from(values)
          : name === '32-bit integers'
            ? Int32Array.from(values)
            : Int16Array.from(values);
      return { symbols, dimension };
    });
    if (!rows || !columns) throw new Error('the fixture has no rows');
    expect([...(await engine.distances(rows, { metric: 'hamming', columns }))]).toEqual(fixture.distances);
  });
});

describe.each(Object.entries(families))('%s tiles', (_, engine) => {
  test.each(fixtures.cases)('agree with SciPy: $name', (fixture) => checkDistances(engine, fixture));
});

type Fixture = (typeof fixtures.cases)[number];

function setsOf({ dimension, rows, columns }: Fixture): { rows: VectorSet; columns: VectorSet } {
  return {
    rows: { vectors: Float32Array.from(rows), dimension },
    columns: { vectors: Float32Array.from(columns), dimension },
  };
}

async function checkDistances(engine: MetricEngine, fixture: Fixture): Promise<void> {
  const { rows, columns } = setsOf(fixture);
  for (const metric of METRICS) {
    // A dot product near 0 is a small difference of large products: its error goes with the lengths of the rows.
    const scale = metric === 'dot' ? fixture.dimension : 1;
    const found = await engine.distances(rows, { metric, columns });
    expect(worst(found, fixture.distances[metric], scale), metric).toBeLessThanOrEqual(1);
    if (metric === 'hamming') continue;
    const ofHalves = await engine.distances(rows, { metric, columns, storage: 'float16' });
    const allowed = worst(ofHalves, fixture.distancesOfHalves[metric], scale);
    expect(allowed, `${metric} of halves`).toBeLessThanOrEqual(1);
  }
}

function worst(found: Float32Array, values: readonly number[], scale = 1): number {
  const expected = Float64Array.from(values);
  const allowed = expected.map((value) => RELATIVE * Math.abs(value) + ABSOLUTE * scale);
  return worstError(found, { values: expected, allowed });
}
