/** CLIP (Radford et al. 2021): a picture and a text tower that map into one space. In tfjs ops, on whichever backend is set. */
import {
  add,
  concat,
  conv2d,
  gather,
  matMul,
  type Rank,
  reshape,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tensor3d,
  tensor4d,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import { type ClipConfig, tokensPerPicture } from './config.ts';
import type { TensorSource } from './match.ts';
import { normalize, type RunOptions, runBlocks } from './transformer.ts';
import { type ClipWeights, readWeights } from './weights.ts';

// Half of what every WebGPU device can bind; the largest tensor of a block is at most this, and a few of its size live at once.
const ACTIVATION_BYTES = 64 * 2 ** 20;
// Added to the score of what comes later in a text: its softmax is exactly 0 in float32.
const MASKED = -1e9;

export interface ClipRequest extends Job {
  readonly config: ClipConfig;
  readonly tensors: TensorSource;
  /** What the weights are called in messages. */
  readonly file?: string | undefined;
  /** Of the largest tensor of a block, and so of what a batch may have; 64 MiB without it. */
  readonly activationBytes?: number | undefined;
}

/** A job on a model; `watch` is shown the input of a tower's first block and the output of each, batch by batch. */
export interface ClipJob extends Job {
  readonly watch?: RunOptions['watch'];
}

/**
 * Reads a CLIP's weights onto the backend that is set.
 *
 * @throws {InvalidWeights} naming the tensor that does not fit the configuration; the signal's reason. Nothing is kept then.
 */
export async function loadClip({
  config,
  tensors,
  file,
  activationBytes,
  ...job
}: ClipRequest): Promise<ClipModel> {
  const weights = await readWeights(tensors, config, file ?? 'The file', job);
  return new ClipModel(config, weights, activationBytes ?? ACTIVATION_BYTES);
}

/** A CLIP that is loaded. Calls may overlap; none may come after `dispose`. */
export class ClipModel {
  readonly config: ClipConfig;
  /** What cosines are multiplied by before a softmax: e to the power of what is stored. */
  readonly logitScale: number;
  readonly #weights: ClipWeights;
  readonly #activationBytes: number;
  #disposed = false;

  constructor(config: ClipConfig, weights: ClipWeights, activationBytes: number) {
    this.config = config;
    this.logitScale = Math.exp(weights.logitScale);
    this.#weights = weights;
    this.#activationBytes = activationBytes;
  }

  /**
   * The embeddings of n pictures, in batches as memory allows.
   *
   * @param pixels n × size × size × 3, as `preparePicture` makes them
   * @returns n × dimension, rows as the projection gives them: their cosine is the similarity, not their product
   * @throws {RangeError} when `pixels` is not a whole number of pictures; the signal's reason
   */
  async encodePictures(
    pixels: Float32Array,
    { signal, onProgress, watch }: ClipJob = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    this.#checkOpen();
    const { vision, dimension } = this.config;
    const perPicture = vision.size ** 2 * vision.channels;
    const count = pixels.length / perPicture;
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `${pixels.length} values are no pictures of ${vision.size}×${vision.size} pixels and ${vision.channels} channels.`,
      );
    }
    const rows = new Float32Array(count * dimension);
    const atOnce = this.#rowsAtOnce(vision.inner, vision.width, tokensPerPicture(vision));
    const options = { turn: makeTurns(signal), watch, attentionBytes: this.#activationBytes };
    for (let begin = 0; begin < count; begin += atOnce) {
      signal?.throwIfAborted();
      const end = Math.min(count, begin + atOnce);
      const batch = pixels.subarray(begin * perPicture, end * perPicture);
      rows.set(await this.#encodePictures(batch, end - begin, options), begin * dimension);
      onProgress?.(end, count, 'Embedding pictures');
    }
    return rows;
  }

  /**
   * The embeddings of n texts, in batches as memory allows, texts of like length together.
   *
   * @param texts token ids of each text with the marks at its ends, `config.text.context` at most; padding behind the end is not read
   * @returns n × dimension, rows as the projection gives them
   * @throws {RangeError} when a text is too long, has no end or an id that is not in the vocabulary; the signal's reason
   */
  async encodeTexts(
    texts: readonly ArrayLike<number>[],
    { signal, onProgress, watch }: ClipJob = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    this.#checkOpen();
    const { text, dimension } = this.config;
    const sized = texts.map((ids, at) => ({ ids, at, length: this.#lengthOf(ids, at) }));
    sized.sort((a, b) => a.length - b.length || a.at - b.at);
    const rows = new Float32Array(texts.length * dimension);
    const options = { turn: makeTurns(signal), watch, attentionBytes: this.#activationBytes };
    let done = 0;
    while (done < sized.length) {
      signal?.throwIfAborted();
      const batch = sized
        .slice(done)
        .filter(({ length }, more) => more < this.#rowsAtOnce(text.inner, text.width, length));
      const encoded = await this.#encodeTexts(batch, options);
      for (const [row, { at }] of batch.entries())
        rows.set(encoded.subarray(row * dimension, (row + 1) * dimension), at * dimension);
      done += batch.length;
      onProgress?.(done, sized.length, 'Embedding texts');
    }
    return rows;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#weights.dispose();
  }

  #checkOpen(): void {
    if (this.#disposed) throw new Error('The model was disposed of; load it anew.');
  }

  /** Sequences in a batch, so that its widest tensor (hidden layer, or queries, keys and values) stays below the limit. */
  #rowsAtOnce(inner: number, width: number, length: number): number {
    const bytes = Math.max(inner, 3 * width) * length * Float32Array.BYTES_PER_ELEMENT;
    return Math.max(1, Math.floor(this.#activationBytes / bytes));
  }

  async #encodePictures(pixels: Float32Array, count: number, options: RunOptions): Promise<Float32Array> {
    const { vision: config } = this.config;
    const { vision: weights } = this.#weights;
    const { size, channels, patch, width } = config;
    const length = tokensPerPicture(config);
    const input = tidy(() => {
      const pictures = tensor4d(pixels, [count, size, size, channels]);
      const patches = reshape<Rank.R3>(conv2d(pictures, weights.patches, patch, 'valid'), [
        count,
        length - 1,
        width,
      ]);
      const tokens = concat<Tensor3D>([tile(weights.classToken, [count, 1, 1]), patches], 1);
      const placed = reshape<Rank.R2>(add(tokens, weights.positions), [count * length, width]);
      return normalize(placed, weights.firstNorm, config.epsilon);
    });
    const x = await runBlocks(input, weights.blocks, { count, length }, config, options);
    const places = Array.from({ length: count }, (_, row) => row * length);
    return project(x, places, weights, config.epsilon);
  }

  async #encodeTexts(
    texts: readonly { readonly ids: ArrayLike<number>; readonly length: number }[],
    options: RunOptions,
  ): Promise<Float32Array> {
    const { text: config } = this.config;
    const { text: weights } = this.#weights;
    const count = texts.length;
    const length = Math.max(...texts.map((text) => text.length));
    const mask = tensor3d(causalMask(length), [1, length, length]);
    try {
      const input = tensor2d(this.#embed(texts, length), [count * length, config.width]);
      const x = await runBlocks(input, weights.blocks, { count, length, mask }, config, options);
      const places = texts.map((text, row) => row * length + text.length - 1);
      return await project(x, places, weights, config.epsilon);
    } finally {
      mask.dispose();
    }
  }

  /** The sums of token and position vectors, (texts · length) × width; 0 behind a text's end. */
  #embed(
    texts: readonly { readonly ids: ArrayLike<number>; readonly length: number }[],
    length: number,
  ): Float32Array {
    const { width } = this.config.text;
    const { tokens, positions } = this.#weights.text;
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

  /** Tokens up to the one that the text is read off. What follows is padding: tokens see only what comes before them. */
  #lengthOf(ids: ArrayLike<number>, at: number): number {
    const { context, vocabulary, end } = this.config.text;
    if (ids.length === 0 || ids.length > context)
      throw new RangeError(`Text ${at} has ${ids.length} tokens; the model takes 1 to ${context}.`);
    let largest = 0;
    for (let place = 0; place < ids.length; place++) {
      const id = ids[place] ?? -1;
      if (!Number.isInteger(id) || id < 0 || id >= vocabulary)
        throw new RangeError(`Text ${at} has the token id ${id}; the model knows 0 to ${vocabulary - 1}.`);
      if (id > (ids[largest] ?? 0)) largest = place;
    }
    if (end === 'largest') return largest + 1;
    const place = Array.from(ids).indexOf(end);
    if (place < 0) throw new RangeError(`Text ${at} has no end-of-text token (${end}).`);
    return place + 1;
  }
}

/** Norm and projection of some rows, n × dimension. @param x disposed of */
async function project(
  x: Tensor2D,
  places: readonly number[],
  { lastNorm, projection }: ClipWeights['vision'] | ClipWeights['text'],
  epsilon: number,
): Promise<Float32Array> {
  let output: Tensor2D;
  try {
    output = tidy(() => {
      const rows = gather(x, tensor1d([...places], 'int32'));
      return matMul<Tensor2D>(normalize(rows, lastNorm, epsilon), projection);
    });
  } finally {
    x.dispose();
  }
  try {
    return await output.data<'float32'>();
  } finally {
    output.dispose();
  }
}

function causalMask(length: number): Float32Array {
  const mask = new Float32Array(length * length);
  for (let row = 0; row < length; row++) mask.fill(MASKED, row * length + row + 1, (row + 1) * length);
  return mask;
}
