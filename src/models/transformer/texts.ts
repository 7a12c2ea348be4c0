/** Token ids into rows, and texts into batches. */
import { type Tensor3D, tensor3d } from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { UnfitTokens } from '../errors.ts';

/** Of a score that must not count: its softmax is exactly 0 in float32. */
export const MASKED = -1e9;

/** A text as token ids; only the first `length` of them count. */
export interface SizedText {
  readonly ids: ArrayLike<number>;
  readonly length: number;
}

export interface TokenTables {
  /** vocabulary × width. Outside tfjs: a text needs a few dozen of the rows, and all of them may be more than one binding holds. */
  readonly tokens: Float32Array;
  /** What is added at each place, places × width. */
  readonly positions: Float32Array;
}

/** The sums of token and position vectors, (texts · length) × width; 0 behind a text's end. */
export function embedTokens(
  texts: readonly SizedText[],
  length: number,
  { tokens, positions }: TokenTables,
  width: number,
): Float32Array {
  const rows = new Float32Array(texts.length * length * width);
  for (const [row, text] of texts.entries()) {
    for (let place = 0; place < text.length; place++) {
      const from = (text.ids[place] ?? 0) * width;
      const to = (row * length + place) * width;
      for (let i = 0; i < width; i++)
        rows[to + i] = (tokens[from + i] ?? 0) + (positions[place * width + i] ?? 0);
    }
  }
  return rows;
}

/**
 * What is added to attention scores so that nothing behind a text's end counts.
 *
 * @param lengths of the texts of a batch, the longest being `length`
 * @param bias added too, heads × length × length
 * @returns (heads · texts) × 1 × length, or × length × length with a bias; undefined where there is nothing to add
 */
export function maskEnds(
  lengths: readonly number[],
  length: number,
  heads: number,
  bias?: Float32Array,
): Tensor3D | undefined {
  if (!bias && lengths.every((own) => own === length)) return undefined;
  const queries = bias ? length : 1;
  const perHead = queries * length;
  const values = new Float32Array(heads * lengths.length * perHead);
  let to = 0;
  for (let head = 0; head < heads; head++) {
    for (const own of lengths) {
      if (bias) values.set(bias.subarray(head * perHead, (head + 1) * perHead), to);
      for (let row = 0; row < perHead; row += length) values.fill(MASKED, to + row + own, to + row + length);
      to += perHead;
    }
  }
  return tensor3d(values, [heads * lengths.length, queries, length]);
}

/** @throws {UnfitTokens} naming the text that has no tokens, too many, or one that is not in the vocabulary */
export function checkTokens(ids: ArrayLike<number>, at: number, context: number, vocabulary: number): void {
  if (ids.length === 0 || ids.length > context)
    throw new UnfitTokens(`Text ${at} has ${ids.length} tokens; the model takes 1 to ${context}.`);
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place] ?? -1;
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary)
      throw new UnfitTokens(`Text ${at} has the token id ${id}; the model knows 0 to ${vocabulary - 1}.`);
  }
}

/**
 * Encodes texts in batches, those of like length together.
 *
 * @param atOnce how many texts of a length a batch may have
 * @param encode a batch's rows, n × dimension
 * @returns texts × dimension, in the order of `texts`
 */
export async function encodeByLength(
  texts: readonly SizedText[],
  dimension: number,
  atOnce: (length: number) => number,
  encode: (batch: readonly SizedText[]) => Promise<Float32Array>,
  { signal, onProgress }: Job,
): Promise<Float32Array<ArrayBuffer>> {
  const sorted = texts.map((text, at) => ({ ...text, at }));
  sorted.sort((a, b) => a.length - b.length || a.at - b.at);
  const rows = new Float32Array(texts.length * dimension);
  let done = 0;
  while (done < sorted.length) {
    signal?.throwIfAborted();
    const batch = sorted.slice(done).filter(({ length }, more) => more < atOnce(length));
    const encoded = await encode(batch);
    for (const [row, { at }] of batch.entries())
      rows.set(encoded.subarray(row * dimension, (row + 1) * dimension), at * dimension);
    done += batch.length;
    onProgress?.(done, sorted.length, 'Embedding texts');
  }
  return rows;
}
