/** AdamW (Loshchilov and Hutter 2019, algorithm 2), which tfjs has not: Adam whose weight decay is no part of the gradient. */
import {
  add,
  concat1d,
  div,
  keep,
  mul,
  type NamedTensorMap,
  type Rank,
  reshape,
  slice,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  type Variable,
  zeros,
} from '@tensorflow/tfjs-core';

export interface AdamWSettings {
  /** Of the running mean of gradients, in 0..1. */
  readonly beta1: number;
  /** Of the running mean of their squares, in 0..1. */
  readonly beta2: number;
  /** Added to the root of the latter. */
  readonly epsilon: number;
  /** Part of a parameter that is taken off at a learning rate of 1. */
  readonly weightDecay: number;
}

/** As in PyTorch's torch.optim.AdamW. */
export const adamWDefaults: AdamWSettings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

/** What is to be kept with the parameters, so that a run goes on as if it had not stopped. */
export interface AdamWState {
  readonly steps: number;
  /** By the parameter's name: running means of its gradient and of its square, row-major, as many numbers as it has. */
  readonly moments: ReadonlyMap<string, Moments>;
}

export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** What is trained: encoders and objectives give theirs so. */
export interface Trained {
  /** By it, its moments are kept. */
  readonly name: string;
  readonly values: Variable;
  /** Whether weight decay acts on it: not on gains, biases and temperatures. */
  readonly decays: boolean;
}

/** A parameter, and where it lies in the one vector that they are updated in. */
interface Place {
  readonly name: string;
  readonly variable: Variable;
  readonly from: number;
  readonly size: number;
}

/** A state that belongs to other parameters than these. */
export class UnfitState extends RangeError {
  override readonly name = 'UnfitState';
}

/**
 * Moves variables down their gradients:
 *
 *     p ← p − rate · decay · p;   m ← β₁ m + (1 − β₁) g;   v ← β₂ v + (1 − β₂) g²
 *     p ← p − rate · m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
 *
 * All parameters are updated as one vector, since a small network has many more of them than a GPU has use for as calls. It holds two numbers
 * for each parameter until it is disposed of; the variables are the caller's.
 */
export class AdamW {
  readonly #settings: AdamWSettings;
  readonly #places: readonly Place[];
  readonly #decays: Tensor1D;
  #first: Tensor1D;
  #second: Tensor1D;
  #steps = 0;

  /**
   * @param parameters all that is trained, of different names
   * @param settings β₁ 0.9, β₂ 0.999, ε 1e-8, decay 0.01
   * @throws {RangeError} when there is no parameter, two have one name, or a setting is out of its range
   */
  constructor(parameters: readonly Trained[], settings: Partial<AdamWSettings> = {}) {
    this.#settings = check({ ...adamWDefaults, ...settings });
    let from = 0;
    const places = new Map<string, Place>();
    for (const { name, values } of parameters) {
      if (places.has(name)) throw new RangeError(`Two parameters are called ${name}.`);
      places.set(name, { name, variable: values, from, size: values.size });
      from += values.size;
    }
    if (from === 0) throw new RangeError('There is no parameter to train.');
    this.#places = [...places.values()];
    const decay = parameters.flatMap(({ values, decays }) =>
      new Array<number>(values.size).fill(decays ? this.#settings.weightDecay : 0),
    );
    // Kept, for whoever makes it may be in a tidy.
    this.#decays = keep(tensor1d(decay));
    this.#first = keep(zeros<Rank.R1>([from]));
    this.#second = keep(zeros<Rank.R1>([from]));
  }

  /** Steps that were taken, those before an imported state included. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step down.
   *
   * @param gradients by the variables' own names, as `variableGrads` gives them; the caller's to dispose of
   * @throws {Error} when a parameter has no gradient: what is not trained is not to be among the parameters. Nothing has moved then.
   */
  step(gradients: NamedTensorMap, rate: number): void {
    const { beta1, beta2, epsilon } = this.#settings;
    const steps = this.#steps + 1;
    const [first, second] = tidy(() => {
      const slope = concat1d(this.#places.map((place) => flat(this.#gradientOf(place, gradients))));
      const first = add<Tensor1D>(mul(this.#first, beta1), mul(slope, 1 - beta1));
      const second = add<Tensor1D>(mul(this.#second, beta2), mul(square(slope), 1 - beta2));
      const spread = add(mul(sqrt(second), 1 / Math.sqrt(1 - beta2 ** steps)), epsilon);
      const moved = mul(div(first, spread), rate / (1 - beta1 ** steps));
      const before = concat1d(this.#places.map(({ variable }) => flat(variable)));
      const decayed = sub(before, mul(mul(before, this.#decays), rate));
      this.#assign(sub(decayed, moved));
      return [keep(first), keep(second)] as const;
    });
    this.#replace(first, second);
    this.#steps = steps;
  }

  /** Read from where it is computed; the same numbers come back by `importState`. */
  async exportState(): Promise<AdamWState> {
    const steps = this.#steps;
    const [first, second] = await Promise.all([this.#first.data(), this.#second.data()]);
    const moments = new Map<string, Moments>();
    for (const { name, from, size } of this.#places) {
      const cut = (values: ArrayLike<number>) =>
        Float32Array.from({ length: size }, (_, at) => values[from + at] ?? 0);
      moments.set(name, { first: cut(first), second: cut(second) });
    }
    return { steps, moments };
  }

  /** @throws {UnfitState} when it has not the moments of just these parameters; nothing has changed then */
  importState({ steps, moments }: AdamWState): void {
    if (!Number.isInteger(steps) || steps < 0) throw new UnfitState(`A state after ${steps} steps is none.`);
    const known = new Set(this.#places.map(({ name }) => name));
    const strange = [...moments.keys()].find((name) => !known.has(name));
    if (strange !== undefined)
      throw new UnfitState(
        `The optimizer’s state is of another model: this one has no parameter ${strange}.`,
      );
    const join = (which: keyof Moments): Float32Array => {
      const joined = new Float32Array(this.#decays.size);
      for (const { name, from, size } of this.#places) {
        const values = moments.get(name)?.[which];
        if (values?.length !== size) {
          throw new UnfitState(
            `The optimizer’s state is of another model: of ${name} it has ${values?.length ?? 0} numbers, not ${size}.`,
          );
        }
        joined.set(values, from);
      }
      return joined;
    };
    const [first, second] = [join('first'), join('second')];
    this.#replace(keep(tensor1d(first)), keep(tensor1d(second)));
    this.#steps = steps;
  }

  /** Frees what it holds; the variables stay. */
  dispose(): void {
    for (const tensor of [this.#decays, this.#first, this.#second]) tensor.dispose();
  }

  #gradientOf({ name, variable }: Place, gradients: NamedTensorMap): Tensor {
    const gradient = gradients[variable.name];
    if (gradient) return gradient;
    throw new Error(`The loss does not depend on ${name}. Leave it out of what the optimizer trains.`);
  }

  #assign(values: Tensor1D): void {
    for (const { variable, from, size } of this.#places)
      variable.assign(reshape(slice(values, [from], [size]), variable.shape));
  }

  #replace(first: Tensor1D, second: Tensor1D): void {
    this.#first.dispose();
    this.#second.dispose();
    this.#first = first;
    this.#second = second;
  }
}

function flat(tensor: Tensor): Tensor1D {
  return reshape(tensor, [tensor.size]);
}

function check(settings: AdamWSettings): AdamWSettings {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  const inRange = beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0;
  if (inRange) return settings;
  throw new RangeError(
    `AdamW cannot run with β₁ ${beta1}, β₂ ${beta2}, ε ${epsilon} and decay ${weightDecay}: both β from 0 to below 1, ε above 0, decay not negative.`,
  );
}
