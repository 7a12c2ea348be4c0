/** What redundancy reduction stands on: the cross-correlation of two batches, and how far it is from what it should be. */
import { add, div, matMul, mul, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import { squareSums } from './matrix.ts';

/**
 * C = ẑ₁ᵀ ẑ₂ / n of two batches whose columns are standardized, d × d: Cᵢⱼ is the correlation of feature i of the first with feature j of
 * the second, in −1..1.
 *
 * @param first n × d
 * @param second n × d
 */
export function crossCorrelation(first: Tensor2D, second: Tensor2D): Tensor2D {
  return div(matMul(first, second, true), first.shape[0]);
}

/**
 * Σᵢ (Cᵢᵢ − wished)² + λ Σᵢ≠ⱼ Cᵢⱼ² of a cross-correlation.
 *
 * @param wished what features of the same place should correlate by
 */
export function redundancy(correlation: Tensor2D, wished: 0 | 1, offDiagonalWeight: number): Scalar {
  const { diagonal, offDiagonal } = squareSums(correlation, wished);
  return add(diagonal, mul(offDiagonal, offDiagonalWeight));
}
