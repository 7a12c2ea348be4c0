import {
  add,
  cast,
  div,
  expandDims,
  matMul,
  maximum,
  mul,
  notEqual,
  oneHot,
  type Rank,
  relu,
  reshape,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Encoder } from './encoder.ts';
import { convolution, dense, normalization } from './layers.ts';
import { Parameters } from './parameters.ts';

export interface TextSettings {
  /** Number of words; ids are 0 … vocabulary − 1. */
  readonly vocabulary: number;
  /** Tokens of a caption, filled up with `padding`. */
  readonly tokens: number;
  readonly padding: number;
  /** Numbers in an embedding. */
  readonly width: number;
  readonly seed: number;
  readonly name: string;
}

const CHANNELS = 96;
const LAYERS = 2;

/** Numbers that its table and each layer's convolution make of a caption, in their order. */
export function textSizes({ tokens, vocabulary }: Pick<TextSettings, 'tokens' | 'vocabulary'>): number[] {
  return [tokens * vocabulary, ...new Array<number>(LAYERS).fill(tokens * CHANNELS)];
}

/**
 * Captions: a row of a table for each token, added to one for its position, two convolutions over neighboring tokens, the mean over the
 * tokens that are there, and one linear layer.
 *
 * @returns an encoder of int32 ids, n × tokens
 */
export function createTextEncoder(settings: TextSettings): Encoder {
  const { vocabulary, tokens, padding, width, seed, name } = settings;
  const parameters = new Parameters(seed, name);
  const words = parameters.table('words', vocabulary, CHANNELS);
  const positions = parameters.table('positions', tokens, CHANNELS);
  const layers = Array.from({ length: LAYERS }, (_, at) => {
    const convolve = convolution(parameters, `layer${at}.convolution`, [1, 3], CHANNELS, CHANNELS);
    const normalize = normalization(parameters, `layer${at}.normalization`, CHANNELS);
    return (x: Tensor4D): Tensor4D => add(x, relu(normalize(convolve(x))));
  });
  const last = dense(parameters, 'embedding', CHANNELS, width, 1);
  return {
    width,
    parameters: parameters.all,
    encode(items: Tensor): Tensor2D {
      const ids = reshape<Rank.R2>(items, [-1, tokens]);
      const [count] = ids.shape;
      const there = cast(notEqual(ids, padding), 'float32');
      // A product with ones and zeros: picking rows has no gradient on wasm.
      const picked = reshape<Rank.R2>(cast(oneHot(ids, vocabulary), 'float32'), [count * tokens, vocabulary]);
      const rows = reshape<Rank.R3>(matMul(picked, words), [count, tokens, CHANNELS]);
      const mask = expandDims<Tensor3D>(there, 2);
      const masked = (x: Tensor3D): Tensor3D => mul(x, mask);
      const signal = layers.reduce<Tensor4D>(
        (x, layer) => expandDims<Tensor4D>(masked(reshape<Rank.R3>(layer(x), [count, tokens, CHANNELS])), 1),
        expandDims<Tensor4D>(masked(add(rows, positions)), 1),
      );
      const total = sum<Tensor2D>(reshape<Rank.R3>(signal, [count, tokens, CHANNELS]), 1);
      // A caption without a word is all zeros.
      return last(div(total, maximum(sum(there, 1, true), 1)));
    },
    dispose: () => parameters.dispose(),
  };
}
