import { minimum, type Rank, scalar, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import type { LearnedDefault } from './defaults.ts';

/** A temperature or bias that is learned. The optimizer takes it as it is. */
export interface Learned {
  readonly name: string;
  readonly values: Variable<Rank.R0>;
  readonly decays: false;
  /** To be called after each step: within the objective alone, a scale beyond its bound would have no gradient to come back by. */
  clamp(): void;
  dispose(): void;
}

/** @param name differs from that of every other parameter, like `clip.logScale` */
export function learn(name: string, { initial, most }: LearnedDefault): Learned {
  // Without a name of its own: tfjs keeps a register of names, in which two runs would meet.
  const values = tidy(() => variable<Rank.R0>(scalar(initial)));
  return {
    name,
    values,
    decays: false,
    clamp() {
      if (most !== undefined) tidy(() => values.assign(minimum(values, most)));
    },
    dispose: () => values.dispose(),
  };
}
