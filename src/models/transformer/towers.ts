/** What towers of pictures and of texts have in common: batches that memory holds, and rows that are read off at the end. */
import { gather, matMul, type Tensor2D, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { type Norm, normalize, type RunOptions } from './blocks.ts';
import { type TowerConfig, widened } from './config.ts';

/** Half of what every WebGPU device can bind; the largest tensor of a block is at most this, and a few of its size live at once. */
export const ACTIVATION_BYTES = 64 * 2 ** 20;

/** A job on a model; `watch` is shown the input of a tower's first block and the output of each, batch by batch. */
export interface TowerJob extends Job {
  readonly watch?: RunOptions['watch'];
}

/** Sequences in a batch, so that its widest tensor (hidden layer, or queries, keys and values) stays below the limit. */
export function sequencesAtOnce(tower: TowerConfig, length: number, activationBytes: number): number {
  const bytes = Math.max(widened(tower), 3 * tower.width) * length * Float32Array.BYTES_PER_ELEMENT;
  return Math.max(1, Math.floor(activationBytes / bytes));
}

/** What is done to the rows that are the outcome. */
export interface Head {
  readonly lastNorm: Norm;
  /** width × dimension. */
  readonly projection?: Tensor2D | undefined;
}

/** Norm and projection of some rows, n × dimension. @param x disposed of */
export async function readOff(
  x: Tensor2D,
  places: readonly number[],
  { lastNorm, projection }: Head,
  epsilon: number,
): Promise<Float32Array> {
  let output: Tensor2D;
  try {
    output = tidy(() => {
      const rows = normalize(gather(x, tensor1d([...places], 'int32')), lastNorm, epsilon);
      return projection ? matMul<Tensor2D>(rows, projection) : rows;
    });
  } finally {
    x.dispose();
  }
  try {
    return await output.data<'float32'>();
  } finally {
    output.dispose();
  }
}
