import { add, exp, mul, type Scalar, softplus, sub, type Tensor2D } from '@tensorflow/tfjs-core';
import { checkBatch } from './batch.ts';
import { cosines } from './contrast.ts';
import { type Loss, weigh } from './loss.ts';
import { identity, meanOverRows } from './matrix.ts';

/**
 * SigLIP (Zhai et al. 2023, section 3.2 and algorithm 1): every picture with every text is a question of its own, do they belong together?
 * It needs no large batch.
 *
 *     L = −1/n Σᵢ Σⱼ log σ( zᵢⱼ (eᵗ cos(xᵢ, yⱼ) + b) ),   zᵢⱼ = 1 where i = j, else −1
 *
 * @param embeddings.images n × d, of any length; n ≥ 2
 * @param embeddings.texts n × d: row i is the caption of picture i
 * @param embeddings.logScale t, which is learned, from ln 10
 * @param embeddings.bias b, which is learned, from −10: at first nearly all pairs are none
 * @returns `matching`, the part of i = j, and `others`, that of i ≠ j; both over n
 * @throws {UnfitBatch} when n is 1 or the shapes differ
 */
export function sigLip(embeddings: {
  readonly images: Tensor2D;
  readonly texts: Tensor2D;
  readonly logScale: Scalar;
  readonly bias: Scalar;
}): Loss<'matching' | 'others'> {
  const { images, texts, logScale, bias } = embeddings;
  checkBatch('SigLIP', { images, texts });
  const logits = add(mul(cosines(images, texts), exp(logScale)), bias);
  const pairs = identity(images.shape[0]);
  // −log σ(z · logit), with no logarithm of a number near 0.
  const losses = softplus(mul(logits, sub(1, mul(pairs, 2))));
  const matching = mul<Tensor2D>(losses, pairs);
  return weigh(
    { matching: meanOverRows(matching), others: meanOverRows(sub(losses, matching)) },
    { matching: 1, others: 1 },
  );
}
