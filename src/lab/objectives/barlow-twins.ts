import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { crossCorrelation } from './correlation.ts';
import { type BarlowTwinsSettings, barlowTwinsDefaults } from './defaults.ts';
import { type Loss, weigh } from './loss.ts';
import { squareSums } from './matrix.ts';
import { standardize } from './normalize.ts';

/**
 * Barlow Twins (Zbontar et al. 2021, equations 1 and 2): the cross-correlation of two views should be the identity.
 *
 *     L = Σᵢ (1 − Cᵢᵢ)² + λ Σ_{i≠j} Cᵢⱼ²,   C = ẑ₁ᵀ ẑ₂ / n
 *
 * ẑ is standardized over the batch as by BatchNorm1d without gain and bias (ε 1e-5), as in the authors' code; equation 2 has no ε, and no
 * value for a feature that is constant.
 *
 * @param views.first n × d, a view of each item after the projector; n ≥ 2
 * @param views.second n × d, another view of the same items
 * @param settings λ 0.0051
 * @returns `diagonal`, Σᵢ (1 − Cᵢᵢ)², and `offDiagonal`, Σ_{i≠j} Cᵢⱼ² before λ
 * @throws {UnfitBatch} when n is 1 or the shapes differ
 */
export function barlowTwins(
  views: { readonly first: Tensor2D; readonly second: Tensor2D },
  settings: Partial<BarlowTwinsSettings> = {},
): Loss<'diagonal' | 'offDiagonal'> {
  checkBatch('Barlow Twins', { 'the first view': views.first, 'the second view': views.second });
  const { offDiagonalWeight } = { ...barlowTwinsDefaults, ...settings };
  const correlation = crossCorrelation(standardize(views.first), standardize(views.second));
  return weigh({ ...squareSums(correlation, 1) }, { diagonal: 1, offDiagonal: offDiagonalWeight });
}
