import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';

// What is not spoken of here is checked by the library as it uses it.
const schema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })),
  normalizer: z.looseObject({}),
  pre_tokenizer: z.looseObject({}),
  post_processor: z.looseObject({}),
  decoder: z.looseObject({}).nullable(),
  model: z.looseObject({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.int()),
    merges: z.union([z.array(z.string()), z.array(z.tuple([z.string(), z.string()]))]),
    end_of_word_suffix: z.literal('</w>'),
  }),
});

/** Turns texts into CLIP's token ids: byte-level BPE of lower-case words, as transformers does it. */
export class ClipTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #context: number;
  readonly #special: ReadonlySet<string>;
  /** The mark at a text's end: the largest id. */
  readonly #end: number;

  /**
   * @param json a checkpoint's `tokenizer.json`, parsed, and not trusted
   * @param context tokens that a text may have, marks at its ends included
   * @throws {InvalidModelFile} when it is not that of a CLIP
   */
  constructor(json: unknown, context: number, file = 'tokenizer.json') {
    const settings = check(schema, json, file);
    try {
      this.#tokenizer = new Tokenizer(settings, { tokenizer_class: 'CLIPTokenizer' });
    } catch (error) {
      throw new InvalidModelFile(file, error instanceof Error ? error.message : String(error));
    }
    this.#context = context;
    this.#end = settings.added_tokens.reduce((largest, { id }) => Math.max(largest, id), 0);
    this.#special = new Set(settings.added_tokens.map(({ content }) => content));
  }

  /** Ids with the marks at both ends, one at least. A longer text is cut so that `context` are left, ends included. */
  encode(text: string): number[] {
    const { ids } = this.#tokenizer.encode(this.#asTransformersReads(text));
    // Where the tokenizer sets no marks, an empty text is one that has ended.
    if (ids.length === 0) return [this.#end];
    if (ids.length <= this.#context) return ids;
    return [...ids.slice(0, this.#context - 1), ...ids.slice(-1)];
  }

  /** Two things in which the library, at 0.2.0, differs from transformers. */
  #asTransformersReads(text: string): string {
    // It lowers whole texts, so that a sigma at a word's end becomes ς; transformers lowers character by character.
    const sigmas = text.replaceAll('Σ', 'σ');
    // It takes a mark in capitals for the mark where nothing else stands between two others; a space before it, which counts for
    // nothing, hides it.
    return this.#atMarks(sigmas)
      .map((part) => (!this.#special.has(part) && this.#special.has(part.toLowerCase()) ? ` ${part}` : part))
      .join('');
  }

  /** A text in parts, each a mark or without any. */
  #atMarks(text: string): string[] {
    let parts = [text];
    for (const mark of this.#special) {
      parts = parts.flatMap((part) =>
        this.#special.has(part)
          ? [part]
          : part.split(mark).flatMap((rest, at) => (at === 0 ? [rest] : [mark, rest])),
      );
    }
    return parts;
  }
}
