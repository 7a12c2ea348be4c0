import { afterAll, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import { symbolsOf } from '../../src/metrics/symbols.ts';
import { normalSet } from './metric-data.ts';

// What crosses the border of the worker; what is computed there is tested in test/unit/cpu-*.test.ts.
const engine = createCpuEngine();
afterAll(() => engine.dispose());

// docs/metrics.md: a job that is cancelled ends within this.
const CANCEL_MS = 200;

test('everything crosses the border: sets of both kinds, masks, labels, ranges, precisions', async () => {
  const set = normalSet(1, 40, 6);
  const names = symbolsOf(['Saurav', 'Sourav', 'Gaurav', 'Saurab']);
  expect([...(await engine.distances(names, { metric: 'hamming' }))]).toEqual([
    0, 1, 1, 1, 1, 0, 2, 2, 1, 2, 0, 2, 1, 2, 2, 0,
  ]);
  const wide = { symbols: Int32Array.of(83, 97, 117, 114, 97, -1), dimension: 6 };
  const { indices, distances } = await engine.neighbors(names, { metric: 'hamming', k: 2, queries: wide });
  expect([...indices, ...distances]).toEqual([0, 3, 1, 1]);

  const allowed = Uint8Array.from({ length: 40 }, (_, j) => (j % 4 === 1 ? 1 : 0));
  const found = await engine.neighbors(set, { metric: 'cosine', k: 9, allowed });
  expect(found.indices.every((index) => index % 4 === 1)).toBe(true);
  expect(allowed.length).toBe(40);

  const labels = Uint32Array.from({ length: 40 }, (_, j) => j % 3);
  const summary = await engine.summarize(set, { metric: 'euclidean', bins: 5, range: [0, 100], labels });
  expect(summary.pairs).toBe(40 * 39);
  expect(summary.histogram.counts.reduce((a, b) => a + b)).toBe(40 * 39);
  expect([...(summary.labelCounts ?? [])]).toEqual([14, 13, 13]);
  expect(summary.labelSums?.length).toBe(40 * 3);

  const exact = await engine.distances(set, { metric: 'manhattan' });
  const rounded = await engine.distances(set, { metric: 'manhattan', storage: 'float16' });
  expect(rounded).not.toEqual(exact);
  expect(Math.abs((rounded[1] ?? 0) - (exact[1] ?? 0))).toBeLessThan(0.01);

  const ranking = await engine.rankSimilarity(set, normalSet(2, 7, 6), {
    labelsPerPicture: 9,
    picturesPerLabel: 2,
  });
  expect([ranking.labels.k, ranking.pictures.k]).toEqual([7, 2]);
  expect([ranking.labels.indices.length, ranking.pictures.probabilities.length]).toEqual([280, 14]);
});

test('a stream of rows is the whole matrix, also when others ask meanwhile', async () => {
  const [rows, columns] = [normalSet(1, 60, 8), normalSet(2, 40_000, 8)];
  const options = { metric: 'euclidean', columns } as const;
  const whole = await engine.distances(rows, options);
  const steps: number[] = [];
  const job = { onProgress: (done: number, total: number) => steps.push(done / total) };
  let next = 0;
  for await (const piece of engine.distanceRows(rows, options, job)) {
    expect(piece.firstRow).toBe(next);
    // So many other sets that the worker has to let go of what no job measures.
    for (let seed = 0; seed < 5; seed++) {
      const other = normalSet(seed, 5, 2);
      expect((await engine.distances(other, { metric: 'dot' })).length).toBe(25);
    }
    const there = whole.subarray(next * 40_000, (next + piece.rows) * 40_000);
    expect(piece.distances.every((distance, at) => distance === there[at])).toBe(true);
    next += piece.rows;
  }
  expect(next).toBe(60);
  expect(steps.every((step, at) => step <= 1 && step >= (steps[at - 1] ?? 0))).toBe(true);
});

test('a stream can be left early, or cancelled, and the engine goes on', async () => {
  const set = normalSet(1, 3000, 8);
  let pieces = 0;
  for await (const piece of engine.distanceRows(set, { metric: 'dot' })) {
    pieces += piece.rows;
    break;
  }
  expect(pieces).toBeGreaterThan(0);
  const controller = new AbortController();
  const rows = engine.distanceRows(set, { metric: 'dot' }, { signal: controller.signal });
  expect((await rows.next()).done).toBe(false);
  controller.abort();
  await expect(rows.next()).rejects.toSatisfy(isAbort);
  expect((await rows.next()).done).toBe(true);
  await expect(
    engine.distanceRows(set, { metric: 'dot', columns: normalSet(1, 2, 3) }).next(),
  ).rejects.toEqual(
    new InvalidVectors('The vectors have dimension 8 and the columns have 3; both must be the same.'),
  );
});

test('what is cancelled ends at once, and the worker is free for the next soon after, though a row is long', async () => {
  const dimension = 2 ** 18;
  const base = { vectors: new Float32Array(80 * dimension).fill(0.5), dimension };
  // The worker has the set before the clock starts.
  await engine.neighbors(base, { metric: 'manhattan', k: 1, queries: normalSet(2, 1, dimension) });
  const controller = new AbortController();
  let start = Number.NaN;
  const onProgress = () => {
    if (!Number.isNaN(start)) return;
    start = performance.now();
    controller.abort();
  };
  const job = { signal: controller.signal, onProgress };
  await expect(engine.neighbors(base, { metric: 'manhattan', k: 1 }, job)).rejects.toSatisfy(isAbort);
  expect(performance.now() - start).toBeLessThan(CANCEL_MS);
  await engine.distances(normalSet(3, 2, 2), { metric: 'dot' });
  expect(performance.now() - start).toBeLessThan(CANCEL_MS);
});

test('errors keep their class', async () => {
  const set = { vectors: Float32Array.of(1, 2, 3, 7e4), dimension: 2 };
  const error = await engine
    .distances(set, { metric: 'dot', storage: 'float16' })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidVectors);
  expect(error).toEqual(
    new InvalidVectors(
      'The vectors hold 70000 in row 1, column 1 (counted from 0); the size of a value may be at most 65504 in 16-bit floats. Use storage "float32", or repair that row.',
    ),
  );
});

test('a closed engine answers with an error', async () => {
  const closing = createCpuEngine();
  const set = normalSet(1, 3000, 64);
  const running = closing.neighbors(set, { metric: 'euclidean', k: 5 });
  closing.dispose();
  await expect(running).rejects.toThrow('The metrics worker was closed.');
  await expect(closing.distances(set, { metric: 'dot' })).rejects.toThrow('The metrics worker was closed.');
});
