import { add, mul, type Scalar } from '@tensorflow/tfjs-core';

/**
 * What an objective gives: `total` is the sum of `weights[name] · terms[name]` over all its terms. Every tensor is made in the caller's
 * tidy, and has a gradient by way of `total`.
 */
export interface Loss<Name extends string = string> {
  readonly total: Scalar;
  /** As the formula names them, before they are weighted. */
  readonly terms: Readonly<Record<Name, Scalar>>;
  readonly weights: Readonly<Record<Name, number>>;
}

/** A loss that is the weighted sum of its terms. */
export function weigh<Name extends string>(
  terms: Readonly<Record<Name, Scalar>>,
  weights: Readonly<Record<Name, number>>,
): Loss<Name> {
  const weighted: Scalar[] = [];
  for (const name in terms) weighted.push(mul(terms[name], weights[name]));
  return { total: weighted.reduce((sum, term) => add<Scalar>(sum, term)), terms, weights };
}
