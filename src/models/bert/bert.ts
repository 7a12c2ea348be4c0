/** BERT (Devlin et al. 2019) and its kin, up to the pooled vector of a text. In tfjs ops, on whichever backend is set. */
import { type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { makeTurns } from '../../common/turns.ts';
import { normalize, type RunOptions, runBlocks } from '../transformer/blocks.ts';
import { checkTokens, embedTokens, encodeByLength, maskEnds, type SizedText } from '../transformer/texts.ts';
import { sequencesAtOnce, type TowerJob } from '../transformer/towers.ts';
import type { BertConfig } from './config.ts';
import type { SentenceHead } from './head.ts';
import { relativeBias } from './relative-bias.ts';
import type { BertWeights } from './weights.ts';

/** A network that is loaded. Calls may overlap. */
export class BertModel {
  readonly #config: BertConfig;
  readonly #weights: BertWeights;
  readonly #head: SentenceHead;
  readonly #activationBytes: number;

  /** @param activationBytes of the largest tensor of a block, and so of what a batch may have */
  constructor(config: BertConfig, weights: BertWeights, head: SentenceHead, activationBytes: number) {
    this.#config = config;
    this.#weights = weights;
    this.#head = head;
    this.#activationBytes = activationBytes;
  }

  /**
   * The vectors of n texts, in batches as memory allows, texts of like length together.
   *
   * @param texts token ids of each text with the marks at its ends, as many as there are positions at most
   * @returns n × `head.dimension`, rows as the last step leaves them
   * @throws {UnfitTokens} when a text is too long or has an id that is not in the vocabulary; the signal's reason
   */
  async encode(
    texts: readonly ArrayLike<number>[],
    { signal, onProgress, watch }: TowerJob = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const { positions, firstPosition, vocabulary } = this.#config;
    for (const [at, ids] of texts.entries()) checkTokens(ids, at, positions - firstPosition, vocabulary);
    const options = { turn: makeTurns(signal), watch, attentionBytes: this.#activationBytes };
    return encodeByLength(
      texts.map((ids) => ({ ids, length: ids.length })),
      this.#head.dimension,
      (length) => this.#textsAtOnce(length),
      (batch) => this.#encode(batch, options),
      { signal, onProgress },
    );
  }

  #textsAtOnce(length: number): number {
    const most = sequencesAtOnce(this.#config, length, this.#activationBytes);
    if (!this.#weights.relativeBias) return most;
    const biasBytes = this.#config.heads * length ** 2 * Float32Array.BYTES_PER_ELEMENT;
    return Math.max(1, Math.min(most, Math.floor(this.#activationBytes / biasBytes)));
  }

  async #encode(texts: readonly SizedText[], options: RunOptions): Promise<Float32Array> {
    const { width, heads, epsilon } = this.#config;
    const { relativeBias: table } = this.#weights;
    const count = texts.length;
    const lengths = texts.map((text) => text.length);
    const length = Math.max(...lengths);
    const bias = table && relativeBias(table, heads, length);
    const mask = maskEnds(lengths, length, heads, bias);
    let x: Tensor2D;
    try {
      const rows = embedTokens(texts, length, this.#weights, width);
      const input = tidy(() =>
        normalize(tensor2d(rows, [count * length, width]), this.#weights.firstNorm, epsilon),
      );
      x = await runBlocks(input, this.#weights.blocks, { count, length, mask }, this.#config, options);
    } finally {
      mask?.dispose();
    }
    return this.#head.run(x, lengths, length);
  }
}
