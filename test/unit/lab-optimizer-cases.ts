/** The runs of test/fixtures/lab/adam-w.json (tools/make-lab-fixtures.py), and the small network that they train. */
import {
  add,
  exp,
  matMul,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor,
  tanh,
  tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { AdamW } from '../../src/lab/optimizer/adam-w.ts';

const stored = z.object({ shape: z.array(z.number()), values: z.array(z.number()) });
const named = z.record(z.string(), stored);
const fixtureSchema = z.object({
  schedule: z.object({
    settings: z.object({
      peak: z.number(),
      warmupSteps: z.number(),
      totalSteps: z.number(),
      final: z.number(),
    }),
    rates: z.array(z.number()),
  }),
  runs: z.array(
    z.object({
      name: z.string(),
      settings: z.object({
        beta1: z.number(),
        beta2: z.number(),
        epsilon: z.number(),
        weightDecay: z.number(),
      }),
      decays: z.array(z.string()),
      rates: z.array(z.number()),
      x: stored,
      y: stored,
      start: named,
      losses: z.array(z.number()),
      end: named,
      firstMoments: named,
      secondMoments: named,
    }),
  ),
});

export const readRuns = (json: string) => fixtureSchema.parse(JSON.parse(json));

type Run = z.infer<typeof fixtureSchema>['runs'][number];

// Float32 against float64, relative to the largest number of a kind.
export const TOLERANCE = 1e-5;

/** The whole run, held against PyTorch: loss, parameters and moments. */
export async function follow(run: Run): Promise<void> {
  const { parameters, optimizer, train, close } = begin(run);
  // Each takes its step at once; only its loss is waited for.
  const losses = await Promise.all(run.losses.map((_, step) => train(step)));
  expect(distance(losses, run.losses)).toBeLessThan(TOLERANCE);
  const state = await optimizer.exportState();
  expect(state.steps).toBe(run.rates.length);
  for (const [name, { values }] of Object.entries(run.end)) {
    const { first, second } = state.moments.get(name) ?? {};
    expect(distance(await parameters.get(name)?.data(), values), name).toBeLessThan(TOLERANCE);
    expect(distance(first, run.firstMoments[name]?.values), name).toBeLessThan(TOLERANCE);
    expect(distance(second, run.secondMoments[name]?.values), name).toBeLessThan(TOLERANCE);
  }
  close();
}

export function begin({ settings, decays, rates, start, x, y }: Run) {
  const parameters = new Map<string, Variable>(
    Object.entries(start).map(([name, { shape, values }]) => [
      name,
      tidy(() => variable(tensor(values, shape, 'float32'))),
    ]),
  );
  const optimizer = new AdamW(
    Array.from(parameters, ([name, values]) => ({ name, values, decays: decays.includes(name) })),
    settings,
  );
  const [input, wished] = [x, y].map(({ shape, values }) => tensor(values, shape, 'float32'));
  const the = (name: string): Tensor => {
    const found = parameters.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  if (!input || !wished) throw new Error('no data');
  return {
    parameters,
    optimizer,
    async train(step: number): Promise<number> {
      const { value, grads } = variableGrads((): Scalar => {
        const hidden = mul(tanh(add(matMul(input, the('weights')), the('bias'))), the('gain'));
        return mean(square(sub(mul(matMul(hidden, the('out')), exp(the('scale'))), wished)));
      });
      optimizer.step(grads, rates[step] ?? Number.NaN);
      const loss = (await value.data())[0] ?? Number.NaN;
      for (const one of [value, ...Object.values(grads)]) one.dispose();
      return loss;
    },
    close(): void {
      optimizer.dispose();
      for (const one of [input, wished, ...parameters.values()]) one.dispose();
    },
  };
}

/** The largest difference, relative to the largest number that is wished. */
export function distance(
  found: ArrayLike<number> | undefined,
  wished: readonly number[] | undefined,
): number {
  if (found === undefined || wished === undefined || found.length !== wished.length) return Number.NaN;
  const largest = Math.max(...wished.map((value, at) => Math.abs(value - (found[at] ?? Number.NaN))));
  return largest / Math.max(...wished.map(Math.abs));
}
