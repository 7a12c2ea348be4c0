/** The vision transformer (Dosovitskiy et al. 2021), in tfjs ops, on whichever backend is set. */
import {
  add,
  concat,
  conv2d,
  type Rank,
  reshape,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor4d,
  tidy,
  tile,
} from '@tensorflow/tfjs-core';
import { makeTurns } from '../../common/turns.ts';
import { type Block, type Norm, normalize, type RunOptions, runBlocks } from './blocks.ts';
import { patchesAcross, type VisionConfig } from './config.ts';
import { type Head, readOff, sequencesAtOnce, type TowerJob } from './towers.ts';

export interface VisionWeights extends Head {
  /** Tokens before those of patches, their positions added, 1 × tokens × width. A picture is read off the first of them. */
  readonly start: Tensor3D;
  /** patch × patch × channels × width. */
  readonly patches: Tensor4D;
  /** What is added to patches, 1 × patches × width. */
  readonly positions: Tensor3D;
  readonly firstNorm?: Norm | undefined;
  readonly blocks: readonly Block[];
}

export class VisionTower {
  readonly #config: VisionConfig;
  readonly #weights: VisionWeights;
  readonly #activationBytes: number;
  readonly #patches: number;
  readonly #length: number;
  /** Of what comes out. */
  readonly dimension: number;

  /** @param activationBytes of the largest tensor of a block, and so of what a batch may have */
  constructor(config: VisionConfig, weights: VisionWeights, activationBytes: number) {
    this.#config = config;
    this.#weights = weights;
    this.#activationBytes = activationBytes;
    this.#patches = patchesAcross(config) ** 2;
    this.#length = this.#patches + weights.start.shape[1];
    this.dimension = weights.projection?.shape[1] ?? config.width;
  }

  /**
   * The embeddings of n pictures, in batches as memory allows.
   *
   * @param pixels n × size × size × channels, as `preparePicture` makes them
   * @returns n × dimension
   * @throws {RangeError} when `pixels` is not a whole number of pictures; the signal's reason
   */
  async encode(
    pixels: Float32Array,
    { signal, onProgress, watch }: TowerJob = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const { size, channels } = this.#config;
    const perPicture = size ** 2 * channels;
    const count = pixels.length / perPicture;
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `${pixels.length} values are no pictures of ${size}×${size} pixels and ${channels} channels.`,
      );
    }
    const rows = new Float32Array(count * this.dimension);
    const atOnce = sequencesAtOnce(this.#config, this.#length, this.#activationBytes);
    const options = { turn: makeTurns(signal), watch, attentionBytes: this.#activationBytes };
    for (let begin = 0; begin < count; begin += atOnce) {
      signal?.throwIfAborted();
      const end = Math.min(count, begin + atOnce);
      const batch = pixels.subarray(begin * perPicture, end * perPicture);
      rows.set(await this.#encode(batch, end - begin, options), begin * this.dimension);
      onProgress?.(end, count, 'Embedding pictures');
    }
    return rows;
  }

  async #encode(pixels: Float32Array, count: number, options: RunOptions): Promise<Float32Array> {
    const length = this.#length;
    const x = await runBlocks(
      tidy(() => this.#tokens(pixels, count)),
      this.#weights.blocks,
      { count, length },
      this.#config,
      options,
    );
    const places = Array.from({ length: count }, (_, row) => row * length);
    return readOff(x, places, this.#weights, this.#config.epsilon);
  }

  #tokens(pixels: Float32Array, count: number): Tensor2D {
    const { size, channels, patch, width, epsilon } = this.#config;
    const { start, patches, positions, firstNorm } = this.#weights;
    const pictures = tensor4d(pixels, [count, size, size, channels]);
    const cut = reshape<Rank.R3>(conv2d(pictures, patches, patch, 'valid'), [count, this.#patches, width]);
    const tokens = concat<Tensor3D>([tile(start, [count, 1, 1]), add(cut, positions)], 1);
    const rows = reshape<Rank.R2>(tokens, [count * this.#length, width]);
    return firstNorm ? normalize(rows, firstNorm, epsilon) : rows;
  }
}
