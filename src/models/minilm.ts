/**
 * all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019): a six-layer BERT encoder, mean over the tokens, unit length.
 * In tfjs ops, on whichever backend is set. Attention's 1/√width lies in the query weights (tools/convert-models.py).
 */
import {
  add,
  erf,
  fused,
  matMul,
  mean,
  mul,
  type Rank,
  reshape,
  rsqrt,
  softmax,
  split,
  squaredDifference,
  sub,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor3d,
  tensor4d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Manifest } from './manifest.ts';
import type { Quantized, Weights } from './weights.ts';

interface Linear {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D;
}

interface Norm {
  readonly gain: Tensor1D;
  readonly bias: Tensor1D;
}

interface EncoderLayer {
  readonly qkv: Linear;
  readonly attention: Linear;
  readonly attentionNorm: Norm;
  readonly widen: Linear;
  readonly narrow: Linear;
  readonly narrowNorm: Norm;
}

// Added to the attention score of padding: its softmax is exactly 0 in float32.
const MASKED = -1e9;

export class MiniLm {
  readonly #settings: Manifest['text'];
  // The word table stays int8 and outside tfjs: a text needs a few dozen of its 30,522 rows.
  readonly #words: Quantized;
  readonly #positions: Float32Array;
  readonly #norm: Norm;
  readonly #layers: readonly EncoderLayer[];

  constructor(weights: Weights, settings: Manifest['text']) {
    const { dimension, inner, vocabulary, maxTokens } = settings;
    this.#settings = settings;
    this.#words = weights.quantizedRows('words', [vocabulary, dimension]);
    this.#positions = weights.floats('positions', [maxTokens, dimension]);
    this.#norm = readNorm(weights, 'norm', dimension);
    this.#layers = Array.from({ length: settings.layers }, (_, index) => {
      const name = `layer.${index}`;
      return {
        qkv: readLinear(weights, `${name}.qkv`, [dimension, 3 * dimension]),
        attention: readLinear(weights, `${name}.attention`, [dimension, dimension]),
        attentionNorm: readNorm(weights, `${name}.attention.norm`, dimension),
        widen: readLinear(weights, `${name}.widen`, [dimension, inner]),
        narrow: readLinear(weights, `${name}.narrow`, [inner, dimension]),
        narrowNorm: readNorm(weights, `${name}.narrow.norm`, dimension),
      };
    });
  }

  /**
   * @param texts token ids of each text, with the marks at its ends; at most `maxTokens` of them
   * @returns n × dimension, rows of unit length
   */
  async run(texts: readonly (readonly number[])[]): Promise<Float32Array> {
    const length = Math.max(...texts.map((ids) => ids.length));
    const { dimension, epsilon } = this.#settings;
    const output = tidy(() => {
      const mask = tensor4d(maskOf(texts, length), [texts.length, 1, 1, length]);
      let x = normalize(
        tensor2d(this.#embed(texts, length), [texts.length * length, dimension]),
        this.#norm,
        epsilon,
      );
      for (const layer of this.#layers) {
        const input = x;
        // Only its output is left of a layer: what is between is twenty times as large.
        x = tidy(() => this.#encode(input, layer, mask, texts.length, length));
        input.dispose();
      }
      const shares = tensor3d(sharesOf(texts, length), [texts.length, 1, length]);
      return matMul(shares, reshape<Rank.R3>(x, [texts.length, length, dimension]));
    });
    try {
      return unitRows(await output.data<'float32'>(), dimension);
    } finally {
      output.dispose();
    }
  }

  dispose(): void {
    const parts = this.#layers.flatMap(({ qkv, attention, widen, narrow, attentionNorm, narrowNorm }) => [
      ...[qkv, attention, widen, narrow].flatMap(({ weight, bias }) => [weight, bias]),
      ...[attentionNorm, narrowNorm].flatMap(({ gain, bias }) => [gain, bias]),
    ]);
    for (const tensor of [this.#norm.gain, this.#norm.bias, ...parts]) tensor.dispose();
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

  #encode(x: Tensor2D, layer: EncoderLayer, mask: Tensor4D, count: number, length: number): Tensor2D {
    const { dimension, heads, epsilon } = this.#settings;
    // Four axes at most: the wasm backend has no fast transpose for five.
    const parts = reshape<Rank.R4>(apply(x, layer.qkv), [count, length, 3 * heads, dimension / heads]);
    const [query, key, value] = split(transpose(parts, [0, 2, 1, 3]), 3, 1);
    if (!query || !key || !value) throw new Error('The attention of the text model did not split in three.');
    const attention = softmax(add<Tensor4D>(matMul(query, key, false, true), mask));
    const mixed = reshape<Rank.R2>(transpose(matMul(attention, value), [0, 2, 1, 3]), [
      count * length,
      dimension,
    ]);
    const attended = normalize(add(apply(mixed, layer.attention), x), layer.attentionNorm, epsilon);
    const inner = gelu(apply(attended, layer.widen));
    return normalize(add(apply(inner, layer.narrow), attended), layer.narrowNorm, epsilon);
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

function apply(x: Tensor2D, { weight, bias }: Linear): Tensor2D {
  return fused.matMul({ a: x, b: weight, bias }) as Tensor2D;
}

function normalize(x: Tensor2D, { gain, bias }: Norm, epsilon: number): Tensor2D {
  const center = mean(x, -1, true);
  const variance = mean(squaredDifference(x, center), -1, true);
  return add(mul(mul(sub(x, center), rsqrt(add(variance, epsilon))), gain), bias);
}

function gelu(x: Tensor2D): Tensor2D {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

function maskOf(texts: readonly (readonly number[])[], length: number): Float32Array {
  const mask = new Float32Array(texts.length * length);
  for (const [text, ids] of texts.entries())
    mask.fill(MASKED, text * length + ids.length, (text + 1) * length);
  return mask;
}

function sharesOf(texts: readonly (readonly number[])[], length: number): Float32Array {
  const shares = new Float32Array(texts.length * length);
  for (const [text, ids] of texts.entries())
    shares.fill(1 / ids.length, text * length, text * length + ids.length);
  return shares;
}

function unitRows(rows: Float32Array, dimension: number): Float32Array {
  for (let start = 0; start < rows.length; start += dimension) {
    const row = rows.subarray(start, start + dimension);
    const length = Math.hypot(...row);
    for (let i = 0; i < dimension; i++) row[i] = (row[i] ?? 0) / length;
  }
  return rows;
}
