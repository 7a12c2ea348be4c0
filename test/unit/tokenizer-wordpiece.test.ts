// The embedded model's tokenizer against transformers' (tools/make-model-fixtures.py), on strings chosen to be hard.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SentenceTokenizer } from '../../src/models/bert/tokenizer.ts';

const tokenizer = new SentenceTokenizer(JSON.parse(await readFile('public/models/tokenizer.json', 'utf8')), {
  maxTokens: 256,
  lowersCase: false,
  prompt: '',
});
const cases: { text: string; ids: number[] }[] = JSON.parse(
  await readFile('test/fixtures/models/tokens.json', 'utf8'),
);

test('there are enough hard strings', () => {
  expect(cases.length).toBeGreaterThan(100);
});

test.each(cases.map(({ text, ids }) => [JSON.stringify(text).slice(0, 60), text, ids] as const))(
  '%s',
  (_, text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  },
);

test('a long text keeps its ends and no more than the limit', () => {
  const ids = tokenizer.encode('word '.repeat(1000));
  expect(ids).toHaveLength(256);
  expect(ids[0]).toBe(101);
  expect(ids.at(-1)).toBe(102);
});
