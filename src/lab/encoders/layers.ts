import {
  add,
  avgPool,
  conv2d,
  customGrad,
  matMul,
  mean,
  mul,
  type Rank,
  rsqrt,
  square,
  sub,
  Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { Parameters } from './parameters.ts';
import { mendGradients } from './wasm-gradients.ts';

/** From one tensor to another; whoever calls it tidies. */
export type Layer<From extends Tensor, To extends Tensor = From> = (x: From) => To;

// As in PyTorch's GroupNorm and LayerNorm.
const VARIANCE_EPSILON = 1e-5;

/** n × `from` to n × `to`: x·W + b. */
export function dense(
  parameters: Parameters,
  name: string,
  from: number,
  to: number,
  gain = 2,
): Layer<Tensor2D> {
  const weight = parameters.matrix<Rank.R2>(`${name}.weight`, [from, to], from, gain);
  const bias = parameters.constant(`${name}.bias`, to, 0);
  return (x) => add(matMul<Tensor2D>(x, weight), bias);
}

/** Convolution with a kernel of odd sides and borders of zeros, n × height × width × channels, all places kept. */
export function convolution(
  parameters: Parameters,
  name: string,
  kernel: readonly [height: number, width: number],
  from: number,
  to: number,
): Layer<Tensor4D> {
  mendGradients();
  const [height, width] = kernel;
  const inputs = height * width * from;
  const weight = parameters.matrix<Rank.R4>(`${name}.weight`, [height, width, from, to], inputs);
  return (x) => conv2d(x, weight, 1, 'same');
}

/**
 * Every item with mean 0 and variance 1 over its places and channels, then a gain and a bias by channel: group normalization with one
 * group (Wu & He 2018). It depends on no other item of the batch, so an item has one embedding.
 */
export function normalization(parameters: Parameters, name: string, channels: number): Layer<Tensor4D> {
  const gain = parameters.constant(`${name}.gain`, channels, 1);
  const bias = parameters.constant(`${name}.bias`, channels, 0);
  return (x) => add(mul<Tensor4D>(standardize(x), gain), bias);
}

/**
 * Each item with mean 0 and variance 1. Its gradient in closed form, r (g − mean(g) − y mean(g y)) with y the result and r one over the deviation (Ioffe &
 * Szegedy 2015, section 3): by those of its ops it would be three times as many passes over the largest tensors of a network.
 */
const standardize = customGrad((x, save) => {
  if (!(x instanceof Tensor) || typeof save !== 'function') throw new Error('Only a tensor has a gradient.');
  const centered = sub(x, mean(x, [1, 2, 3], true));
  const variance = mean(square(centered), [1, 2, 3], true);
  const scale = rsqrt(add(variance, VARIANCE_EPSILON));
  const value = mul<Tensor4D>(centered, scale);
  save([value, scale]);
  const gradFunc = (slope: Tensor, saved: Tensor[]): Tensor => {
    const [y = value, r = scale] = saved;
    const along = mul(y, mean(mul(slope, y), [1, 2, 3], true));
    return mul(sub(sub(slope, mean(slope, [1, 2, 3], true)), along), r);
  };
  return { value, gradFunc };
});

/** Means of blocks of places that do not overlap; what is left over at the border is left out. */
export function pool(x: Tensor4D, block: readonly [height: number, width: number]): Tensor4D {
  if (block.every((side) => side === 1)) return x;
  return avgPool(x, [...block], [...block], 'valid');
}
