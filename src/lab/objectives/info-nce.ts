import { mul, neg, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { atTemperature, cosines, crossEntropy } from './contrast.ts';
import { infoNceDefaults, type TemperatureSettings } from './defaults.ts';
import type { Loss } from './loss.ts';
import { identity, meanOverRows } from './matrix.ts';

/**
 * InfoNCE (van den Oord et al. 2018, equation 4), in the form that He et al. 2020 (equation 1) made common, with cosines over a temperature:
 *
 *     L = 1/n Σᵢ −log( exp(sᵢᵢ/τ) / Σⱼ exp(sᵢⱼ/τ) ),   sᵢⱼ = cos(qᵢ, kⱼ)
 *
 * Its terms are those of Wang and Isola 2020: `attraction` = −1/n Σᵢ sᵢᵢ/τ pulls pairs together, `repulsion` = 1/n Σᵢ log Σⱼ exp(sᵢⱼ/τ)
 * pushes all apart.
 *
 * @param embeddings.queries n × d, of any length; n ≥ 2
 * @param embeddings.keys n × d: row i is the pair of query i, the others are its negatives
 * @param settings τ 0.07
 * @throws {UnfitBatch} when n is 1 or the shapes differ; {RangeError} when τ is not above 0
 */
export function infoNce(
  embeddings: { readonly queries: Tensor2D; readonly keys: Tensor2D },
  settings: Partial<TemperatureSettings> = {},
): Loss<'attraction' | 'repulsion'> {
  checkBatch('InfoNCE', { queries: embeddings.queries, keys: embeddings.keys });
  const { temperature } = { ...infoNceDefaults, ...settings };
  const logits = atTemperature(cosines(embeddings.queries, embeddings.keys), temperature);
  return pickPairs(logits, logits, identity(logits.shape[0]));
}

/**
 * The cross-entropy of picking each row's pair, in its two terms.
 *
 * @param logits n × m
 * @param among n × m, the logits with those that are no candidates far below the others
 * @param pairs n × m, 1 where row and column are a pair
 */
export function pickPairs(
  logits: Tensor2D,
  among: Tensor2D,
  pairs: Tensor2D,
): Loss<'attraction' | 'repulsion'> {
  const total = crossEntropy(among, pairs);
  const attraction = neg(meanOverRows(mul(logits, pairs)));
  return {
    total,
    terms: { attraction, repulsion: sub(total, attraction) },
    weights: { attraction: 1, repulsion: 1 },
  };
}
