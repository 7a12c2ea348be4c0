import { type Scalar, scalar, slice, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { crossCorrelation, redundancy } from './correlation.ts';
import { type DeCurSettings, deCurDefaults } from './defaults.ts';
import { type Loss, weigh } from './loss.ts';
import { standardize } from './normalize.ts';

/** Two augmented views of the same items, n × d each. */
export interface ViewPair {
  readonly first: Tensor2D;
  readonly second: Tensor2D;
}

/**
 * DeCUR (Wang et al. 2023, section 3): two modalities agree on their common dimensions, disagree on their unique ones, and each learns from
 * its own views in all.
 *
 *     L = L_com + L_uni + L_M1 + L_M2
 *     L_com = Σᵢ (1 − Cᵢᵢ)² + λ Σ_{i≠j} Cᵢⱼ²     over the first K of d dimensions, between the modalities
 *     L_uni = Σᵢ Cᵢᵢ² + λ Σ_{i≠j} Cᵢⱼ²           over the others, between the modalities
 *     L_M = Σᵢ (1 − Cᵢᵢ)² + λ Σ_{i≠j} Cᵢⱼ²       over all, between two views within a modality (Barlow Twins)
 *
 * C is the cross-correlation after batch normalization without gain and bias. Between the modalities it is that of their first views; its
 * blocks of a common with a unique dimension count for nothing. The authors' code (decur.py and its training loop) takes
 * ( L_M1 + L_M2 + ½ (L_com + L_uni) ) / 3 instead: that is the form `code`.
 *
 * @param one the first modality; n ≥ 2
 * @param other the second modality, the same items in the same order, as many dimensions
 * @param settings common share 0.75, so that K = round(0.75 d); λ 0.0051; form `paper`
 * @returns `common` and `unique` (0 where there are no such dimensions), `withinFirst` and `withinSecond`
 * @throws {UnfitBatch} when n is 1 or the shapes differ; {RangeError} when the share is not in 0..1
 */
export function deCur(
  one: ViewPair,
  other: ViewPair,
  settings: Partial<DeCurSettings> = {},
): Loss<'common' | 'unique' | 'withinFirst' | 'withinSecond'> {
  checkBatch('DeCUR', {
    'a view of the first modality': one.first,
    'its other view': one.second,
    'a view of the second modality': other.first,
    'that one’s other view': other.second,
  });
  const { commonShare, offDiagonalWeight, form } = { ...deCurDefaults, ...settings };
  const dimension = one.first.shape[1];
  const common = commonDimensions(dimension, commonShare);
  const [a, b] = [standardize(one.first), standardize(other.first)];
  const within = (view: Tensor2D, again: Tensor2D) =>
    redundancy(crossCorrelation(view, standardize(again)), 1, offDiagonalWeight);
  const between = (from: number, count: number, wished: 0 | 1): Scalar =>
    count === 0
      ? scalar(0)
      : redundancy(
          crossCorrelation(columns(a, from, count), columns(b, from, count)),
          wished,
          offDiagonalWeight,
        );
  const asInCode = form === 'code';
  return weigh(
    {
      common: between(0, common, 1),
      unique: between(common, dimension - common, 0),
      withinFirst: within(a, one.second),
      withinSecond: within(b, other.second),
    },
    {
      common: asInCode ? 1 / 6 : 1,
      unique: asInCode ? 1 / 6 : 1,
      withinFirst: asInCode ? 1 / 3 : 1,
      withinSecond: asInCode ? 1 / 3 : 1,
    },
  );
}

/**
 * How many of d dimensions are common under a share: the first ones.
 *
 * @throws {RangeError} when the share is not in 0..1
 */
export function commonDimensions(dimension: number, share: number): number {
  if (!(share >= 0 && share <= 1))
    throw new RangeError(`The share of common dimensions is ${share}. Choose a number from 0 to 1.`);
  return Math.round(dimension * share);
}

function columns(matrix: Tensor2D, from: number, count: number): Tensor2D {
  return slice(matrix, [0, from], [matrix.shape[0], count]);
}
