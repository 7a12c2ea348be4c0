import { linearAccuracy } from '../../src/lab/probes/linear.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { Learner, Rows } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';
import type { Factor } from '../../src/lab/world/factors.ts';
import { labelsOf, type Scene } from '../../src/lab/world/scene.ts';
import type { BenchOptions } from './row.ts';

/** A recipe's defaults, with the changes for a small run unless it is the full one. */
export function settingsOf(
  recipe: RecipeId,
  { seed, isFull }: BenchOptions,
  small: Partial<RunSettings>,
): RunSettings {
  const defaults = defaultsOf(recipe);
  if (isFull) return { ...defaults, seed };
  const objective = { ...defaults.objective, ...small.objective };
  return { ...defaults, ...small, objective, seed };
}

/** Takes all steps of a run; every tenth of them is told on the error stream. The learner is the caller's to dispose of. */
export async function train(settings: RunSettings, name: string = settings.recipe): Promise<Learner> {
  const learner = createLearner(settings);
  const began = performance.now();
  const every = Math.max(1, Math.round(settings.steps / 10));
  for (let at = 1; at <= settings.steps; at++) {
    const { total } = await learner.step();
    if (at % every !== 0) continue;
    const seconds = (performance.now() - began) / 1000;
    console.error(
      `${name}: step ${at} of ${settings.steps}, loss ${total.toPrecision(4)}, ${seconds.toFixed(0)} s`,
    );
  }
  return learner;
}

/** How well a linear probe, learned from the embeddings of some scenes, tells a factor of others; in 0..1. */
export function probe(
  learn: readonly [Rows, readonly Scene[]],
  test: readonly [Rows, readonly Scene[]],
  factor: Factor,
): number {
  const labels = { train: labelsOf(learn[1], factor), test: labelsOf(test[1], factor) };
  const [accuracy] = linearAccuracy(learn[0], test[0], [labels]);
  return accuracy?.value ?? Number.NaN;
}

/** Some columns of each row. */
export function columns({ values, count, width }: Rows, from: number, to: number): Rows {
  const cut = new Float32Array(count * (to - from));
  for (let row = 0; row < count; row++)
    cut.set(values.subarray(row * width + from, row * width + to), row * (to - from));
  return { values: cut, count, width: to - from };
}
