/**
 * all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019): a six-layer BERT encoder, mean over the tokens, unit length.
 * In tfjs ops, on whichever backend is set. Attention's 1/√width lies in the query weights (tools/convert-models.py).
 */
import { type Tensor, type Tensor2D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { SentenceHead } from './bert/head.ts';
import type { Manifest } from './manifest.ts';
import { type Block, type Linear, type Norm, normalize, runBlocks } from './transformer/blocks.ts';
import type { TowerConfig } from './transformer/config.ts';
import { maskEnds } from './transformer/texts.ts';
import { ACTIVATION_BYTES } from './transformer/towers.ts';
import type { Quantized, Weights } from './weights.ts';

export class MiniLm {
  readonly #settings: Manifest['text'];
  // The word table stays int8 and outside tfjs: a text needs a few dozen of its 30,522 rows.
  readonly #words: Quantized;
  readonly #positions: Float32Array;
  readonly #norm: Norm;
  readonly #blocks: readonly Block[];
  readonly #head: SentenceHead;

  constructor(weights: Weights, settings: Manifest['text']) {
    const { dimension, inner, vocabulary, maxTokens } = settings;
    this.#settings = settings;
    this.#words = weights.quantizedRows('words', [vocabulary, dimension]);
    this.#positions = weights.floats('positions', [maxTokens, dimension]);
    this.#norm = readNorm(weights, 'norm', dimension);
    this.#head = new SentenceHead(['mean'], [{ kind: 'normalize' }], dimension);
    this.#blocks = Array.from({ length: settings.layers }, (_, index) => {
      const name = `layer.${index}`;
      return {
        qkv: readLinear(weights, `${name}.qkv`, [dimension, 3 * dimension]),
        merge: readLinear(weights, `${name}.attention`, [dimension, dimension]),
        attentionNorm: readNorm(weights, `${name}.attention.norm`, dimension),
        widen: readLinear(weights, `${name}.widen`, [dimension, inner]),
        narrow: readLinear(weights, `${name}.narrow`, [inner, dimension]),
        mlpNorm: readNorm(weights, `${name}.narrow.norm`, dimension),
      };
    });
  }

  /**
   * @param texts token ids of each text, with the marks at its ends; at most `maxTokens` of them
   * @returns n × dimension, rows of unit length
   */
  async run(texts: readonly (readonly number[])[]): Promise<Float32Array> {
    const lengths = texts.map((ids) => ids.length);
    const length = Math.max(...lengths);
    const { dimension, heads, epsilon, layers, inner } = this.#settings;
    const tower: TowerConfig = {
      width: dimension,
      heads,
      layers,
      inner,
      activation: 'gelu',
      epsilon,
      normsAfter: true,
    };
    const mask = maskEnds(lengths, length, heads);
    let x: Tensor2D;
    try {
      const input = tidy(() =>
        normalize(
          tensor2d(this.#embed(texts, length), [texts.length * length, dimension]),
          this.#norm,
          epsilon,
        ),
      );
      const options = { attentionBytes: ACTIVATION_BYTES, turn: () => undefined };
      x = await runBlocks(input, this.#blocks, { count: texts.length, length, mask }, tower, options);
    } finally {
      mask?.dispose();
    }
    return this.#head.run(x, lengths, length);
  }

  dispose(): void {
    const tensors: Tensor[] = [this.#norm.gain, this.#norm.bias];
    for (const { qkv, merge, widen, narrow, attentionNorm, mlpNorm } of this.#blocks) {
      for (const { weight, bias } of [qkv, merge, widen, narrow]) tensors.push(weight, bias);
      for (const { gain, bias } of [attentionNorm, mlpNorm]) tensors.push(gain, bias);
    }
    for (const tensor of tensors) tensor.dispose();
  }

  /** The sum of word and position vectors, (texts · length) × dimension; padding stays 0. */
  #embed(texts: readonly (readonly number[])[], length: number): Float32Array {
    const { dimension } = this.#settings;
    const { values, scales } = this.#words;
    const rows = new Float32Array(texts.length * length * dimension);
    for (const [text, ids] of texts.entries()) {
      for (const [position, id] of ids.entries()) {
        const scale = scales[id] ?? 0;
        const to = (text * length + position) * dimension;
        for (let i = 0; i < dimension; i++) {
          rows[to + i] =
            (values[id * dimension + i] ?? 0) * scale + (this.#positions[position * dimension + i] ?? 0);
        }
      }
    }
    return rows;
  }
}

function readLinear(weights: Weights, name: string, shape: [number, number]): Linear {
  return {
    weight: tensor2d(weights.dequantizedColumns(name, shape), shape),
    bias: tensor1d(weights.floats(`${name}.bias`, [shape[1]])),
  };
}

function readNorm(weights: Weights, name: string, dimension: number): Norm {
  return {
    gain: tensor1d(weights.floats(`${name}.gain`, [dimension])),
    bias: tensor1d(weights.floats(`${name}.bias`, [dimension])),
  };
}
