import { afterAll, expect, test, vi } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import type { Ranking, VectorSet } from '../../src/metrics/engine.ts';
import { InvalidK } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { referenceSimilarity } from '../../src/metrics/reference.ts';
import { ABSOLUTE, normalSet, RELATIVE, rowsOf, withOddRows } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
// Blocks of 64 × 64 pairs, and chunks that end elsewhere.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 50_000, maxPairs: 1 });

// docs/metrics.md: cosines nearer to each other than this may be in either order.
const TIED = 2e-9;

test.each([
  { m: 300, l: 150, d: 64, scale: 100, labelsPerPicture: 5, picturesPerLabel: 7 },
  { m: 130, l: 65, d: 512, scale: 100, labelsPerPicture: 64, picturesPerLabel: 64 },
  { m: 700, l: 3, d: 8, scale: 0.01, labelsPerPicture: 3, picturesPerLabel: 64 },
  { m: 3, l: 700, d: 8, scale: 100, labelsPerPicture: 64, picturesPerLabel: 0 },
  { m: 64, l: 129, d: 5, scale: 1, labelsPerPicture: 0, picturesPerLabel: 1 },
  { m: 1, l: 1, d: 1, scale: 100, labelsPerPicture: 64, picturesPerLabel: 64 },
])('$m × $l × $d at a scale of $scale, $labelsPerPicture and $picturesPerLabel', async (wanted) => {
  const { m, l, d } = wanted;
  await check(m > 5 ? withOddRows(normalSet(1, m, d)) : normalSet(1, m, d), normalSet(2, l, d), wanted);
});

test('rows shifted by 1e4', async () => {
  const wanted = { scale: 100, labelsPerPicture: 5, picturesPerLabel: 5 };
  await check(normalSet(1, 70, 64, 1e4), normalSet(2, 9, 64, 1e4), wanted);
});

test('equal cosines are in order of number', async () => {
  const one = normalSet(1, 1, 16).vectors;
  const same = {
    vectors: Float32Array.from({ length: 200 * 16 }, (_, at) => one[at % 16] ?? 0),
    dimension: 16,
  };
  const { labels } = await choppy.rankSimilarity(same, same, { labelsPerPicture: 20, picturesPerLabel: 0 });
  for (let row = 0; row < 200; row++) {
    expect([...labels.indices.subarray(row * 20, row * 20 + 20)]).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  }
  expect(new Set(labels.probabilities)).toEqual(new Set([Math.fround(1 / 200)]));
});

test('each better than all before it', async () => {
  const angle = (at: number) => ((1000 - at) / 1000) * 1.5;
  const vectors = Float32Array.from({ length: 2000 }, (_, at) =>
    at % 2 === 0 ? Math.cos(angle(at >> 1)) : Math.sin(angle(at >> 1)),
  );
  const label = { vectors: Float32Array.of(1, 0), dimension: 2 };
  await check({ vectors, dimension: 2 }, label, { scale: 100, labelsPerPicture: 1, picturesPerLabel: 64 });
});

test('the softmax is over all labels and not over the best', async () => {
  const pictures = normalSet(1, 70, 8);
  const labels = normalSet(2, 40, 8);
  const all = await engine.rankSimilarity(pictures, labels, { labelsPerPicture: 64, picturesPerLabel: 0 });
  const best = await engine.rankSimilarity(pictures, labels, { labelsPerPicture: 2, picturesPerLabel: 0 });
  expect(all.labels.k).toBe(40);
  for (let row = 0; row < 70; row++) {
    const probabilities = all.labels.probabilities.subarray(row * 40, row * 40 + 40);
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(best.labels.probabilities.subarray(row * 2, row * 2 + 2)).toEqual(probabilities.slice(0, 2));
  }
});

test('without pictures or labels, nothing', async () => {
  const none = { vectors: new Float32Array(), dimension: 8 };
  const wanted = { labelsPerPicture: 3, picturesPerLabel: 3 };
  const { labels, pictures } = await engine.rankSimilarity(none, normalSet(1, 4, 8), wanted);
  expect([labels.k, labels.indices.length, pictures.k, pictures.indices.length]).toEqual([3, 0, 0, 0]);
});

test.each([-1, 1.5, 65, Number.NaN])('%f of the best are refused', async (k) => {
  const set = normalSet(1, 4, 8);
  const told = `picturesPerLabel is ${k}; it must be a whole number from 0 to 64.`;
  const ranked = engine.rankSimilarity(set, set, { labelsPerPicture: 1, picturesPerLabel: k });
  await expect(ranked).rejects.toEqual(new InvalidK(told));
});

test('cancelled on the way: stops there, and all buffers are freed', async () => {
  const alone = await openGpu();
  if (!alone) throw new Error('these tests need WebGPU');
  const short = createGpuEngine(alone, { maxPairs: 1 });
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = (done: number, total: number, what: string) => {
    if (what !== 'Ranking pictures and labels') return;
    expect(total).toBe(300 * 300);
    seen.push(done);
    if (seen.length === 3) stop.abort();
  };
  const [pictures, labels] = [normalSet(1, 300, 8), normalSet(2, 300, 8)];
  const wanted = { labelsPerPicture: 3, picturesPerLabel: 3 };
  const ranked = short.rankSimilarity(pictures, labels, wanted, { signal: stop.signal, onProgress });
  await expect(ranked).rejects.toThrow(stop.signal.reason);
  expect(seen).toEqual([4096, 8192, 12288]);
  short.dispose();
  await vi.waitFor(() => expect(alone.memory.live).toEqual({ buffers: 0, bytes: 0 }));
  alone.close();
});

interface Wanted {
  readonly scale: number;
  readonly labelsPerPicture: number;
  readonly picturesPerLabel: number;
}

/** Whole, again, and in small blocks: the same bytes; and what float64 says. */
async function check(pictures: VectorSet, labels: VectorSet, wanted: Wanted): Promise<void> {
  const found = await engine.rankSimilarity(pictures, labels, wanted);
  expect(await engine.rankSimilarity(pictures, labels, wanted)).toEqual(found);
  expect(await choppy.rankSimilarity(pictures, labels, wanted)).toEqual(found);
  const m = rowsOf(pictures).length;
  const l = rowsOf(labels).length;
  const { logits, overLabels, overPictures } = referenceSimilarity(pictures, labels, wanted.scale);
  const asked = { labels: wanted.labelsPerPicture, pictures: wanted.picturesPerLabel };
  const tied = TIED * wanted.scale;
  checkRanking(found.labels, { rows: m, others: l, k: asked.labels, tied }, (i, j) => [
    logits[i * l + j] ?? Number.NaN,
    overLabels[i * l + j] ?? Number.NaN,
  ]);
  checkRanking(found.pictures, { rows: l, others: m, k: asked.pictures, tied }, (j, i) => [
    logits[i * l + j] ?? Number.NaN,
    overPictures[i * l + j] ?? Number.NaN,
  ]);
}

interface Shape {
  readonly rows: number;
  readonly others: number;
  readonly k: number;
  /** Logits nearer than this may be in either order. */
  readonly tied: number;
}

function checkRanking(
  found: Ranking,
  { rows, others, k: asked, tied }: Shape,
  of: (row: number, other: number) => readonly [logit: number, probability: number],
): void {
  const k = Math.min(asked, others);
  expect(found.k).toBe(k);
  expect(found.indices.length).toBe(rows * k);
  const wrong: string[] = [];
  for (let row = 0; row < rows; row++) {
    const best = Array.from({ length: others }, (_, other) => of(row, other)[0]).sort((a, b) => b - a);
    for (let rank = 0; rank < k; rank++) {
      const at = row * k + rank;
      const [logit, probability] = of(row, found.indices[at] ?? others);
      const isRight =
        isNear(found.logits[at], logit) &&
        isNear(found.probabilities[at], probability) &&
        Math.abs(logit - (best[rank] ?? Number.NaN)) <= tied;
      if (!isRight) wrong.push(`row ${row}, rank ${rank}: ${found.indices[at]}`);
    }
    const indices = found.indices.subarray(row * k, (row + 1) * k);
    if (new Set(indices).size !== k) wrong.push(`row ${row} holds one twice`);
  }
  expect(wrong).toEqual([]);
}

function isNear(actual: number | undefined, expected: number): boolean {
  return Math.abs((actual ?? Number.NaN) - expected) <= RELATIVE * Math.abs(expected) + ABSOLUTE;
}
