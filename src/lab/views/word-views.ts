import { mul, type Tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { Random } from '../../projection/random.ts';

/** Which tokens of n captions a view keeps, in their places. */
export interface DrawnWords {
  /** n × tokens, 1 where kept. */
  readonly kept: Int32Array<ArrayBuffer>;
  readonly tokens: number;
}

// Captions have some five words: most views then lack one.
const DELETED = 0.25;

/** Random deletion of words (Wei and Zou 2019); what begins a caption stays, so that none is empty. */
export function drawWords(random: Random, count: number, tokens: number): DrawnWords {
  const kept = Int32Array.from({ length: count * tokens }, (_, at) =>
    at % tokens === 0 || random() >= DELETED ? 1 : 0,
  );
  return { kept, tokens };
}

/**
 * A view of captions: deleted words become what fills a caption up.
 *
 * @param ids n × tokens, int32; 0 fills up
 */
export function deleteWords(ids: Tensor, { kept, tokens }: DrawnWords): Tensor {
  return mul(ids, tensor2d(kept, [kept.length / tokens, tokens], 'int32'));
}
