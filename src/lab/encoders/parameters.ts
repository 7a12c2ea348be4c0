import { type Rank, type ShapeMap, tensor, type Variable, variable } from '@tensorflow/tfjs-core';
import { createRandom, gaussian, type Random } from '../../projection/random.ts';

/** What an encoder learns. */
export interface Parameter {
  readonly name: string;
  readonly values: Variable;
  /** Whether weight decay acts on it: on the matrices, not on gains, biases and embeddings of positions. */
  readonly decays: boolean;
}

/** Makes the parameters of a network, the same for the same seed on every backend, and keeps count of them. */
export class Parameters {
  readonly #random: Random;
  readonly #prefix: string;
  readonly #all: Parameter[] = [];

  /** @param prefix begins the name of each, so that those of two networks differ */
  constructor(seed: number, prefix: string) {
    this.#random = createRandom(seed);
    this.#prefix = prefix;
  }

  get all(): readonly Parameter[] {
    return this.#all;
  }

  /** A matrix of products over `inputs` values, normal with variance 2 / inputs (He et al. 2015), for what a ReLU follows. */
  matrix<R extends Rank>(name: string, shape: ShapeMap[R], inputs: number, gain = 2): Variable<R> {
    return this.#add<R>(name, this.#normal(shape, Math.sqrt(gain / inputs)), shape, true);
  }

  /** One row for each of a number of things, small at first. */
  table(name: string, rows: number, width: number): Variable<Rank.R2> {
    return this.#add<Rank.R2>(name, this.#normal([rows, width], 0.02), [rows, width], false);
  }

  /** As many times one number: a gain (1) or a bias (0). */
  constant(name: string, size: number, value: number): Variable<Rank.R1> {
    return this.#add<Rank.R1>(name, new Float32Array(size).fill(value), [size], false);
  }

  dispose(): void {
    for (const { values } of this.#all) values.dispose();
  }

  #add<R extends Rank>(name: string, values: Float32Array, shape: ShapeMap[R], decays: boolean): Variable<R> {
    const whole = `${this.#prefix}.${name}`;
    const initial = tensor<R>(values, shape);
    // Without a name of its own: tfjs keeps a register of names, in which two runs of one model would meet.
    const made = variable(initial, true);
    initial.dispose();
    this.#all.push({ name: whole, values: made, decays });
    return made;
  }

  #normal(shape: readonly number[], deviation: number): Float32Array {
    const size = shape.reduce((product, length) => product * length, 1);
    return Float32Array.from({ length: size }, () => deviation * gaussian(this.#random));
  }
}
