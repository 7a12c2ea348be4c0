import { type Scalar, type Tensor2D, transpose } from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { atLogScale, cosines, crossEntropy } from './contrast.ts';
import { type Loss, weigh } from './loss.ts';
import { identity } from './matrix.ts';

/**
 * The loss of CLIP (Radford et al. 2021, section 2.3 and figure 3): of all texts of a batch, each picture picks its own, and the other way
 * round.
 *
 *     logits = min(eᵗ, 100) · cos(I, T),   L = ½ ( CE(rows) + CE(columns) )
 *
 * @param embeddings.images n × d, of any length; n ≥ 2
 * @param embeddings.texts n × d: row i is the caption of picture i
 * @param embeddings.logScale t, which is learned, from ln(1/0.07); `clampLearned` keeps it within its bounds
 * @returns `imageToText`, the cross-entropy of rows, and `textToImage`, that of columns
 * @throws {UnfitBatch} when n is 1 or the shapes differ
 */
export function clip(embeddings: {
  readonly images: Tensor2D;
  readonly texts: Tensor2D;
  readonly logScale: Scalar;
}): Loss<'imageToText' | 'textToImage'> {
  const { images, texts, logScale } = embeddings;
  checkBatch('CLIP', { images, texts });
  const logits = atLogScale(cosines(images, texts), logScale);
  const pairs = identity(logits.shape[0]);
  return weigh(
    { imageToText: crossEntropy(logits, pairs), textToImage: crossEntropy(transpose(logits), pairs) },
    { imageToText: 0.5, textToImage: 0.5 },
  );
}
