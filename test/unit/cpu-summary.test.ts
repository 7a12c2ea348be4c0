import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkSummary } from '../../src/metrics/check-summary.ts';
import { computeDistances } from '../../src/metrics/cpu/distances.ts';
import { KnownSet } from '../../src/metrics/cpu/known-set.ts';
import { computeSummary } from '../../src/metrics/cpu/summary.ts';
import type { MetricId, SummaryOptions } from '../../src/metrics/engine.ts';
import { METRICS, normalSet, withOddRows } from '../gpu/metric-data.ts';

const noTurn = () => undefined;
const NOBODY = 2 ** 32 - 1;
// Sums are rounded to 32 bits once.
const RELATIVE = 1e-6;

function summarize(rows: KnownSet, columns: KnownSet, options: SummaryOptions) {
  const shape = checkSummary(rows.rows, columns.rows, options);
  return computeSummary(rows, columns, { ...options, shape }, noTurn);
}

async function check(rows: KnownSet, columns: KnownSet, options: SummaryOptions): Promise<void> {
  const found = await summarize(rows, columns, options);
  const distances = await computeDistances(rows, columns, options, noTurn);
  const [n, m] = [rows.rows, columns.rows];
  const sign = options.metric === 'dot' ? -1 : 1;
  const bins = options.bins ?? 64;
  const all: number[] = [];
  for (let i = 0; i < n; i++) {
    const columnsOfRow = [...Array(m).keys()].filter((j) => rows !== columns || i !== j);
    const value = (j: number) => distances[i * m + j] ?? Number.NaN;
    all.push(...columnsOfRow.map(value));
    const nearest = columnsOfRow.toSorted((a, b) => sign * (value(a) - value(b)) || a - b)[0];
    expect(found.rowNearestIndices[i]).toBe(nearest ?? NOBODY);
    expect(found.rowNearest[i]).toBe(nearest === undefined ? Number.NaN : value(nearest));
    const sum = columnsOfRow.reduce((total, j) => total + value(j), 0);
    expectNear(found.rowMeans[i], sum / columnsOfRow.length);
    for (let label = 0; options.labels && label < (found.labelCounts?.length ?? 0); label++) {
      const own = columnsOfRow.filter((j) => options.labels?.[j] === label);
      const total = own.reduce((before, j) => before + value(j), 0);
      expectNear(found.labelSums?.[i * (found.labelCounts?.length ?? 0) + label], total);
    }
  }
  const sorted = all.toSorted((a, b) => a - b);
  expect(found.pairs).toBe(all.length);
  expect(found.smallest).toBe(sorted[0] ?? Number.NaN);
  expect(found.largest).toBe(sorted.at(-1) ?? Number.NaN);
  expectNear(found.mean, all.reduce((a, b) => a + b, 0) / all.length);
  const [from, to] = options.range ?? [found.smallest, found.largest];
  expect([found.histogram.from, found.histogram.to]).toEqual([from, to]);
  const counts = Array<number>(bins).fill(0);
  const border = (bin: number) => from + (bin * (to - from)) / bins;
  for (const distance of all) {
    if (distance < from || distance > to) continue;
    let bin = bins - 1;
    while (bin > 0 && distance < border(bin)) bin--;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  expect([...found.histogram.counts]).toEqual(counts);
}

function expectNear(actual: number | undefined, expected: number): void {
  if (Number.isNaN(expected)) expect(actual).toBeNaN();
  else
    expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(
      RELATIVE * Math.abs(expected) + 1e-9,
    );
}

test.each(METRICS)('%s: as counted from all distances, over many blocks', async (metric) => {
  const set = new KnownSet(withOddRows(normalSet(1, 90, 6)), 'The vectors');
  const columns = new KnownSet(normalSet(2, 530, 6), 'The columns');
  const labels = (count: number) => Uint32Array.from({ length: count }, (_, j) => (j * 7) % 5);
  await check(set, set, { metric, labels: labels(90) });
  await check(set, columns, { metric, labels: labels(530), bins: 7 });
  await check(columns, set, { metric, range: [0.5, 2], bins: 3 });
});

test('whole distances, which lie on the borders of bins', async () => {
  const whole = fc.uint8Array({ max: 2, minLength: 12, maxLength: 60 });
  const ranges = fc.constantFrom<[number, number] | undefined>(undefined, [0, 6], [1, 4], [-3, 2.5], [7, 9]);
  await fc.assert(
    fc.asyncProperty(whole, ranges, fc.integer({ min: 1, max: 9 }), async (values, range, bins) => {
      const symbols = values.slice(0, values.length - (values.length % 6));
      const set = new KnownSet({ symbols, dimension: 6 }, 'The vectors');
      await check(set, set, { metric: 'hamming', range, bins });
    }),
  );
});

test('nothing to measure', async () => {
  const one = new KnownSet(normalSet(1, 1, 4), 'The vectors');
  const none = new KnownSet({ vectors: new Float32Array(0), dimension: 4 }, 'The columns');
  const metric: MetricId = 'euclidean';
  await check(one, one, { metric });
  await check(one, none, { metric, labels: new Uint32Array(0) });
  await check(none, one, { metric, range: [0, 1] });
  await check(none, none, { metric });
});

test('equal distances all lie in the last bin', async () => {
  const same = new KnownSet({ vectors: new Float32Array(12).fill(3), dimension: 2 }, 'The vectors');
  const { histogram } = await summarize(same, same, { metric: 'manhattan', bins: 3 });
  expect([...histogram.counts]).toEqual([0, 0, 30]);
});
