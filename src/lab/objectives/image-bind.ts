import { type Scalar, type Tensor2D, transpose } from '@tensorflow/tfjs-core';
import { checkBatch, UnfitBatch } from './batch.ts';
import { atLogScale, atTemperature, cosines, crossEntropy } from './contrast.ts';
import {
  type BoundModality,
  boundModalities,
  type ImageBindSettings,
  imageBindDefaults,
} from './defaults.ts';
import { type Loss, weigh } from './loss.ts';
import { identity } from './matrix.ts';

/** What is known of one modality beside pictures: n × d each, row i of both of the same scene; n ≥ 2. */
export interface BoundPairs {
  readonly images: Tensor2D;
  readonly others: Tensor2D;
  /** Where the temperature is learned: the logarithm of one over it, at most ln 100. Without it, the temperature is the setting's. */
  readonly logScale?: Scalar;
}

const words: Readonly<Record<BoundModality, 'Text' | 'Audio' | 'Depth' | 'Thermal' | 'Imu'>> = {
  text: 'Text',
  audio: 'Audio',
  depth: 'Depth',
  thermal: 'Thermal',
  imu: 'Imu',
};

/**
 * ImageBind (Girdhar et al. 2023, equation 1): InfoNCE both ways between pictures and each other modality, none between the others.
 *
 *     L = Σ_M ( L_{I,M} + L_{M,I} ),   L_{I,M} = 1/n Σᵢ −log( exp(qᵢ·kᵢ/τ_M) / Σⱼ exp(qᵢ·kⱼ/τ_M) )
 *
 * q and k are of length 1. Each modality has pairs of its own, so their n may differ. In the paper the encoders of pictures and texts are
 * frozen; whether they are is up to whoever takes the gradient.
 *
 * @param pairs by modality; one at least
 * @param settings temperatures of the released model: text 0.07 (learned there), audio 0.05, depth 0.2, thermal 0.1, IMU 0.2 (fixed)
 * @returns two terms a modality, `imageToAudio` = L_{I,A} and `audioToImage` = L_{A,I}
 * @throws {UnfitBatch} when there is no modality, an n is 1 or shapes differ; {RangeError} when a temperature is not above 0
 */
export function imageBind(
  pairs: Readonly<Partial<Record<BoundModality, BoundPairs>>>,
  settings: { readonly temperatures?: Readonly<Partial<Record<BoundModality, number>>> } = {},
): Loss {
  const temperatures: ImageBindSettings['temperatures'] = {
    ...imageBindDefaults.temperatures,
    ...settings.temperatures,
  };
  const terms: Record<string, Scalar> = {};
  for (const modality of boundModalities) {
    const given = pairs[modality];
    if (given === undefined) continue;
    const { images, others, logScale } = given;
    checkBatch(`ImageBind (${modality})`, { images, [modality]: others });
    const similarities = cosines(images, others);
    const logits = logScale
      ? atLogScale(similarities, logScale)
      : atTemperature(similarities, temperatures[modality]);
    const same = identity(images.shape[0]);
    terms[`imageTo${words[modality]}`] = crossEntropy(logits, same);
    terms[`${modality}ToImage`] = crossEntropy(transpose(logits), same);
  }
  if (Object.keys(terms).length === 0)
    throw new UnfitBatch('ImageBind was given no modality to bind to pictures. Choose at least one.');
  return weigh(terms, Object.fromEntries(Object.keys(terms).map((name) => [name, 1])));
}
