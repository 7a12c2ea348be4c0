import {
  keep,
  type NamedTensorMap,
  reshape,
  type Scalar,
  stack,
  type Tensor,
  type Tensor1D,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Loss } from './loss.ts';

export interface Differentiated {
  /** Total first, then each term: one tensor, so that one read gets all numbers of a step. */
  readonly values: Tensor1D;
  /** What each of `values` is. */
  readonly names: readonly ['total', ...string[]];
  readonly weights: Loss['weights'];
  /** By the variable's name; only of variables that the loss depends on. */
  readonly gradients: NamedTensorMap;
}

/**
 * A loss, its terms and its gradients. By `variableGrads` alone the terms would be lost: it frees all that is made within but the total.
 * What is returned is the caller's to dispose of, or its tidy's.
 *
 * @param loss computes the objective from the variables
 * @param variables what the gradient is taken by
 */
export function differentiate(loss: () => Loss, variables: readonly Variable[]): Differentiated {
  const inside: { made?: Loss; values?: Tensor } = {};
  try {
    const { value, grads } = variableGrads((): Scalar => {
      const made = loss();
      inside.made = made;
      inside.values = keep(stack([made.total, ...Object.values(made.terms)]));
      return made.total;
    }, [...variables]);
    value.dispose();
    const { made, values } = inside;
    if (!made || !values) throw new Error('The loss was not computed.');
    return {
      values: reshape(values, [values.size]),
      names: ['total', ...Object.keys(made.terms)],
      weights: made.weights,
      gradients: grads,
    };
  } finally {
    inside.values?.dispose();
  }
}
