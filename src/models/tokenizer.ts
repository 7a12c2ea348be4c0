import { Tokenizer } from '@huggingface/tokenizers';

/** Turns texts into the token ids of MiniLM's WordPiece vocabulary. */
export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #maxTokens: number;

  /** @param json the tokenizer.json of the model, parsed */
  constructor(json: object, maxTokens: number) {
    this.#tokenizer = new Tokenizer(json, { tokenizer_class: 'BertTokenizer' });
    this.#maxTokens = maxTokens;
  }

  /** Ids with [CLS] and [SEP] at the ends. A longer text is cut so that `maxTokens` are left, ends included. */
  encode(text: string): number[] {
    const { ids } = this.#tokenizer.encode(text);
    if (ids.length <= this.#maxTokens) return ids;
    return [...ids.slice(0, this.#maxTokens - 1), ...ids.slice(-1)];
  }
}
