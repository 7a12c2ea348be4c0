// The probes in words.
import { describe, expect, test } from 'vitest';
import { probes } from '../../src/lab/probes/catalogue.ts';
import {
  readAccuracy,
  readAlignment,
  readBlocks,
  readDeviations,
  readGap,
  readRecall,
  readSpread,
  readUniformity,
} from '../../src/lab/probes/readings.ts';
import { measureSpread } from '../../src/lab/probes/spread.ts';
import { makeRows } from './lab-probes-cases.ts';

test('every probe stands under its own name, with a source', () => {
  for (const [id, probe] of Object.entries(probes)) {
    expect(probe.id).toBe(id);
    expect(probe.source.url).toMatch(/^https:\/\//);
    expect(probe.question).toMatch(/\?$/);
    expect(probe.scale).toMatch(/\.$/);
  }
});

describe('accuracy', () => {
  const accuracy = (value: number) => ({ value, chance: 0.14, standardError: 0.02, n: 256, levels: 8 });

  test.each([
    [0.97, true, 'Shape is told: 97 % of 256 (± 2.0 %), where one constant answer has 14 %.'],
    [0.7, true, 'Shape is mostly told: 70 % of 256 (± 2.0 %), where one constant answer has 14 %.'],
    [0.3, true, 'Shape is told in part: 30 % of 256 (± 2.0 %), where one constant answer has 14 %.'],
    [
      0.15,
      true,
      'Shape is not told, though it is shown: 15 % of 256 (± 2.0 %), where one constant answer has 14 %.',
    ],
    [
      0.12,
      false,
      'Shape is not told, as it is not shown: 12 % of 256 (± 2.0 %), where one constant answer has 14 %.',
    ],
  ])('%s', (value, isShown, sentence) => {
    expect(readAccuracy(accuracy(value), 'Shape', isShown)).toBe(sentence);
  });
});

test('recall', () => {
  const recall = { k: 5, value: 0.25, chance: 5 / 256, standardError: 0.03, n: 256, byLevels: 0.4 };
  expect(readRecall(recall, { mark: 'emergent', factors: ['shape', 'size'] })).toBe(
    '25 % are found among the first 5 of 256, 13 times chance (never trained together); knowing just shape and size would give 40 %.',
  );
  expect(
    readRecall({ ...recall, k: 1, value: 1 / 256, chance: 1 / 256 }, { mark: 'unrelated', factors: [] }),
  ).toBe('0.4 % are found first of 256, 1.0 times chance, as nothing links the two.');
  expect(readRecall(recall, { mark: 'unrelated', factors: [] })).toContain('though nothing links the two');
});

test('where the space is', () => {
  expect(readAlignment({ value: 0.5, chance: 2, n: 9 })).toBe(
    'Pairs are 0.50 apart, others 2.00: pairs have 25 % of that.',
  );
  expect(readAlignment({ value: 0, chance: 0, n: 9 })).toBe(
    'All embeddings are one, so that pairs are no nearer than others.',
  );
  expect(readUniformity({ value: -1.93, best: -3.86, n: 9 })).toBe(
    '−1.93, 50 % of the way from one direction for all (0) to evenly all around (−3.86).',
  );
  expect(readGap({ value: 0.8, chance: 0.1, share: 0.6, n: 9 })).toBe(
    'The centers are 0.80 apart (0.10 by chance): 60 % of what separates pairs is this gap.',
  );
  expect(readGap({ value: 0.15, chance: 0.1, share: 0.6, n: 9 })).toBe(
    'The centers are 0.15 apart, no more than by chance (0.10).',
  );
});

test('collapse', () => {
  expect(readSpread(measureSpread(makeRows(9, 4, () => 3)))).toBe(
    'Collapsed: all items have nearly the same embedding, of which 0 % differs from item to item.',
  );
  expect(readSpread(measureSpread(makeRows(8, 4, (i, c) => (i % 4 === c ? 1 : 0))))).toBe(
    'Not collapsed: what differs between items lies in about 3.0 of 4 directions.',
  );
});

test('deviations', () => {
  const spread = measureSpread(makeRows(8, 3, (i, c) => (i % 2) * (c === 0 ? 0 : c === 1 ? 2 : 0.02)));
  expect(readDeviations(spread, 1)).toBe(
    'From item to item, half of the dimensions differ by 0.010 and more, where 1 is asked for; the most by 1.0, the least by 0.',
  );
  expect(readDeviations(spread)).not.toContain('asked for');
});

test('blocks', () => {
  const block = { dimensions: 3, diagonal: 0.9, offDiagonal: 0.05 };
  expect(readBlocks({ common: block, unique: { ...block, diagonal: -0.1 }, between: 0.2 })).toBe(
    'Common dimensions (3) agree by 0.90, wished 1. Unique dimensions (3) agree by −0.10, wished 0. Different dimensions go together by 0.05, wished 0.',
  );
  expect(readBlocks({ common: undefined, unique: block, between: undefined })).toBe(
    'Unique dimensions (3) agree by 0.90, wished 0. Different dimensions go together by 0.05, wished 0.',
  );
});
