import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Parameter } from './parameters.ts';

/** A network that makes an embedding of each item of one modality. */
export interface Encoder {
  /** Numbers in an embedding. */
  readonly width: number;
  readonly parameters: readonly Parameter[];
  /**
   * @param items as `renderBatch` or `captionBatch` of the world give them
   * @returns n × width; not normalized. Inner tensors are the caller's tidy's.
   */
  encode(items: Tensor): Tensor2D;
  dispose(): void;
}

/** Numbers that an encoder learns. */
export function countParameters({ parameters }: Encoder): number {
  return parameters.reduce((sum, { values }) => sum + values.size, 0);
}
