import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';

// Two things in which the library, at 0.2.0, differs from transformers. It lowers whole texts, so that a sigma at a word's end becomes ς;
// transformers lowers character by character.
const SIGMA = ['Σ', 'σ'] as const;
// And it does not set apart the Chinese characters that JavaScript writes in two units.
const RARE_CHINESE = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

/** Tokens that say nothing. */
const BLANK = /^[[<](?:pad|unk)[\]>]$/i;

const part = z.looseObject({ type: z.string() }).nullish().default(null);

const normalizer = z.looseObject({
  type: z.string(),
  lowercase: z.boolean().optional(),
  handle_chinese_chars: z.boolean().optional(),
});
const normalizers = z.looseObject({ normalizers: z.array(normalizer).default([]) });

// What is not spoken of here is checked by the library as it uses it.
const schema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
  normalizer: part,
  pre_tokenizer: part,
  post_processor: part,
  decoder: part,
  model: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('WordPiece'), vocab: z.record(z.string(), z.int()) }),
    z.looseObject({ type: z.literal('BPE'), vocab: z.record(z.string(), z.int()) }),
    z.looseObject({ type: z.literal('Unigram'), vocab: z.array(z.tuple([z.string(), z.number()])) }),
  ]),
});

export interface SentenceTokenizerSettings {
  /** Tokens that a text may have, marks at its ends included. */
  readonly maxTokens: number;
  readonly lowersCase: boolean;
  /** Stands before every text. */
  readonly prompt: string;
}

/** Turns texts into token ids as a sentence model's `tokenizer.json` says. */
export class SentenceTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #settings: SentenceTokenizerSettings;
  readonly #lowers: boolean;
  readonly #setsChineseApart: boolean;
  /** That stand behind every text. */
  readonly #marks: number;
  /** Stands for a text of which no token is left. */
  readonly #blank: number;

  /**
   * @param json parsed, and not trusted
   * @throws {InvalidModelFile} when it is no tokenizer's, or of a kind that is not known
   */
  constructor(json: unknown, settings: SentenceTokenizerSettings, file = 'tokenizer.json') {
    const checked = check(schema, json, file);
    try {
      this.#tokenizer = new Tokenizer(checked, {});
      this.#marks = Math.floor(this.#tokenizer.encode('').ids.length / 2);
    } catch (error) {
      throw new InvalidModelFile(file, error instanceof Error ? error.message : String(error));
    }
    this.#settings = settings;
    const steps = checked.normalizer
      ? [
          check(normalizer, checked.normalizer, file, 'normalizer'),
          ...check(normalizers, checked.normalizer, file, 'normalizer').normalizers,
        ]
      : [];
    this.#lowers =
      settings.lowersCase || steps.some(({ type, lowercase }) => type === 'Lowercase' || lowercase === true);
    this.#setsChineseApart = steps.some((step) => step.handle_chinese_chars === true);
    // The first of a vocabulary is padding, or a mark, where none is named.
    this.#blank = checked.added_tokens.find(({ content }) => BLANK.test(content))?.id ?? 0;
  }

  /** Ids with the marks at both ends, one at least. A longer text is cut so that `maxTokens` are left, ends included. */
  encode(text: string): number[] {
    const { maxTokens, lowersCase, prompt } = this.#settings;
    let whole = prompt + text;
    if (this.#lowers) whole = whole.replaceAll(...SIGMA);
    if (this.#setsChineseApart) whole = whole.replace(RARE_CHINESE, ' $& ');
    const { ids } = this.#tokenizer.encode(lowersCase ? whole.toLowerCase() : whole);
    // As of an empty text, where the tokenizer sets no marks.
    if (ids.length === 0) return [this.#blank];
    if (ids.length <= maxTokens) return ids;
    const kept = Math.max(0, maxTokens - this.#marks);
    return [...ids.slice(0, kept), ...ids.slice(ids.length - this.#marks)];
  }
}
