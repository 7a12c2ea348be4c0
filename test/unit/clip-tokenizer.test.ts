// CLIP's tokenizer against transformers, under the true vocabulary (tools/make-clip-fixtures.py).
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ClipTokenizer } from '../../src/models/clip/tokenizer.ts';
import { InvalidModelFile } from '../../src/models/errors.ts';

const CONTEXT = 77;
const START = 49406;
const END = 49407;

const fileSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ content: z.string(), id: z.int() })),
  post_processor: z.looseObject({ sep: z.tuple([z.string(), z.int()]), cls: z.tuple([z.string(), z.int()]) }),
  model: z.looseObject({
    vocab: z.record(z.string(), z.int()),
    merges: z.union([z.array(z.string()), z.array(z.tuple([z.string(), z.string()]))]),
  }),
});
type File = z.infer<typeof fileSchema>;

// A string, its ids, and those under the older form of the file where they are others.
const caseSchema = z.tuple([z.string(), z.array(z.int())]).rest(z.array(z.int()));

let cases: z.infer<typeof caseSchema>[];
let merges: string[];

beforeAll(async () => {
  cases = z.array(caseSchema).parse(await json('strings.json'));
  merges = new TextDecoder()
    .decode(gunzipSync(new Uint8Array(await readFile('test/fixtures/clip/merges.txt.gz'))))
    .split('\n');
});

describe.each([
  ['merges as pairs', 'hf-quick-gelu'],
  ['merges as strings', 'hf-mixed'],
])('%s', (form, folder) => {
  let tokenizer: ClipTokenizer;
  beforeAll(async () => {
    const file = fileSchema.parse(await json(`${folder}/tokenizer.json`));
    expect(typeof file.model.merges[0]).toBe(form === 'merges as pairs' ? 'object' : 'string');
    tokenizer = new ClipTokenizer(withTrueVocabulary(file), CONTEXT);
  });

  test('ids are those of transformers, on all hard strings', () => {
    expect(cases.length).toBeGreaterThanOrEqual(500);
    const wrong = cases.filter(([text, now, then]) => {
      const expected = form === 'merges as strings' ? (then ?? now) : now;
      return tokenizer.encode(text).join() !== expected.join();
    });
    expect(wrong).toEqual([]);
  });

  test('a text that is too long keeps its end, and never has more than the context', () => {
    const ids = tokenizer.encode('word '.repeat(200));
    expect(ids).toHaveLength(CONTEXT);
    expect([ids[0], ids.at(-1)]).toEqual([START, END]);
    expect(ids.filter((id) => id === END)).toHaveLength(1);
    expect(tokenizer.encode('')).toEqual([START, END]);
  });
});

test.each([
  ['no vocabulary', (file: File) => ({ ...file, model: { type: 'BPE' } }), 'model.vocab'],
  [
    'another kind of model',
    (file: File) => ({ ...file, model: { ...file.model, type: 'WordPiece' } }),
    'model.type',
  ],
  ['no marks', ({ added_tokens: _, ...file }: File) => file, 'added_tokens'],
  ['not a table', () => 'tokens', 'it: '],
])('%s is refused by name', async (_, spoil, named) => {
  const file = fileSchema.parse(await json('hf-quick-gelu/tokenizer.json'));
  const make = () => new ClipTokenizer(spoil(file), CONTEXT, 'tokenizer.json');
  expect(make).toThrow(InvalidModelFile);
  expect(make).toThrow(/^tokenizer\.json is not that of a model/);
  expect(make).toThrow(named);
});

/** The file of a small checkpoint with all of CLIP's merges: bytes, bytes that end a word, merges, marks, in this order. */
function withTrueVocabulary(file: File): File {
  const small = Object.entries(file.model.vocab).sort(([, a], [, b]) => a - b);
  const words = [
    ...small.slice(0, 512).map(([word]) => word),
    ...merges.map((merge) => merge.replace(' ', '')),
    ...file.added_tokens.map(({ content }) => content),
  ];
  const pairs = merges.map((merge): [string, string] => {
    const [left = '', right = ''] = merge.split(' ');
    return [left, right];
  });
  const marks = new Map([
    ['<|startoftext|>', START],
    ['<|endoftext|>', END],
  ]);
  return {
    ...file,
    added_tokens: file.added_tokens.map((token) => ({ ...token, id: marks.get(token.content) ?? -1 })),
    post_processor: { ...file.post_processor, sep: ['<|endoftext|>', END], cls: ['<|startoftext|>', START] },
    model: {
      ...file.model,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      merges: typeof file.model.merges[0] === 'string' ? merges : pairs,
    },
  };
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(`test/fixtures/clip/${path}`, 'utf8'));
}
