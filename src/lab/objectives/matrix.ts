import {
  cast,
  div,
  equal,
  mul,
  range,
  reshape,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** n × n, made where the backend computes. */
export function identity(size: number): Tensor2D {
  const places = range(0, size);
  return cast(equal<Tensor2D>(reshape(places, [size, 1]), reshape(places, [1, size])), 'float32');
}

/** 1/n Σᵢ Σⱼ of n × m. */
export function meanOverRows(values: Tensor2D): Scalar {
  return div(sum(values), values.shape[0]);
}

/** Sums of squares over a square matrix. */
export interface SquareSums {
  readonly diagonal: Scalar;
  readonly offDiagonal: Scalar;
}

/** Σᵢ (Mᵢᵢ − wished)² and Σᵢ≠ⱼ Mᵢⱼ² of a d × d matrix. */
export function squareSums(matrix: Tensor2D, wished: 0 | 1 = 0): SquareSums {
  const diagonal = identity(matrix.shape[0]);
  const squares = square(wished === 0 ? matrix : sub(matrix, diagonal));
  const onDiagonal = mul(squares, diagonal);
  return { diagonal: sum(onDiagonal), offDiagonal: sum(sub(squares, onDiagonal)) };
}
