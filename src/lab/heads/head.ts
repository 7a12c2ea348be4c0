import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Parameter } from '../encoders/parameters.ts';

/** What stands between an encoder and the loss while it is trained. */
export interface Head {
  /** Numbers in a projection. */
  readonly width: number;
  readonly parameters: readonly Parameter[];
  /** Kept with the parameters, moved by no gradient: what batches were like on average. */
  readonly statistics: readonly { readonly name: string; readonly values: Variable }[];
  /**
   * @param rows n × the encoder's width
   * @param isTraining whether the batch is normalized by itself, or by what batches were like, so that an item's projection depends on no other
   * @returns n × width
   */
  project(rows: Tensor2D, isTraining: boolean): Tensor2D;
  /** To be called after each step: takes the batches since into the statistics. */
  settle(): void;
  /** Instead of `settle`, after a step that was given up: they are as if those batches had not been. */
  forget(): void;
  dispose(): void;
}
