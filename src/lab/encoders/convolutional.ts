import {
  add,
  mean,
  type Rank,
  relu,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Encoder } from './encoder.ts';
import { convolution, dense, type Layer, normalization, pool } from './layers.ts';
import { Parameters } from './parameters.ts';

interface Stage {
  readonly kernel: readonly [height: number, width: number];
  readonly channels: number;
  /** What its means are taken over. */
  readonly pool: readonly [height: number, width: number];
}

export interface ConvolutionalSettings {
  /** Of an item: height × width × channels, or steps × channels for a signal. */
  readonly shape: readonly number[];
  /** Numbers in an embedding. */
  readonly width: number;
  /** Multiplies the channels of every stage. */
  readonly size?: number;
  readonly seed: number;
  readonly name: string;
}

// A picture halves its sides in each stage, a signal its steps.
const PICTURE: readonly Stage[] = [
  { kernel: [3, 3], channels: 24, pool: [2, 2] },
  { kernel: [3, 3], channels: 48, pool: [2, 2] },
  { kernel: [3, 3], channels: 96, pool: [2, 2] },
  { kernel: [3, 3], channels: 128, pool: [1, 1] },
];
const SIGNAL: readonly Stage[] = [
  { kernel: [1, 7], channels: 32, pool: [1, 2] },
  { kernel: [1, 5], channels: 64, pool: [1, 2] },
  { kernel: [1, 5], channels: 96, pool: [1, 2] },
  { kernel: [1, 5], channels: 128, pool: [1, 1] },
];

/** Numbers that each stage's convolution makes of an item, in their order. */
export function stageSizes({ shape, size = 1 }: Pick<ConvolutionalSettings, 'shape' | 'size'>): number[] {
  const isSignal = shape.length === 2;
  let [height = 1, width = 1] = isSignal ? [1, ...shape] : shape;
  return (isSignal ? SIGNAL : PICTURE).map(({ channels, pool: block }) => {
    const made = height * width * channelsOf(channels, size);
    height = Math.floor(height / block[0]);
    width = Math.floor(width / block[1]);
    return made;
  });
}

function channelsOf(channels: number, size: number): number {
  return Math.max(4, Math.round(channels * size));
}

/**
 * A small convolutional network for pictures, maps and log-mel pictures (2-D) and for motion (1-D): four stages of convolution,
 * normalization, ReLU and pooling, then the means over all places and one linear layer. About 0.2 M parameters.
 */
export function createConvolutional(settings: ConvolutionalSettings): Encoder {
  const { shape, width, size = 1, seed, name } = settings;
  const parameters = new Parameters(seed, name);
  const isSignal = shape.length === 2;
  const stages: Layer<Tensor4D>[] = [];
  let from = shape.at(-1) ?? 0;
  for (const [at, { kernel, channels, pool: block }] of (isSignal ? SIGNAL : PICTURE).entries()) {
    const to = channelsOf(channels, size);
    const convolve = convolution(parameters, `stage${at}.convolution`, kernel, from, to);
    const normalize = normalization(parameters, `stage${at}.normalization`, to);
    // The normalization takes off how strong an item is as a whole, such as how warm; beside a bias that can still be seen.
    const bias = at === 0 ? parameters.constant(`stage${at}.bias`, to, 0) : undefined;
    const shift = (x: Tensor4D): Tensor4D => (bias ? add(x, bias) : x);
    stages.push((x) => pool(relu(normalize(shift(convolve(x)))), block));
    from = to;
  }
  const last = dense(parameters, 'embedding', from, width, 1);
  const [height = 1, columns = 1, channels = 1] = isSignal ? [1, ...shape] : shape;
  return {
    width,
    parameters: parameters.all,
    encode(items: Tensor): Tensor2D {
      const picture = reshape<Rank.R4>(items, [-1, height, columns, channels]);
      const places = stages.reduce((x, stage) => stage(x), picture);
      return last(mean(places, [1, 2]));
    },
    dispose: () => parameters.dispose(),
  };
}
