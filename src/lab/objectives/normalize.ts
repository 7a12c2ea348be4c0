import { add, maximum, mean, mul, rsqrt, square, sub, sum, type Tensor2D } from '@tensorflow/tfjs-core';

// Squared lengths below it count as it, as in TensorFlow's l2_normalize, so that a row of zeros has a finite gradient.
const LEAST_SQUARED_LENGTH = 1e-12;

// Of PyTorch's BatchNorm1d: a feature that is constant over the batch becomes 0, and has a finite gradient.
const VARIANCE_EPSILON = 1e-5;

/** Every row of n × d at length 1; a row of zeros stays what it is. */
export function unitRows(rows: Tensor2D): Tensor2D {
  const squaredLengths = sum(square(rows), 1, true);
  return mul(rows, rsqrt(maximum(squaredLengths, LEAST_SQUARED_LENGTH)));
}

/**
 * Batch normalization without gain and bias: every column of n × d with mean 0 and (biased) variance 1. Composed of plain ops, since the
 * gradient of tfjs's own `batchNorm` fails where there is no offset.
 */
export function standardize(rows: Tensor2D): Tensor2D {
  const centered = center(rows);
  const variance = mean(square(centered), 0, true);
  return mul(centered, rsqrt(add(variance, VARIANCE_EPSILON)));
}

/** Every column of n × d with mean 0. */
export function center(rows: Tensor2D): Tensor2D {
  return sub(rows, mean(rows, 0, true));
}
