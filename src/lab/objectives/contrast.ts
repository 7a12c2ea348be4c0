/** What contrastive objectives have in common: logits from cosines, and the cross-entropy that picks the true pair among all. */
import {
  div,
  exp,
  logSoftmax,
  matMul,
  minimum,
  mul,
  neg,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { meanOverRows } from './matrix.ts';
import { unitRows } from './normalize.ts';

/** Logit scales may not grow beyond it (Radford et al. 2021, section 2.5). */
export const MAX_LOGIT_SCALE = 100;
const MAX_LOG_SCALE = Math.fround(Math.log(MAX_LOGIT_SCALE));

/** Cosines of every row of n × d with every row of m × d, n × m. */
export function cosines(rows: Tensor2D, columns: Tensor2D): Tensor2D {
  return matMul(unitRows(rows), unitRows(columns), false, true);
}

/** @throws {RangeError} when the temperature is not above 0 */
export function atTemperature(similarities: Tensor2D, temperature: number): Tensor2D {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new RangeError(`The temperature is ${temperature}. Choose a number above 0.`);
  return div(similarities, temperature);
}

/** Times e to the power of a scale that is learned, but no more than 100. At the bound itself the scale still has its gradient. */
export function atLogScale(similarities: Tensor2D, logScale: Scalar): Tensor2D {
  return mul(similarities, exp(minimum(logScale, MAX_LOG_SCALE)));
}

/**
 * −1/n Σᵢ Σⱼ target ᵢⱼ · log softmax(logitsᵢ)ⱼ: by the largest logit of each row, so that no exponential overflows.
 *
 * @param logits n × m
 * @param targets n × m, rows that sum to 1
 */
export function crossEntropy(logits: Tensor2D, targets: Tensor2D): Scalar {
  return neg(meanOverRows(mul(logSoftmax(logits), targets)));
}
