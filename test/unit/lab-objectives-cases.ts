/** The cases of test/fixtures/lab/losses.json (tools/make-lab-fixtures.py), and each objective run on one of them. */
import {
  concat,
  dispose,
  reshape,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tensor,
  tensor1d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { barlowTwins } from '../../src/lab/objectives/barlow-twins.ts';
import { clip } from '../../src/lab/objectives/clip.ts';
import { deCur } from '../../src/lab/objectives/decur.ts';
import { boundModalities } from '../../src/lab/objectives/defaults.ts';
import { differentiate } from '../../src/lab/objectives/differentiate.ts';
import { type BoundPairs, imageBind } from '../../src/lab/objectives/image-bind.ts';
import { infoNce } from '../../src/lab/objectives/info-nce.ts';
import type { Loss } from '../../src/lab/objectives/loss.ts';
import { ntXent } from '../../src/lab/objectives/nt-xent.ts';
import { sigLip } from '../../src/lab/objectives/siglip.ts';
import { supervised } from '../../src/lab/objectives/supervised.ts';
import { vicReg } from '../../src/lab/objectives/vicreg.ts';

const numbers = z.array(z.number());
const caseSchema = z.object({
  objective: z.string(),
  name: z.string(),
  settings: z.record(z.string(), z.unknown()),
  labels: numbers.optional(),
  inputs: z.record(z.string(), z.object({ shape: numbers, values: numbers })),
  total: z.number(),
  terms: z.record(z.string(), z.number()),
  gradients: z.record(z.string(), numbers),
});

export type LossCase = z.infer<typeof caseSchema>;

export const readCases = (json: string): LossCase[] => z.array(caseSchema).parse(JSON.parse(json));

const number = z.number().exactOptional();
const form = z.enum(['paper', 'code']).exactOptional();
const temperature = z.strictObject({ temperature: number });
const vicRegSettings = z.strictObject({
  invarianceWeight: number,
  varianceWeight: number,
  covarianceWeight: number,
  targetDeviation: number,
  epsilon: number,
  form,
});
const barlowTwinsSettings = z.strictObject({ offDiagonalWeight: number });
const deCurSettings = z.strictObject({ commonShare: number, offDiagonalWeight: number, form });
const imageBindSettings = z.strictObject({
  temperatures: z.strictObject({ text: number, imu: number }).exactOptional(),
});

// Float32 against float64, relative to the largest number of the same kind in the case.
const TOLERANCE = 1e-5;
// Gradients that cancel out to nothing are only as good as what cancels.
const LEAST_GRADIENT = 0.1;

/** How far value, terms and gradients are from PyTorch's, in tolerances: at most 1 where all is well. NaN counts as infinitely far. */
export async function deviation(
  given: LossCase,
): Promise<{ value: number; gradient: number; terms: string[] }> {
  const variables = new Map<string, Variable>();
  for (const [name, { shape, values }] of Object.entries(given.inputs)) {
    variables.set(
      name,
      tidy(() => variable(tensor(values, shape, 'float32'))),
    );
  }
  // Not in a tidy, so that whatever an objective leaves behind is counted.
  const { values, names, weights, gradients } = differentiate(
    () => run(given, variables),
    [...variables.values()],
  );
  const taken = [...variables.values()].map(({ name }) => gradients[name] ?? tensor1d([]));
  // Gradients and values in one read: reads are what takes long.
  const together = tidy(() => concat([values, ...taken].map((one) => reshape(one, [one.size]))));
  const found = await together.data();
  dispose([values, together, ...taken, ...variables.values()]);
  const numbers = [given.total, ...names.slice(1).map((name) => given.terms[name] ?? Number.NaN)];
  const summed = names
    .slice(1)
    .reduce((sum, name, at) => sum + (weights[name] ?? Number.NaN) * (found[at + 1] ?? Number.NaN), 0);
  // The terms add up to the total, as far as their size allows.
  const sum = farthest([summed], found.slice(0, 1), Math.max(1, ...numbers.map(Math.abs)));
  return {
    value: Math.max(farthest(found.slice(0, names.length), numbers, 1), sum),
    gradient: farthest(
      found.slice(names.length),
      [...variables.keys()].flatMap((name) => given.gradients[name] ?? Number.NaN),
      LEAST_GRADIENT,
    ),
    terms: names.slice(1),
  };
}

function farthest(found: ArrayLike<number>, wished: ArrayLike<number>, least: number): number {
  if (found.length !== wished.length) return Number.POSITIVE_INFINITY;
  const expected = Array.from(wished);
  const scale = Math.max(least, ...expected.map(Math.abs));
  const distances = expected.map((value, at) => Math.abs(value - (found[at] ?? Number.NaN)));
  const largest = Math.max(...distances) / scale / TOLERANCE;
  return Number.isNaN(largest) ? Number.POSITIVE_INFINITY : largest;
}

function run(given: LossCase, variables: ReadonlyMap<string, Variable>): Loss {
  const { settings } = given;
  const matrix = (name: string): Tensor2D => rankOf<Tensor2D>(variables, name, 2);
  const scalar = (name: string): Scalar => rankOf<Scalar>(variables, name, 0);
  const views = () => ({ first: matrix('first'), second: matrix('second') });
  const captioned = () => ({
    images: matrix('images'),
    texts: matrix('texts'),
    logScale: scalar('logScale'),
  });
  switch (given.objective) {
    case 'info-nce':
      return infoNce({ queries: matrix('queries'), keys: matrix('keys') }, temperature.parse(settings));
    case 'nt-xent':
      return ntXent(views(), temperature.parse(settings));
    case 'vicreg':
      return vicReg(views(), vicRegSettings.parse(settings));
    case 'clip':
      return clip(captioned());
    case 'siglip':
      return sigLip({ ...captioned(), bias: scalar('bias') });
    case 'barlow-twins':
      return barlowTwins(views(), barlowTwinsSettings.parse(settings));
    case 'image-bind': {
      const pairs: { -readonly [Modality in (typeof boundModalities)[number]]?: BoundPairs } = {};
      for (const modality of boundModalities) {
        if (!variables.has(`${modality}.images`)) continue;
        pairs[modality] = {
          images: matrix(`${modality}.images`),
          others: matrix(`${modality}.others`),
          ...(variables.has(`${modality}.logScale`) ? { logScale: scalar(`${modality}.logScale`) } : {}),
        };
      }
      return imageBind(pairs, imageBindSettings.parse(settings));
    }
    case 'decur': {
      const [one, other] = ['one', 'other'].map((name) => ({
        first: matrix(`${name}.first`),
        second: matrix(`${name}.second`),
      }));
      if (!one || !other) throw new Error('no views');
      return deCur(one, other, deCurSettings.parse(settings));
    }
    case 'supervised':
      return supervised({ logits: matrix('logits'), labels: tensor1d(given.labels ?? [], 'int32') });
    default:
      throw new Error(`No objective is called ${given.objective}.`);
  }
}

function rankOf<Kind extends Tensor>(
  variables: ReadonlyMap<string, Variable>,
  name: string,
  rank: number,
): Kind {
  const found = variables.get(name);
  if (found?.rank !== rank) throw new Error(`${name} is missing or not of rank ${rank}.`);
  // Checked above; tfjs's variables do not carry their rank in their type.
  return found as Tensor as Kind;
}
