import { expect, test } from 'vitest';
import { labelsIn } from '../../src/app/commands/labels-in.ts';
import { highlightsOf } from '../../src/app/highlights.ts';
import { rateOf } from '../../src/app/jobs.ts';
import { bytesOf, count, distanceText, duration } from '../../src/app/words.ts';

test('labels stand between commas, each once', () => {
  expect(labelsIn('dog, cat , car')).toEqual(['dog', 'cat', 'car']);
  expect(labelsIn(' dog,, dog ,')).toEqual(['dog']);
  expect(labelsIn('a red car')).toEqual(['a red car']);
  expect(labelsIn(' , ')).toEqual([]);
  expect(labelsIn('?!,.;:')).toEqual([]);
  expect(labelsIn('🐶, 犬')).toEqual(['🐶', '犬']);
});

test('bytes are in the unit that suits the whole', () => {
  expect(bytesOf(12_400, 225_748)).toBe('12 of 226 kB');
  expect(bytesOf(400_000, 93_800_000)).toBe('0.4 of 93.8 MB');
});

test('the best lights up fully, what is no nearer than most not at all', () => {
  const ranked = [0.9, 0.5, 0.1, 0.1, 0].map((similarity, index) => ({ id: String(index), similarity }));
  const weights = [...highlightsOf(ranked, () => 'picture').values()];
  expect(weights[0]).toBe(1);
  expect(weights[1]).toBeCloseTo(0.25);
  expect(weights.slice(2)).toEqual([0, 0, 0]);
});

test('each kind lights up on its own scale', () => {
  const ranked = [
    { id: 'word', similarity: 1 },
    { id: 'far word', similarity: 0.6 },
    { id: 'picture', similarity: 0.4 },
    { id: 'far picture', similarity: 0.1 },
  ];
  const weights = highlightsOf(ranked, (id) => (id.includes('picture') ? 'picture' : 'text'));
  expect(weights.get('picture')).toBe(1);
  expect(weights.get('far picture')).toBe(0);
  expect(weights.get('word')).toBe(1);
});

test('a single answer lights up', () => {
  expect(highlightsOf([{ id: 'a', similarity: 0.2 }], () => 'text').get('a')).toBe(1);
});

test('a rate is told from half a second on, and only of progress', () => {
  expect(rateOf([[0, 0]])).toBeUndefined();
  expect(
    rateOf([
      [0, 0],
      [400, 10],
    ]),
  ).toBeUndefined();
  expect(
    rateOf([
      [0, 5],
      [2000, 25],
    ]),
  ).toBe(10);
  expect(
    rateOf([
      [0, 5],
      [2000, 5],
    ]),
  ).toBeUndefined();
});

test('numbers are said as a person says them', () => {
  expect(count(1, 'picture')).toBe('1 picture');
  expect(count(2000, 'picture')).toBe('2,000 pictures');
  expect(duration(0.2)).toBe('under 1 s');
  expect(duration(61)).toBe('61 s');
  expect(duration(600)).toBe('10 min');
  expect(distanceText(3)).toBe('3');
  expect(distanceText(0.12345)).toBe('0.123');
  expect(distanceText(1234.5)).toBe('1235');
});
