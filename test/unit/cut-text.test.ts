// Texts of any length and kind go through every tokenizer.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { SentenceTokenizer } from '../../src/models/bert/tokenizer.ts';
import { ClipTokenizer } from '../../src/models/clip/tokenizer.ts';
import { cutText } from '../../src/models/cut-text.ts';

const SETTINGS = { maxTokens: 16, lowersCase: false, prompt: '' };

test('a short text is left as it is, a long one keeps its beginning and no half characters', () => {
  expect(cutText('a'.repeat(20_000))).toHaveLength(20_000);
  expect(cutText(`${'a'.repeat(19_999)}😀`)).toBe('a'.repeat(19_999));
  expect(cutText(`${'a'.repeat(19_998)}😀b`)).toBe(`${'a'.repeat(19_998)}😀`);
});

test.each(['minilm', 'roberta', 'xlm-roberta', 'mpnet'])('%s takes 200,000 letters', async (name) => {
  const tokenizer = new SentenceTokenizer(await read(`bert/${name}`), SETTINGS);
  expect(tokenizer.encode(cutText('z'.repeat(200_000))).length).toBeLessThanOrEqual(16);
});

test('so does a CLIP', async () => {
  const tokenizer = new ClipTokenizer(await read('clip/hf-quick-gelu'), 16);
  for (const unit of ['z', 'word ', '字'])
    expect(tokenizer.encode(cutText(unit.repeat(200_000)))).toHaveLength(16);
});

test('a text of no tokens is a blank one', async () => {
  const words = new SentenceTokenizer({ ...(await read('bert/minilm')), post_processor: null }, SETTINGS);
  expect(words.encode('')).toEqual([0]);
  expect(words.encode('\u200b')).toEqual(words.encode(''));
  const file = await read('clip/hf-quick-gelu');
  const marked = new ClipTokenizer(file, 16);
  const plain = new ClipTokenizer(
    {
      ...file,
      post_processor: { type: 'TemplateProcessing', single: [{ Sequence: { id: 'A' } }], pair: [] },
    },
    16,
  );
  expect(plain.encode('')).toEqual(marked.encode('').slice(-1));
});

async function read(folder: string): Promise<Record<string, unknown>> {
  const file = await readFile(`test/fixtures/${folder}/tokenizer.json`, 'utf8');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(file));
}
