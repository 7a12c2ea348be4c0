import { cast, oneHot, type Rank, reshape, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { UnfitBatch } from './batch.ts';
import { crossEntropy } from './contrast.ts';
import { type Loss, weigh } from './loss.ts';

/**
 * Softmax cross-entropy with given classes, the baseline that is told what is what.
 *
 *     L = 1/n Σᵢ −log( exp(lᵢ,yᵢ) / Σ_c exp(lᵢ,c) )
 *
 * Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.2.2.3. It compares no items, so a batch may have one.
 *
 * @param predictions.logits n × classes; two classes at least
 * @param predictions.labels n, int32, each in 0..classes−1
 * @returns `crossEntropy`
 * @throws {UnfitBatch} when there is no item, one class only, or not one label a row
 */
export function supervised(predictions: {
  readonly logits: Tensor2D;
  readonly labels: Tensor1D;
}): Loss<'crossEntropy'> {
  const { logits, labels } = predictions;
  const [rows, classes] = logits.shape;
  if (rows < 1 || labels.shape[0] !== rows || labels.dtype !== 'int32') {
    throw new UnfitBatch(
      `The supervised loss needs a whole number as label for each of at least 1 row; it was given ${rows} rows and ${labels.shape[0]} labels (${labels.dtype}).`,
    );
  }
  if (classes < 2)
    throw new UnfitBatch(
      `The supervised loss was given ${classes} class. Choose a factor with at least 2 values.`,
    );
  const targets = reshape<Rank.R2>(cast(oneHot(labels, classes), 'float32'), [rows, classes]);
  return weigh({ crossEntropy: crossEntropy(logits, targets) }, { crossEntropy: 1 });
}
