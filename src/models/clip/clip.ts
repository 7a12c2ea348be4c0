/** CLIP (Radford et al. 2021): a picture and a text tower that map into one space. In tfjs ops, on whichever backend is set. */
import { tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import { UnfitTokens } from '../errors.ts';
import { type RunOptions, runBlocks } from '../transformer/blocks.ts';
import type { TensorSource } from '../transformer/match.ts';
import { checkTokens, embedTokens, encodeByLength, MASKED, type SizedText } from '../transformer/texts.ts';
import { ACTIVATION_BYTES, readOff, sequencesAtOnce, type TowerJob } from '../transformer/towers.ts';
import { VisionTower } from '../transformer/vision-tower.ts';
import type { ClipConfig } from './config.ts';
import { readWeights, type TextWeights } from './weights.ts';

export interface ClipRequest extends Job {
  readonly config: ClipConfig;
  readonly tensors: TensorSource;
  /** What the weights are called in messages. */
  readonly file?: string | undefined;
  /** Of the largest tensor of a block, and so of what a batch may have; 64 MiB without it. */
  readonly activationBytes?: number | undefined;
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
  return new ClipModel(
    config,
    await readWeights(tensors, config, file ?? 'The file', job),
    activationBytes ?? ACTIVATION_BYTES,
  );
}

/** A CLIP that is loaded. Calls may overlap; none may come after `dispose`. */
export class ClipModel {
  readonly config: ClipConfig;
  /** What cosines are multiplied by before a softmax: e to the power of what is stored. */
  readonly logitScale: number;
  readonly #vision: VisionTower;
  readonly #text: TextWeights;
  readonly #activationBytes: number;
  readonly #free: () => void;
  #disposed = false;

  constructor(
    config: ClipConfig,
    { weights, dispose }: Awaited<ReturnType<typeof readWeights>>,
    activationBytes: number,
  ) {
    this.config = config;
    this.logitScale = Math.exp(weights.logitScale);
    this.#vision = new VisionTower(config.vision, weights.vision, activationBytes);
    this.#text = weights.text;
    this.#activationBytes = activationBytes;
    this.#free = dispose;
  }

  /**
   * The embeddings of n pictures, in batches as memory allows.
   *
   * @param pixels n × size × size × 3, as `preparePicture` makes them
   * @returns n × dimension, rows as the projection gives them: their cosine is the similarity, not their product
   * @throws {RangeError} when `pixels` is not a whole number of pictures; the signal's reason
   */
  async encodePictures(pixels: Float32Array, job: TowerJob = {}): Promise<Float32Array<ArrayBuffer>> {
    this.#checkOpen();
    return this.#vision.encode(pixels, job);
  }

  /**
   * The embeddings of n texts, in batches as memory allows, texts of like length together.
   *
   * @param texts token ids of each text with the marks at its ends, `config.text.context` at most; padding behind the end is not read
   * @returns n × dimension, rows as the projection gives them
   * @throws {UnfitTokens} when a text is too long, has no end or an id that is not in the vocabulary; the signal's reason
   */
  async encodeTexts(
    texts: readonly ArrayLike<number>[],
    { signal, onProgress, watch }: TowerJob = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    this.#checkOpen();
    const { text, dimension } = this.config;
    const options = { turn: makeTurns(signal), watch, attentionBytes: this.#activationBytes };
    return encodeByLength(
      texts.map((ids, at) => ({ ids, length: this.#lengthOf(ids, at) })),
      dimension,
      (length) => sequencesAtOnce(text, length, this.#activationBytes),
      (batch) => this.#encodeTexts(batch, options),
      { signal, onProgress },
    );
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#free();
  }

  #checkOpen(): void {
    if (this.#disposed) throw new Error('The model was disposed of; load it anew.');
  }

  async #encodeTexts(texts: readonly SizedText[], options: RunOptions): Promise<Float32Array> {
    const { text: config } = this.config;
    const count = texts.length;
    const length = Math.max(...texts.map((text) => text.length));
    const mask = tensor3d(causalMask(length), [1, length, length]);
    try {
      const rows = embedTokens(texts, length, this.#text, config.width);
      const input = tensor2d(rows, [count * length, config.width]);
      const x = await runBlocks(input, this.#text.blocks, { count, length, mask }, config, options);
      const places = texts.map((text, row) => row * length + text.length - 1);
      return await readOff(x, places, this.#text, config.epsilon);
    } finally {
      mask.dispose();
    }
  }

  /** Tokens up to the one that the text is read off. What follows is padding: tokens see only what comes before them. */
  #lengthOf(ids: ArrayLike<number>, at: number): number {
    const { context, vocabulary, end } = this.config.text;
    checkTokens(ids, at, context, vocabulary);
    const all = Array.from(ids);
    if (end === 'largest') return all.indexOf(Math.max(...all)) + 1;
    const place = all.indexOf(end);
    if (place < 0) throw new UnfitTokens(`Text ${at} has no end-of-text token (${end}).`);
    return place + 1;
  }
}

function causalMask(length: number): Float32Array {
  const mask = new Float32Array(length * length);
  for (let row = 0; row < length; row++) mask.fill(MASKED, row * length + row + 1, (row + 1) * length);
  return mask;
}
