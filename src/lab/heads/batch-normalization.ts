import {
  add,
  keep,
  mean,
  mul,
  ones,
  type Rank,
  rsqrt,
  square,
  sub,
  type Tensor1D,
  type Tensor2D,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Parameters } from '../encoders/parameters.ts';

// As in PyTorch's BatchNorm1d.
const VARIANCE_EPSILON = 1e-5;
const MOMENTUM = 0.1;

export interface BatchNormalization {
  /** Running mean and variance. */
  readonly statistics: readonly { readonly name: string; readonly values: Variable }[];
  normalize(rows: Tensor2D, isTraining: boolean): Tensor2D;
  settle(): void;
  forget(): void;
  dispose(): void;
}

/**
 * Batch normalization (Ioffe & Szegedy 2015) of n × `width`: each column with mean 0 and variance 1 over the batch, then a gain and a bias.
 * Beyond training by the running mean and variance of the batches.
 */
export function batchNormalization(
  parameters: Parameters,
  prefix: string,
  name: string,
  width: number,
): BatchNormalization {
  const gain = parameters.constant(`${name}.gain`, width, 1);
  const bias = parameters.constant(`${name}.bias`, width, 0);
  const runningMean = tidy(() => variable(zeros<Rank.R1>([width]), false));
  const runningVariance = tidy(() => variable(ones<Rank.R1>([width]), false));
  const batches: { readonly middle: Tensor1D; readonly variance: Tensor1D }[] = [];
  const forget = (): void => {
    for (const { middle, variance } of batches.splice(0)) {
      middle.dispose();
      variance.dispose();
    }
  };
  return {
    statistics: [
      { name: `${prefix}.${name}.runningMean`, values: runningMean },
      { name: `${prefix}.${name}.runningVariance`, values: runningVariance },
    ],
    normalize(rows, isTraining) {
      let [middle, variance]: [Tensor1D, Tensor1D] = [runningMean, runningVariance];
      if (isTraining) {
        middle = mean<Tensor1D>(rows, 0);
        variance = mean<Tensor1D>(square(sub(rows, middle)), 0);
        const unbiased = rows.shape[0] / Math.max(1, rows.shape[0] - 1);
        batches.push({ middle: keep(middle), variance: keep(mul(variance, unbiased)) });
      }
      const scale = mul(rsqrt(add(variance, VARIANCE_EPSILON)), gain);
      return add(mul(sub(rows, middle), scale), bias);
    },
    settle() {
      for (const { middle, variance } of batches.splice(0)) {
        tidy(() => {
          runningMean.assign(add(mul(runningMean, 1 - MOMENTUM), mul(middle, MOMENTUM)));
          runningVariance.assign(add(mul(runningVariance, 1 - MOMENTUM), mul(variance, MOMENTUM)));
        });
        middle.dispose();
        variance.dispose();
      }
    },
    forget,
    dispose() {
      forget();
      runningMean.dispose();
      runningVariance.dispose();
    },
  };
}
