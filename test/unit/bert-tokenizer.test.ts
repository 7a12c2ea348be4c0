// The tokenizer of sentence models against transformers, under BERT's own vocabulary (tools/make-transformer-fixtures.py).
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SentenceTokenizer } from '../../src/models/bert/tokenizer.ts';
import { InvalidModelFile } from '../../src/models/errors.ts';

const LONGEST = 128;
const PLAIN = { maxTokens: LONGEST, lowersCase: false, prompt: '' };

test('ids are those of transformers, on all hard strings', async () => {
  const cases = z
    .array(z.tuple([z.string(), z.array(z.int())]))
    .parse(await json('test/fixtures/bert/strings.json'));
  expect(cases.length).toBeGreaterThanOrEqual(500);
  const tokenizer = new SentenceTokenizer(await json('public/models/tokenizer.json'), PLAIN);
  const wrong = cases
    .map(([text, ids]) => [text, ids.join(), tokenizer.encode(text).join()])
    .filter(([, expected, found]) => expected !== found);
  expect(wrong).toEqual([]);
});

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

describe('length', () => {
  test.each([
    ['minilm', 2, 3],
    ['roberta', 0, 2],
    ['xlm-roberta', 0, 2],
    ['mpnet', 0, 2],
  ])('%s: a text that is too long keeps its marks', async (name, start, end) => {
    const file = await json(`test/fixtures/bert/${name}/tokenizer.json`);
    const tokenizer = new SentenceTokenizer(file, { ...PLAIN, maxTokens: 10 });
    const whole = new SentenceTokenizer(file, { ...PLAIN, maxTokens: 1000 }).encode('cat '.repeat(40));
    expect(whole.length).toBeGreaterThan(40);
    expect(tokenizer.encode('cat '.repeat(40))).toEqual([...whole.slice(0, 9), end]);
    expect(tokenizer.encode('')).toEqual([start, end]);
  });

  test('without marks, a text is cut at its end', async () => {
    const file = z.looseObject({}).parse(await json('test/fixtures/bert/minilm/tokenizer.json'));
    const tokenizer = new SentenceTokenizer({ ...file, post_processor: null }, { ...PLAIN, maxTokens: 3 });
    expect(tokenizer.encode('cat cat red house')).toEqual(
      new SentenceTokenizer(file, PLAIN).encode('cat cat red').slice(1, -1),
    );
  });
});

test('a prompt stands before a text, and case is lowered where that is asked for', async () => {
  const file = await json('test/fixtures/bert/roberta/tokenizer.json');
  const plain = new SentenceTokenizer(file, PLAIN);
  const asked = new SentenceTokenizer(file, { ...PLAIN, lowersCase: true, prompt: 'The ' });
  expect(asked.encode('Cat')).toEqual(plain.encode('the cat'));
  expect(asked.encode('Cat')).not.toEqual(plain.encode('Cat'));
});

test.each([
  ['a list', [], 'it: '],
  ['no model', {}, '"model"'],
  ['an unknown kind', { model: { type: 'WordLevel', vocab: {} } }, '"model.type"'],
  ['ids that are words', { model: { type: 'WordPiece', vocab: { cat: 'x' } } }, '"model.vocab.cat"'],
  [
    'an unknown step',
    { model: { type: 'WordPiece', vocab: {} }, normalizer: { type: 'Nonsense' } },
    'Nonsense',
  ],
  [
    'a step that fails as it is tried',
    {
      model: { type: 'WordPiece', vocab: {}, unk_token: 'x' },
      post_processor: { type: 'TemplateProcessing', single: 'x' },
    },
    'tokenizer.json',
  ],
  [
    'a normalizer that is no table of steps',
    {
      model: { type: 'WordPiece', vocab: {}, unk_token: 'x' },
      normalizer: { type: 'Sequence', normalizers: 7 },
    },
    'tokenizer.json',
  ],
])('%s is refused by name', (_, file, named) => {
  const make = () => new SentenceTokenizer(file, PLAIN);
  expect(make).toThrow(InvalidModelFile);
  expect(make).toThrow(named);
});
