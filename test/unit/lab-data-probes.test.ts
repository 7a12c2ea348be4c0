/** What probes say of real items, of which at most a label is known. */
import { expect, test } from 'vitest';
import { NO_LABEL } from '../../src/lab/data/pictures.ts';
import { knnOfFactors, linearOfFactors } from '../../src/lab/probes/factors.ts';
import { measure } from '../../src/lab/probes/measure.ts';
import { readAccuracy, readRecall } from '../../src/lab/probes/readings.ts';
import type { Rows } from '../../src/lab/training/learner.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';

const COUNT = 60;
const WIDTH = 6;
const LABELS = Uint8Array.from({ length: COUNT }, (_, at) => at % 3);

/** Each near the direction of its label. */
function rowsOf(seed: number): Rows {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: COUNT * WIDTH }, (_, at) => {
    const isOwn = at % WIDTH === (LABELS[Math.floor(at / WIDTH)] ?? 0);
    return (isOwn ? 3 : 0) + 0.3 * gaussian(random);
  });
  return { values, count: COUNT, width: WIDTH };
}

test('labels are told from embeddings that know them, and items without one count for nothing', () => {
  const some = LABELS.map((label, at) => (at % 4 === 0 ? NO_LABEL : label));
  const items = { length: COUNT, labels: some };
  const { label: nearest, ...others } = knnOfFactors(rowsOf(1), items, { k: 5 });
  expect(nearest).toMatchObject({ value: 1, n: 23, levels: 3 });
  expect(others).toEqual({});
  expect(linearOfFactors(rowsOf(1), items).label).toMatchObject({ value: 1, n: 23 });
});

test.each([
  ['no labels', undefined],
  ['one label', new Uint8Array(COUNT)],
])('with %s nothing is told', (_, labels) => {
  expect(knnOfFactors(rowsOf(1), { length: COUNT, labels })).toEqual({});
});

test('the other probes work as they do, and recall is told without factors', async () => {
  const image = rowsOf(1);
  const report = await measure(
    { scenes: { length: COUNT, labels: LABELS }, rows: { image, text: rowsOf(2) } },
    { trained: [['image', 'text']] },
  );
  expect(report.split).toEqual({ train: 30, test: 30 });
  expect(report.spread.image).toMatchObject({ type: 'measured' });
  expect(report.pairs[0]?.alignment).toMatchObject({ type: 'measured' });
  const accuracy = { value: 0.2, chance: 0.2, standardError: 0.05, n: 60, levels: 5 };
  expect(readAccuracy(accuracy, 'Label', undefined)).toMatch(/^Label is not told: 20 % of 60/);
  const [found] = report.retrieval;
  if (found?.recalls.type !== 'measured') throw new Error('no recall');
  const [one] = found.recalls.value;
  if (!one) throw new Error('no recall@1');
  expect(one).toMatchObject({ k: 1, n: COUNT, chance: 1 / COUNT });
  expect(readRecall(one, found)).toMatch(/chance \(learned from each other\)\.$/);
  await expect(
    measure({ scenes: { length: 59, labels: undefined }, rows: { image } }, { trained: [] }),
  ).rejects.toThrow('There are 60 embeddings of image for 59 scenes.');
});

test('where trained items have labels, probes learn from them and are of all that are held out', async () => {
  const image = rowsOf(1);
  const known = { rows: { image: rowsOf(3) }, labels: LABELS };
  const report = await measure(
    { scenes: { length: COUNT, labels: LABELS }, rows: { image }, known },
    { trained: [] },
  );
  expect(report.split).toEqual({ train: COUNT, test: COUNT });
  expect(report.linear.image).toMatchObject({ type: 'measured', value: { label: { value: 1, n: COUNT } } });
  expect(report.knn.image).toMatchObject({ type: 'measured', value: { label: { value: 1, n: COUNT } } });
  // Labels that go with nothing in what is learned from are not told.
  const shifted = { ...known, labels: LABELS.map((label) => (label + 1) % 3) };
  const wrong = await measure(
    { scenes: { length: COUNT, labels: LABELS }, rows: { image }, known: shifted },
    { trained: [] },
  );
  expect(wrong.linear.image).toMatchObject({ type: 'measured', value: { label: { value: 0 } } });
});
