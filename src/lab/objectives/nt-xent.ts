import { concat, mul, slice, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { atTemperature, cosines } from './contrast.ts';
import { ntXentDefaults, type TemperatureSettings } from './defaults.ts';
import { pickPairs } from './info-nce.ts';
import type { Loss } from './loss.ts';
import { identity } from './matrix.ts';

// Taken off the logit of each view with itself: its exponential is 0 then, and nothing is infinite.
const OUT_OF_REACH = 1e9;

/**
 * NT-Xent, the loss of SimCLR (Chen et al. 2020, equation 1 and algorithm 1), over the 2n views of n items:
 *
 *     ℓᵢⱼ = −log( exp(sᵢⱼ/τ) / Σ_{k≠i} exp(sᵢₖ/τ) ),   s = cos(z, z)
 *     L = 1/2n Σₖ ( ℓ(2k−1, 2k) + ℓ(2k, 2k−1) )
 *
 * Its terms are those of InfoNCE: `attraction` = −mean of s/τ over the pairs, `repulsion` = mean over the views of log Σ_{k≠i} exp(sᵢₖ/τ).
 * The authors' code sums the means of both halves, and so gives twice this.
 *
 * @param views.first n × d, a view of each item after the projection head, of any length; n ≥ 2
 * @param views.second n × d, another view of the same items
 * @param settings τ 0.5, as for CIFAR-10 (appendix B.9); 0.1 for ImageNet
 * @throws {UnfitBatch} when n is 1 or the shapes differ; {RangeError} when τ is not above 0
 */
export function ntXent(
  views: { readonly first: Tensor2D; readonly second: Tensor2D },
  settings: Partial<TemperatureSettings> = {},
): Loss<'attraction' | 'repulsion'> {
  checkBatch('NT-Xent', { 'the first view': views.first, 'the second view': views.second });
  const { temperature } = { ...ntXentDefaults, ...settings };
  const all = concat([views.first, views.second]);
  const logits = atTemperature(cosines(all, all), temperature);
  const items = views.first.shape[0];
  const itself = identity(2 * items);
  // The pair of view i is i + n, around: the identity with its halves exchanged.
  const half = (from: number) => slice(itself, [from, 0], [items, 2 * items]);
  const pairs = concat([half(items), half(0)]);
  return pickPairs(logits, sub(logits, mul(itself, OUT_OF_REACH)), pairs);
}
