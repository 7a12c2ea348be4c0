// The lab's probes against scikit-learn, NumPy and PyTorch.
import { describe, expect, test } from 'vitest';
import type { Labels } from '../../src/lab/probes/accuracy.ts';
import { crossCorrelation } from '../../src/lab/probes/correlation.ts';
import { measureAlignment, measureGap, measureUniformity } from '../../src/lab/probes/hypersphere.ts';
import { knnAccuracy } from '../../src/lab/probes/knn.ts';
import { linearAccuracy } from '../../src/lab/probes/linear.ts';
import { effectiveRank, singularValuesOf } from '../../src/lab/probes/rank.ts';
import { retrieve } from '../../src/lab/probes/retrieval.ts';
import { sliceRows } from '../../src/lab/probes/rows.ts';
import type { Rows } from '../../src/lab/training/learner.ts';
import { cases } from './lab-probes-cases.ts';

const DIGITS = 6;

/** The first half is learned from, the second told. */
function halves(rows: Rows, labels: Uint8Array): [Rows, Rows, Labels] {
  const half = rows.count / 2;
  return [
    sliceRows(rows, 0, half),
    sliceRows(rows, half, rows.count),
    { train: labels.subarray(0, half), test: labels.subarray(half) },
  ];
}

describe.each(cases.labeled)('levels: $name', ({ rows, labels, knn, linear }) => {
  const [train, test_, of] = halves(rows, labels);

  test.each(Object.entries(knn))('k nearest neighbors, k = %s', (k, value) => {
    expect(knnAccuracy(train, test_, [of], Number(k))[0]?.value).toBeCloseTo(value, DIGITS);
  });

  test('linear probe, and the penalty it chooses', () => {
    expect(linearAccuracy(train, test_, [of])[0]).toMatchObject(linear);
  });
});

describe.each(cases.pairs)('pairs: $name', (of) => {
  const { first, second, recall, rank, centeredRank } = of;

  test('recall@1 and @5, both ways', () => {
    const { forward, backward } = retrieve(first, second);
    for (const [at, k] of [1, 5].entries()) {
      expect(forward[at]?.value).toBeCloseTo(recall[k]?.forward ?? Number.NaN, DIGITS);
      expect(backward[at]?.value).toBeCloseTo(recall[k]?.backward ?? Number.NaN, DIGITS);
    }
  });

  test('effective rank, of the rows and of their differences', () => {
    expect(effectiveRank(singularValuesOf(first))).toBeCloseTo(rank, DIGITS);
    expect(effectiveRank(singularValuesOf(first, true))).toBeCloseTo(centeredRank, DIGITS);
  });

  test('alignment, uniformity and the modality gap', () => {
    expect(measureAlignment(first, second).value).toBeCloseTo(of.alignment, DIGITS);
    expect(measureUniformity(first).value).toBeCloseTo(of.uniformity, DIGITS);
    expect(measureGap(first, second).value).toBeCloseTo(of.gap, DIGITS);
  });

  test('cross-correlation', () => {
    const { values } = crossCorrelation(first, second);
    const largest = of.correlation.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (values[at] ?? Number.NaN))),
      0,
    );
    expect(largest).toBeLessThan(10 ** -DIGITS);
  });
});
