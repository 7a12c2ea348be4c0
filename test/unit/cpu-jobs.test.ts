import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundToHalf } from '../../src/common/half.ts';
import { computeDistances, openDistanceRows } from '../../src/metrics/cpu/distances.ts';
import { KnownSet } from '../../src/metrics/cpu/known-set.ts';
import { computeNeighbors } from '../../src/metrics/cpu/neighbors.ts';
import { computeRanking, computeSimilarity } from '../../src/metrics/cpu/similarity.ts';
import type { MetricId } from '../../src/metrics/engine.ts';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import { computeThresholds } from '../../src/metrics/thresholds.ts';
import { expectedDistances, METRICS, normalSet, worstError } from '../gpu/metric-data.ts';

const noTurn = () => undefined;

const metrics = fc.constantFrom<MetricId>('euclidean', 'manhattan', 'cosine', 'hamming', 'dot');

/** Few distinct values, so that there are ties, duplicates and zero vectors. */
const sets = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 2, max: 20 }))
  .chain(([dimension, rows]) =>
    fc
      .array(fc.constantFrom(0, 0, 1, -1, 0.5, 1e4, -3.25e-5), {
        minLength: rows * dimension,
        maxLength: rows * dimension,
      })
      .map((values) => new KnownSet({ vectors: Float32Array.from(values), dimension }, 'The vectors')),
  );

test('distances are symmetric, and 0 to itself except under dot', async () => {
  await fc.assert(
    fc.asyncProperty(metrics, sets, async (metric, set) => {
      const distances = await computeDistances(set, set, { metric }, noTurn);
      for (let i = 0; i < set.rows; i++) {
        if (metric !== 'dot') expect(distances[i * set.rows + i]).toBe(0);
        for (let j = 0; j < i; j++) expect(distances[i * set.rows + j]).toBe(distances[j * set.rows + i]);
      }
    }),
  );
});

test('neighbors are the first k of all others, ordered by distance and then by index', async () => {
  await fc.assert(
    fc.asyncProperty(metrics, sets, fc.nat(), async (metric, set, wish) => {
      const k = 1 + (wish % (set.rows - 1));
      const distances = await computeDistances(set, set, { metric }, noTurn);
      const found = await computeNeighbors(set, set, { metric, k, leaveOutSelf: true }, noTurn);
      const sign = metric === 'dot' ? -1 : 1;
      for (let i = 0; i < set.rows; i++) {
        const row = distances.subarray(i * set.rows, (i + 1) * set.rows);
        const others = [...row.keys()].filter((j) => j !== i);
        others.sort((a, b) => sign * ((row[a] ?? 0) - (row[b] ?? 0)) || a - b);
        expect([...found.indices.subarray(i * k, (i + 1) * k)]).toEqual(others.slice(0, k));
        expect([...found.distances.subarray(i * k, (i + 1) * k)]).toEqual(
          others.slice(0, k).map((j) => row[j]),
        );
      }
    }),
  );
});

test('with a filter, neighbors are the first k of those that are allowed', async () => {
  await fc.assert(
    fc.asyncProperty(metrics, sets, fc.nat(), fc.boolean(), async (metric, set, bits, leaveOutSelf) => {
      const allowed = Uint8Array.from({ length: set.rows }, (_, j) => (j < 2 ? 7 : (bits >> (j % 31)) & 1));
      const distances = await computeDistances(set, set, { metric }, noTurn);
      const sign = metric === 'dot' ? -1 : 1;
      const question = { metric, k: 1, allowed, leaveOutSelf };
      const found = await computeNeighbors(set, set, question, noTurn);
      for (let i = 0; i < set.rows; i++) {
        const row = distances.subarray(i * set.rows, (i + 1) * set.rows);
        const others = [...row.keys()].filter((j) => allowed[j] && !(leaveOutSelf && j === i));
        others.sort((a, b) => sign * ((row[a] ?? 0) - (row[b] ?? 0)) || a - b);
        expect(found.indices[i]).toBe(others[0]);
        expect(found.distances[i]).toBe(row[others[0] ?? -1]);
      }
    }),
  );
});

test('a set in itself gives the same bits as against a copy, also over many blocks', async () => {
  const set = new KnownSet(normalSet(1, 600, 5), 'The vectors');
  const copy = new KnownSet(normalSet(1, 600, 5), 'The columns');
  for (const metric of METRICS) {
    const half = await computeDistances(set, set, { metric }, noTurn);
    expectSameBytes(await computeDistances(set, copy, { metric }, noTurn), half);
    const question = { metric, k: 40, leaveOutSelf: false };
    const found = await computeNeighbors(set, set, question, noTurn);
    const again = await computeNeighbors(set, copy, question, noTurn);
    expectSameBytes(again.indices, found.indices);
    expectSameBytes(again.distances, found.distances);
  }
});

test.each([
  [1, 1200, 7],
  [2, 37, 33],
  [3, 9, 64],
  [33, 515, 3],
  [5, 9, 2 ** 16 + 1],
])('%i × %i rows of %i agree with float64', async (n, m, dimension) => {
  const [rows, columns] = [normalSet(1, n, dimension), normalSet(2, m, dimension)];
  const [a, b] = [new KnownSet(rows, 'The vectors'), new KnownSet(columns, 'The columns')];
  for (const metric of METRICS) {
    // Their medians are sorted by the plain definition.
    if (metric === 'hamming' && dimension > 1000) continue;
    const found = await computeDistances(a, b, { metric }, noTurn);
    expect(worstError(found, expectedDistances(metric, rows, columns)), metric).toBeLessThanOrEqual(1);
  }
});

test('rows come in pieces, whole and in order, and are the same as all at once', async () => {
  const rows = new KnownSet(normalSet(1, 90, 3), 'The vectors');
  const columns = new KnownSet(normalSet(2, 30_000, 3), 'The columns');
  const next = openDistanceRows(rows, columns, { metric: 'manhattan' });
  const whole = await computeDistances(rows, columns, { metric: 'manhattan' }, noTurn);
  let row = 0;
  for (let piece = await next(noTurn); piece; piece = await next(noTurn)) {
    expect(piece.firstRow).toBe(row);
    expect(piece.distances.length).toBeLessThanOrEqual(2 ** 20);
    const there = whole.subarray(row * 30_000, (row + piece.rows) * 30_000);
    expectSameBytes(piece.distances, there);
    row += piece.rows;
  }
  expect(row).toBe(90);
});

test('stored as 16-bit floats, rows are measured as their halves', async () => {
  const set = normalSet(1, 40, 9);
  const halves = { vectors: set.vectors.map(roundToHalf), dimension: 9 };
  const known = new KnownSet(set, 'The vectors');
  const rounded = new KnownSet(halves, 'The vectors');
  for (const metric of METRICS) {
    const found = await computeDistances(known, known, { metric, storage: 'float16' }, noTurn);
    // Bits come from the values as they are.
    const stored = metric === 'hamming' ? known : rounded;
    expect(found).toEqual(await computeDistances(stored, stored, { metric }, noTurn));
  }
  const large = new KnownSet({ vectors: Float32Array.of(1, 2, 3, 7e4), dimension: 2 }, 'The queries');
  await expect(computeDistances(large, large, { metric: 'dot', storage: 'float16' }, noTurn)).rejects.toEqual(
    new InvalidVectors(
      'The queries hold 70000 in row 1, column 1 (counted from 0); the size of a value may be at most 65504 in 16-bit floats. Use storage "float32", or repair that row.',
    ),
  );
});

const arrays = fc.oneof(
  fc.uint8Array({ minLength: 12, maxLength: 12 }),
  fc.int8Array({ minLength: 12, maxLength: 12 }),
  fc.uint16Array({ minLength: 12, maxLength: 12 }),
  fc.int16Array({ minLength: 12, maxLength: 12 }),
  fc.uint32Array({ minLength: 12, maxLength: 12 }),
  fc.int32Array({ minLength: 12, maxLength: 12 }),
  fc.uint32Array({ max: 3, minLength: 12, maxLength: 12 }),
  fc.int32Array({ min: -2, max: 1, minLength: 12, maxLength: 12 }),
);

test('whole numbers are compared by value, whatever their array types', async () => {
  await fc.assert(
    fc.asyncProperty(arrays, arrays, fc.constantFrom(1, 2, 3, 4, 12), async (x, y, dimension) => {
      const rows = new KnownSet({ symbols: x, dimension }, 'The vectors');
      const columns = new KnownSet({ symbols: y, dimension }, 'The columns');
      const expected: number[] = [];
      for (let i = 0; i < rows.rows; i++) {
        for (let j = 0; j < columns.rows; j++) {
          let count = 0;
          for (let at = 0; at < dimension; at++) if (x[i * dimension + at] !== y[j * dimension + at]) count++;
          expected.push(count);
        }
      }
      expect([...(await computeDistances(rows, columns, { metric: 'hamming' }, noTurn))]).toEqual(expected);
    }),
    { numRuns: 400 },
  );
});

test('both softmaxes sum to 1', async () => {
  await fc.assert(
    fc.asyncProperty(sets, async (set) => {
      const { overLabels, overPictures } = await computeSimilarity(set, set, 100, noTurn);
      for (let i = 0; i < set.rows; i++) {
        let [row, column] = [0, 0];
        for (let j = 0; j < set.rows; j++) {
          row += overLabels[i * set.rows + j] ?? 0;
          column += overPictures[j * set.rows + i] ?? 0;
        }
        expect(row).toBeCloseTo(1, 5);
        expect(column).toBeCloseTo(1, 5);
      }
    }),
  );
});

test('rankings are the best of each side, with the probabilities of the whole softmax', async () => {
  const wishes = fc.integer({ min: 0, max: 25 });
  await fc.assert(
    fc.asyncProperty(sets, wishes, wishes, async (set, labelsPerPicture, picturesPerLabel) => {
      const n = set.rows;
      const { logits, overLabels, overPictures } = await computeSimilarity(set, set, 100, noTurn);
      const question = { scale: 100, labelsPerPicture, picturesPerLabel };
      const { labels, pictures } = await computeRanking(set, set, question, noTurn);
      expect([labels.k, pictures.k]).toEqual([Math.min(n, labelsPerPicture), Math.min(n, picturesPerLabel)]);
      let wrong = 0;
      const sides = [
        { found: labels, all: overLabels, at: (row: number, other: number) => row * n + other },
        { found: pictures, all: overPictures, at: (row: number, other: number) => other * n + row },
      ];
      for (const { found, all, at } of sides) {
        const { k } = found;
        for (let row = 0; row < n; row++) {
          const best = Array.from({ length: n }, (_, other) => logits[at(row, other)] ?? 0);
          best.sort((a, b) => b - a);
          for (let rank = 0; rank < k; rank++) {
            const other = found.indices[row * k + rank] ?? n;
            const logit = found.logits[row * k + rank];
            if (logit !== logits[at(row, other)] || logit !== best[rank]) wrong++;
            const probability = found.probabilities[row * k + rank] ?? Number.NaN;
            if (!(Math.abs(probability - (all[at(row, other)] ?? Number.NaN)) <= 1e-6)) wrong++;
          }
          if (new Set(found.indices.subarray(row * k, (row + 1) * k)).size !== k) wrong++;
        }
      }
      expect(wrong).toBe(0);
    }),
  );
});

test('in a ranking, equal cosines are in order of number', async () => {
  const same = new KnownSet({ vectors: new Float32Array(3 * 50).fill(0.3), dimension: 3 }, 'The pictures');
  const question = { scale: 7, labelsPerPicture: 5, picturesPerLabel: 0 };
  const { labels } = await computeRanking(same, same, question, noTurn);
  for (let row = 0; row < 50; row++) {
    expect([...labels.indices.subarray(row * 5, row * 5 + 5)]).toEqual([0, 1, 2, 3, 4]);
  }
  expect(new Set(labels.probabilities)).toEqual(new Set([Math.fround(1 / 50)]));
});

test('thresholds are the median, the mean or 0 of each dimension', async () => {
  const values = fc.array(fc.constantFrom(-1, 0, 0, 2, 7.5, 1e4), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(values, async (list) => {
      const set = { vectors: Float32Array.from(list), dimension: 1 };
      const sorted = [...list].sort((a, b) => a - b);
      const middle = sorted.slice((list.length - 1) >> 1, (list.length >> 1) + 1);
      const mean = (some: number[]) => some.reduce((a, b) => a + b, 0) / some.length;
      expect([...(await computeThresholds(set, 'median'))]).toEqual([mean(middle)]);
      expect((await computeThresholds(set, 'mean'))[0]).toBeCloseTo(mean(list), 8);
      expect([...(await computeThresholds(set, 'zero'))]).toEqual([0]);
    }),
  );
});

test('a turn that throws stops a job', async () => {
  const set = new KnownSet({ vectors: new Float32Array(100), dimension: 1 }, 'The vectors');
  const stop = async () => {
    throw new DOMException('stop', 'AbortError');
  };
  await expect(computeDistances(set, set, { metric: 'dot' }, stop)).rejects.toThrow('stop');
});

type Numbers = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** As `toEqual`, which takes seconds for as many numbers. */
function expectSameBytes(found: Numbers, expected: Numbers): void {
  const [a, b] = [found, expected].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  expect(a && b && a.equals(b)).toBe(true);
}
