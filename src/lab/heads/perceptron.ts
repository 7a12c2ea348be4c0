import { matMul, type Rank, relu, type Tensor2D } from '@tensorflow/tfjs-core';
import { dense } from '../encoders/layers.ts';
import { Parameters } from '../encoders/parameters.ts';
import { type BatchNormalization, batchNormalization } from './batch-normalization.ts';
import type { Head } from './head.ts';

export interface PerceptronSettings {
  /** Numbers in the encoder's embedding. */
  readonly from: number;
  /** Numbers of each hidden layer. */
  readonly hidden: readonly number[];
  readonly width: number;
  readonly seed: number;
  readonly name: string;
}

/**
 * A perceptron: each hidden layer is a product, batch normalization and ReLU; the last a product and a bias alone. With one hidden layer as wide as the
 * embedding it is SimCLR's projection head (Chen et al. 2020, section 4.2; batch normalization as in the authors' code), with two as wide as
 * the output the expander of VICReg (Bardes et al. 2022, section 4.2) and the projector of Barlow Twins and DeCUR (Zbontar et al. 2021, section 2.2),
 * with none a linear classifier.
 */
export function createPerceptron({ from, hidden, width, seed, name }: PerceptronSettings): Head {
  const parameters = new Parameters(seed, name);
  const norms: BatchNormalization[] = [];
  const layers = hidden.map((to, at) => {
    const inputs = hidden[at - 1] ?? from;
    // Without a bias: the normalization would take it off again.
    const weight = parameters.matrix<Rank.R2>(`layer${at}.weight`, [inputs, to], inputs);
    const norm = batchNormalization(parameters, name, `layer${at}.normalization`, to);
    norms.push(norm);
    return (rows: Tensor2D, isTraining: boolean): Tensor2D =>
      relu(norm.normalize(matMul(rows, weight), isTraining));
  });
  const last = dense(parameters, 'projection', hidden.at(-1) ?? from, width, 1);
  return {
    width,
    parameters: parameters.all,
    statistics: norms.flatMap(({ statistics }) => statistics),
    project: (rows, isTraining) => last(layers.reduce((x, layer) => layer(x, isTraining), rows)),
    settle() {
      for (const norm of norms) norm.settle();
    },
    forget() {
      for (const norm of norms) norm.forget();
    },
    dispose() {
      parameters.dispose();
      for (const norm of norms) norm.dispose();
    },
  };
}
