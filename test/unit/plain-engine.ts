import type { Tools } from '../../src/compare/rows-of-distances.ts';
import { type AskedWork, createWork } from '../../src/compare/work.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import type { MetricEngine, MetricOptions, MetricSet } from '../../src/metrics/engine.ts';
import { reference } from '../../src/metrics/reference.ts';
import { isSymbols, valuesOf } from '../../src/metrics/sets.ts';

/**
 * By the definitions, in float64, rounded to 32 bits; few rows at a time, as a stream of an engine may. Real vectors are
 * cut at 0 under Hamming.
 */
export const plainEngine: Pick<MetricEngine, 'neighbors' | 'distanceRows'> = {
  async neighbors(base, { k, queries, ...options }) {
    const columns = rowsOf(base, options);
    const rows = queries ? rowsOf(queries, options) : columns;
    const sign = catalogue[options.metric].nearest === 'largest' ? -1 : 1;
    const indices = new Uint32Array(rows.length * k);
    const distances = new Float32Array(rows.length * k);
    rows.forEach((x, i) => {
      const row = measureRow(options, x, columns);
      const order = [...columns.keys()]
        .filter((j) => queries || j !== i)
        .sort((a, b) => sign * ((row[a] ?? 0) - (row[b] ?? 0)) || a - b)
        .slice(0, k);
      indices.set(order, i * k);
      distances.set(
        order.map((j) => row[j] ?? 0),
        i * k,
      );
    });
    return { k, indices, distances };
  },
  async *distanceRows(set, { columns, ...options }, { signal } = {}) {
    const rows = rowsOf(set, options);
    const others = columns ? rowsOf(columns, options) : rows;
    const step = 7;
    for (let firstRow = 0; firstRow < rows.length; firstRow += step) {
      signal?.throwIfAborted();
      const some = rows.slice(firstRow, firstRow + step);
      const distances = new Float32Array(some.length * others.length);
      some.forEach((x, r) => {
        distances.set(measureRow(options, x, others), r * others.length);
      });
      yield { firstRow, rows: some.length, distances };
    }
  },
};

/** What comparisons measure with, without a worker. */
export function plainTools(): Tools {
  const work = createWork();
  const asked = Object.fromEntries(
    Object.entries(work).map(([name, method]) => [
      name,
      async (...given: unknown[]) => Reflect.apply(method, work, given),
    ]),
  );
  // Object.fromEntries forgets the names; they are those of `work`.
  return { engine: plainEngine, work: asked as AskedWork, guard: (tell) => tell };
}

function rowsOf(set: MetricSet, { metric }: MetricOptions): ArrayLike<number>[] {
  const values = valuesOf(set);
  const bits = metric === 'hamming' && !isSymbols(set);
  return Array.from({ length: values.length / set.dimension }, (_, i) => {
    const row = values.subarray(i * set.dimension, (i + 1) * set.dimension);
    return bits ? Array.from(row, (value) => (value > 0 ? 1 : 0)) : row;
  });
}

function measureRow({ metric }: MetricOptions, x: ArrayLike<number>, rows: readonly ArrayLike<number>[]) {
  return Float32Array.from(rows, (y) => reference[metric](x, y));
}
