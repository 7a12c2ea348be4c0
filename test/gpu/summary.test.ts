import { afterAll, describe, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { Gpu, openGpu } from '../../src/gpu/gpu.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { DistanceSummary, MetricSet, SummaryOptions } from '../../src/metrics/engine.ts';
import { InvalidOptions } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { directTile } from '../../src/metrics/tile.ts';
import {
  expectedDistances,
  METRICS,
  normalSet,
  randomStream,
  withOddRows,
  worstError,
} from './metric-data.ts';

const opened = await openGpu();
if (!opened) throw new Error('these tests need WebGPU');
const gpu = opened;
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 16 * 1024, maxPairs: 100 });

function randomLabels(columns: number, labels: number): Uint32Array<ArrayBuffer> {
  const random = randomStream(labels);
  return Uint32Array.from({ length: columns }, () => Math.floor(random() * labels));
}

/**
 * The plain float64 answer for distances that are known, and how far a sum of them may be from it: as far as the
 * distances themselves may be, all added up.
 */
function summarizePlainly(
  metric: string,
  { values, allowed, rows, columns }: ReturnType<typeof expectedDistances>,
  isSame: boolean,
  labels: Uint32Array = new Uint32Array(columns),
) {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const sums = { values: new Float64Array(rows * count), allowed: new Float64Array(rows * count) };
  const means = { values: new Float64Array(rows), allowed: new Float64Array(rows) };
  const nearest = { values: new Float64Array(rows), allowed: new Float64Array(rows) };
  const all = { smallest: Infinity, largest: -Infinity, sum: 0, allowed: 0, pairs: 0 };
  for (let i = 0; i < rows; i++) {
    let best = -1;
    let pairs = 0;
    for (let j = 0; j < columns; j++) {
      if (isSame && i === j) continue;
      const at = i * columns + j;
      const value = values[at] ?? Number.NaN;
      const error = allowed[at] ?? 0;
      const sum = i * count + (labels[j] ?? 0);
      sums.values[sum] = (sums.values[sum] ?? 0) + value;
      sums.allowed[sum] = (sums.allowed[sum] ?? 0) + error + ROUNDING * Math.abs(value);
      means.values[i] = (means.values[i] ?? 0) + value;
      means.allowed[i] = (means.allowed[i] ?? 0) + error + ROUNDING * Math.abs(value);
      all.smallest = Math.min(all.smallest, value);
      all.largest = Math.max(all.largest, value);
      pairs++;
      const before = values[i * columns + best] ?? Number.NaN;
      if (best < 0 || (metric === 'dot' ? value > before : value < before)) best = j;
    }
    all.sum += means.values[i] ?? 0;
    all.allowed += means.allowed[i] ?? 0;
    all.pairs += pairs;
    means.values[i] = (means.values[i] ?? 0) / pairs;
    means.allowed[i] = (means.allowed[i] ?? 0) / pairs;
    nearest.values[i] = values[i * columns + best] ?? Number.NaN;
    nearest.allowed[i] = allowed[i * columns + best] ?? 0;
  }
  return { sums, means, nearest, all };
}

// Sums come back as 32-bit numbers, of parts that were rounded as they grew.
const ROUNDING = 1e-6;

/** Counts as the contract has them, of distances that the engine itself gave. */
function countPlainly(
  distances: Float32Array,
  columns: number,
  isSame: boolean,
  [from, to]: [number, number],
  bins: number,
) {
  const counts = new Float64Array(bins);
  distances.forEach((value, at) => {
    if (isSame && Math.floor(at / columns) === at % columns) return;
    if (value < from || value > to) return;
    let bin = bins - 1;
    while (from + (bin * (to - from)) / bins > value) bin--;
    counts[bin] = (counts[bin] ?? 0) + 1;
  });
  return counts;
}

describe.each(METRICS)('%s summaries', (metric) => {
  const rows = withOddRows(normalSet(1, 70, 33));
  const others = withOddRows(normalSet(2, 45, 33));

  test.each([
    ['within one set', rows],
    ['between two sets', others],
    ['against one column', normalSet(3, 1, 33)],
  ])('%s agree with float64, and with their own distances exactly', async (_, columns) => {
    const isSame = columns === rows;
    const expected = expectedDistances(metric, rows, columns);
    const labels = randomLabels(expected.columns, 5);
    const options = { metric, columns: isSame ? undefined : columns, labels, bins: 13 };
    const summary = await engine.summarize(rows, options);
    const plain = summarizePlainly(metric, expected, isSame, labels);
    expect(summary.pairs).toBe(plain.all.pairs);
    expect(worstError(summary.rowMeans, plain.means)).toBeLessThanOrEqual(1);
    expect(worstError(summary.rowNearest, plain.nearest)).toBeLessThanOrEqual(1);
    expect(worstError(summary.labelSums ?? [], plain.sums)).toBeLessThanOrEqual(1);
    expect(summary.labelCounts).toEqual(countsOf(labels));
    expect(Math.abs(summary.mean - plain.all.sum / plain.all.pairs)).toBeLessThanOrEqual(
      plain.all.allowed / plain.all.pairs,
    );

    const distances = await engine.distances(rows, options);
    expectOwnDistances(summary, distances, expected.columns, isSame, metric === 'dot');
    expect(summary.histogram.counts).toEqual(
      countPlainly(distances, expected.columns, isSame, [summary.smallest, summary.largest], 13),
    );
  });

  test('in small chunks, again, and by other ways of cutting: the same bytes', async () => {
    const options: SummaryOptions = { metric, columns: others, labels: randomLabels(45, 7), bins: 9 };
    const whole = await engine.summarize(rows, options);
    expect(await engine.summarize(rows, options)).toEqual(whole);
    expect(await choppy.summarize(rows, options)).toEqual(whole);
  });
});

test.each(['euclidean', 'cosine', 'dot'] as const)(
  '%s summaries of rows stored as halves',
  async (metric) => {
    const rows = normalSet(1, 40, 33);
    const options = { metric, storage: 'float16', bins: 9 } as const;
    const distances = await engine.distances(rows, options);
    expect(distances).not.toEqual(await engine.distances(rows, { metric }));
    const summary = await engine.summarize(rows, options);
    expectOwnDistances(summary, distances, 40, true, metric === 'dot');
    const range: [number, number] = [summary.smallest, summary.largest];
    expect(summary.histogram.counts).toEqual(countPlainly(distances, 40, true, range, 9));
    for await (const piece of choppy.distanceRows(rows, options)) {
      const start = piece.firstRow * 40;
      expect(piece.distances).toEqual(distances.slice(start, start + piece.rows * 40));
    }
  },
);

/** What needs no tolerance: the smallest, the largest and the nearest are distances that the engine gives. */
function expectOwnDistances(
  summary: DistanceSummary,
  distances: Float32Array,
  columns: number,
  isSame: boolean,
  isLargest: boolean,
) {
  const all = [...distances].filter((_, at) => !isSame || Math.floor(at / columns) !== at % columns);
  expect(summary.smallest).toBe(all.reduce((least, value) => Math.min(least, value)));
  expect(summary.largest).toBe(all.reduce((most, value) => Math.max(most, value)));
  summary.rowNearestIndices.forEach((found, i) => {
    const row = [...distances.subarray(i * columns, (i + 1) * columns)];
    if (isSame) row[i] = isLargest ? -Infinity : Infinity;
    const best = row.reduce((a, b) => (isLargest ? Math.max(a, b) : Math.min(a, b)));
    expect(found).toBe(row.indexOf(best));
    expect(summary.rowNearest[i]).toBe(best);
  });
}

function countsOf(labels: Uint32Array): Uint32Array {
  const counts = new Uint32Array(Math.max(...labels) + 1);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

test('the CPU gives the same summary, where all numbers are whole', async () => {
  const cpu = createCpuEngine();
  const rows = normalSet(1, 40, 24);
  for (const columns of [undefined, normalSet(2, 33, 24)]) {
    const labels = randomLabels(columns ? 33 : 40, 4);
    const options = { metric: 'hamming', columns, labels, bins: 7 } as const;
    expect(await engine.summarize(rows, options)).toEqual(await cpu.summarize(rows, options));
    expect(await engine.summarize(rows, { ...options, range: [3, 12.5] })).toEqual(
      await cpu.summarize(rows, { ...options, range: [3, 12.5] }),
    );
  }
  cpu.dispose();
});

test('sums keep their digits over many columns, and a level that is full moves up', async () => {
  // One part sums thousands of equal values: the worst case of rounding, always to the same side.
  const columns = { vectors: new Float32Array(150_000).fill(1.1), dimension: 1 };
  const row = { vectors: Float32Array.of(0, 0.3), dimension: 1 };
  const { rowMeans, mean, histogram } = await engine.summarize(row, {
    metric: 'manhattan',
    columns,
    range: [0, 2],
  });
  const value = Math.fround(1.1);
  for (const [i, from] of row.vectors.entries()) {
    expect(Math.abs((rowMeans[i] ?? 0) / (value - from) - 1)).toBeLessThan(1e-5);
  }
  expect(Math.abs(mean / (value - Math.fround(0.3) / 2) - 1)).toBeLessThan(1e-5);
  expect(histogram.counts.reduce((a, b) => a + b)).toBe(300_000);
});

test('duplicates within one set: at 0, and the lowest index of them is the nearest', async () => {
  const set = { vectors: Float32Array.of(1, 2, 1, 2, 5, 5, 1, 2), dimension: 2 };
  const summary = await engine.summarize(set, { metric: 'euclidean' });
  expect([...summary.rowNearestIndices]).toEqual([1, 0, 0, 0]);
  expect([...summary.rowNearest]).toEqual([0, 0, 5, 0]);
  expect(summary).toMatchObject({ pairs: 12, smallest: 0, largest: 5, mean: 2.5 });
});

describe('histograms', () => {
  const hamming = { metric: 'hamming', threshold: 'zero' } as const;
  const bits = normalSet(5, 60, 40);

  test('put a value on a border into the bin that it begins, the end into the last, and count nothing outside', async () => {
    const distances = await engine.distances(bits, hamming);
    for (const [range, bins] of [
      [[0, 40], 40],
      [[15, 25], 10],
      [[16, 24], 3],
      [[15.5, 25], 19],
    ] as [[number, number], number][]) {
      const { histogram } = await engine.summarize(bits, { ...hamming, range, bins });
      expect(histogram.counts).toEqual(countPlainly(distances, 60, true, range, bins));
      expect([histogram.from, histogram.to]).toEqual(range);
    }
  });

  test('are exact for borders that 32 bits cannot say', async () => {
    const set = normalSet(6, 50, 8);
    const distances = await engine.distances(set, { metric: 'cosine' });
    const around = distances[1] ?? 0;
    for (const [range, bins] of [
      [[0.1, 1.7], 1000],
      [[0, 2], 65_536],
      // Narrower than what lies between two 32-bit numbers.
      [[around - 1e-9, around + 1e-9], 5],
      // Bins narrower than what lies between two 64-bit numbers: some are empty.
      [[around, around + 1e-15], 64],
      [[-1e300, 1e300], 64],
      // Bins wider than the reciprocal of any normal 32-bit number.
      [[-3e38, 3e38], 4],
      [[5, 6], 2],
    ] as [[number, number], number][]) {
      const { histogram } = await engine.summarize(set, { metric: 'cosine', range, bins });
      expect(histogram.counts).toEqual(countPlainly(distances, 50, true, range, bins));
    }
  });

  test('count in the workgroup on a real GPU, with the same result', async () => {
    const asIfReal = new Gpu({ device: gpu.device, adapter: { ...gpu.adapter, isFallback: false } });
    const real = createGpuEngine(asIfReal, { maxPairs: 1500, kernel: directTile(8, 8).name });
    for (const bins of [3, 1024, 1025]) {
      const options = { metric: 'euclidean', bins } as const;
      const { histogram } = await engine.summarize(bits, options);
      expect((await real.summarize(bits, options)).histogram).toEqual(histogram);
    }
    real.dispose();
  });

  test('hold all in the last bin where all distances are equal', async () => {
    const set = { vectors: new Float32Array(12).fill(2), dimension: 3 };
    const { histogram, mean } = await engine.summarize(set, { metric: 'dot', bins: 4 });
    expect({ ...histogram, mean }).toEqual({
      from: 12,
      to: 12,
      counts: Float64Array.of(0, 0, 0, 12),
      mean: 12,
    });
  });
});

test('sums for thousands of labels, with gaps among them', async () => {
  const set = normalSet(8, 30, 6);
  const columns = normalSet(9, 900, 6);
  const labels = Uint32Array.from({ length: 900 }, (_, j) => (j * 7) % 5003);
  const { labelSums = new Float32Array(0), labelCounts } = await choppyOf(1000).summarize(set, {
    metric: 'manhattan',
    columns,
    labels,
    range: [0, 1],
  });
  const { sums } = summarizePlainly('manhattan', expectedDistances('manhattan', set, columns), false, labels);
  expect(worstError(labelSums, sums)).toBeLessThanOrEqual(1);
  expect(labelCounts).toEqual(countsOf(labels));
});

function choppyOf(maxPairs: number) {
  return createGpuEngine(gpu, { maxPairs });
}

test('nothing to measure: NaN, and no nearest', async () => {
  const none = { vectors: new Float32Array(0), dimension: 4 };
  const one = normalSet(1, 1, 4);
  const two = normalSet(1, 2, 4);
  const nothing = { pairs: 0, smallest: Number.NaN, largest: Number.NaN, mean: Number.NaN };
  const histogram = { from: Number.NaN, to: Number.NaN, counts: new Float64Array(64) };
  const rowsOf = (rows: number) => ({
    rowNearest: new Float32Array(rows).fill(Number.NaN),
    rowNearestIndices: new Uint32Array(rows).fill(0xffffffff),
    rowMeans: new Float32Array(rows).fill(Number.NaN),
  });
  const ask = (rows: MetricSet, options: Omit<SummaryOptions, 'metric'> = {}) =>
    engine.summarize(rows, { metric: 'cosine', ...options });
  expect(await ask(none)).toEqual({ ...nothing, histogram, ...rowsOf(0) });
  expect(await ask(none, { columns: two })).toEqual({ ...nothing, histogram, ...rowsOf(0) });
  expect(await ask(two, { columns: none })).toEqual({ ...nothing, histogram, ...rowsOf(2) });
  expect(await ask(one, { labels: Uint32Array.of(1), range: [0, 1], bins: 2 })).toEqual({
    ...nothing,
    histogram: { from: 0, to: 1, counts: new Float64Array(2) },
    ...rowsOf(1),
    labelSums: new Float32Array(2),
    labelCounts: Uint32Array.of(0, 1),
  });
});

test('options that make no sense are refused, saying what they may be', async () => {
  const set = normalSet(1, 3, 2);
  const refusal = (options: Omit<SummaryOptions, 'metric'>) =>
    engine.summarize(set, { metric: 'dot', ...options }).then(
      () => 'nothing',
      (error: unknown) => (error instanceof InvalidOptions ? error.message : error),
    );
  expect(await refusal({ bins: 0 })).toBe('bins is 0; it must be a whole number from 1 to 65536.');
  expect(await refusal({ bins: 2.5 })).toMatch(/^bins is 2.5;/);
  expect(await refusal({ bins: 65_537 })).toMatch(/^bins is 65537;/);
  expect(await refusal({ range: [1, 1] })).toBe(
    'The range is from 1 to 1; both must be finite, and the first below the second.',
  );
  expect(await refusal({ range: [Number.NaN, 1] })).toMatch(/^The range is from NaN to 1;/);
  expect(await refusal({ range: [0, Infinity] })).toMatch(/^The range is from 0 to Infinity;/);
  expect(await refusal({ range: [-1e308, 1e308] })).toMatch(/^The range from -1e\+308 to 1e\+308 is longer /);
  expect(await refusal({ labels: Uint32Array.of(0, 1) })).toBe(
    'There are 2 labels for 3 columns; give one a column.',
  );
  expect(await refusal({ labels: Uint32Array.of(0, 65_536, 0) })).toBe(
    'The label of column 1 (counted from 0) is 65536; labels go from 0 to 65535. Number them without gaps.',
  );
  const many = { vectors: new Float32Array(20_000), dimension: 1 };
  await expect(
    engine.summarize(many, { metric: 'dot', columns: set1(1), labels: Uint32Array.of(65_535) }),
  ).rejects.toThrow(/^20000 rows × 65536 labels are more sums than the 1073741824 /);
});

function set1(rows: number) {
  return normalSet(4, rows, 1);
}

test('progress rises to the end over both passes; cancelled between blocks it leaves nothing behind', async () => {
  const set = normalSet(1, 60, 16);
  const chopped = choppyOf(500);
  const before = gpu.memory.live;
  const steps: number[] = [];
  const options = { metric: 'euclidean', labels: randomLabels(60, 3) } as const;
  await chopped.summarize(set, options, {
    onProgress: (done, total, what) => {
      if (what === 'Summarizing distances') steps.push(done / total);
    },
  });
  expect(steps.length).toBeGreaterThan(10);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(steps.at(-1)).toBe(1);
  const kept = gpu.memory.live;
  expect(kept.buffers).toBeLessThanOrEqual(before.buffers + 2);

  for (const when of [0.2, 0.8]) {
    const controller = new AbortController();
    let last = 0;
    const error = await chopped
      .summarize(set, options, {
        signal: controller.signal,
        onProgress: (done, total) => {
          last = done / total;
          if (last > when) controller.abort();
        },
      })
      .catch((reason: unknown) => reason);
    expect(isAbort(error)).toBe(true);
    expect(last).toBeLessThan(when + 0.1);
    // Sets of earlier tests may go meanwhile.
    expect(gpu.memory.live.buffers).toBeLessThanOrEqual(kept.buffers);
  }
});

test('a device lost in either pass is replaced, and the bytes are the same', async () => {
  const lossy = await openGpu();
  if (!lossy) throw new Error('these tests need WebGPU');
  try {
    const set = normalSet(1, 50, 16);
    const options = { metric: 'manhattan', labels: randomLabels(50, 3) } as const;
    const fragile = createGpuEngine(lossy, { maxPairs: 400 });
    const whole = await fragile.summarize(set, options);
    for (const when of [0.3, 0.7]) {
      const first = lossy.device;
      const onProgress = (done: number, total: number) => {
        if (done > when * total && lossy.device === first) first.destroy();
      };
      expect(await fragile.summarize(set, options, { onProgress })).toEqual(whole);
      expect(lossy.device).not.toBe(first);
    }
  } finally {
    lossy.close();
  }
});
