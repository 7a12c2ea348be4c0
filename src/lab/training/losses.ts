/** What each recipe's loss is of a batch. */
import { concat, type Scalar, slice, type Tensor, type Tensor2D, tensor1d } from '@tensorflow/tfjs-core';
import { barlowTwins } from '../objectives/barlow-twins.ts';
import { clip } from '../objectives/clip.ts';
import { deCur, type ViewPair } from '../objectives/decur.ts';
import { type BoundModality, boundModalities, type PublishedForm } from '../objectives/defaults.ts';
import { type BoundPairs, imageBind } from '../objectives/image-bind.ts';
import type { Loss } from '../objectives/loss.ts';
import { ntXent } from '../objectives/nt-xent.ts';
import { sigLip } from '../objectives/siglip.ts';
import { supervised } from '../objectives/supervised.ts';
import { vicReg } from '../objectives/vicreg.ts';
import type { Modality } from '../world/factors.ts';
import type { Network } from './networks.ts';
import type { RecipeId, RunSettings } from './settings.ts';

/** What a batch is made of, on the backend. */
export interface Inputs {
  /** An encoder's items, or both views of them. */
  readonly items: ReadonlyMap<Modality, readonly Tensor[]>;
  /** Embeddings of modalities that are frozen. */
  readonly frozen: ReadonlyMap<Modality, Tensor2D>;
  readonly labels: Uint8Array | undefined;
}

export interface Model {
  readonly settings: RunSettings;
  readonly networks: ReadonlyMap<Modality, Network>;
  /** By its id in the catalogue. */
  readonly learned: ReadonlyMap<string, Scalar>;
}

/** @returns the loss of a batch by the recipe of the settings; to be called within what takes the gradient */
export function lossOf(model: Model, inputs: Inputs): Loss {
  return LOSSES[model.settings.recipe](model, inputs);
}

const LOSSES: Readonly<Record<RecipeId, (model: Model, inputs: Inputs) => Loss>> = {
  simclr: (model, inputs) =>
    ntXent(twoViews(model, inputs, onlyModality(model), 'together'), numbers(model, ['temperature'])),
  vicreg: (model, inputs) =>
    vicReg(twoViews(model, inputs, onlyModality(model), 'apart'), {
      ...numbers(model, [
        'invarianceWeight',
        'varianceWeight',
        'covarianceWeight',
        'targetDeviation',
        'epsilon',
      ]),
      ...form(model),
    }),
  'barlow-twins': (model, inputs) =>
    barlowTwins(twoViews(model, inputs, onlyModality(model), 'apart'), numbers(model, ['offDiagonalWeight'])),
  clip: (model, inputs) => {
    const [images, texts] = bothRows(model, inputs);
    return clip({ images, texts, logScale: learned(model, 'logScale') });
  },
  siglip: (model, inputs) => {
    const [images, texts] = bothRows(model, inputs);
    return sigLip({ images, texts, logScale: learned(model, 'logScale'), bias: learned(model, 'bias') });
  },
  'image-bind': (model, inputs) => {
    const pairs: Partial<Record<BoundModality, BoundPairs>> = {};
    const temperatures: Partial<Record<BoundModality, number>> = {};
    const images = rowsOf(model, inputs, 'image');
    for (const modality of boundModalities) {
      const given = model.settings.objective[`temperatures.${modality}`];
      if (typeof given === 'number') temperatures[modality] = given;
      if (!inputs.items.has(modality)) continue;
      const others = rowsOf(model, inputs, modality);
      pairs[modality] =
        modality === 'text'
          ? { images, others, logScale: learned(model, 'text.logScale') }
          : { images, others };
    }
    return imageBind(pairs, { temperatures });
  },
  decur: (model, inputs) => {
    const [one, other] = model.settings.modalities;
    if (!one || !other) throw new Error('DeCUR was given one modality.');
    return deCur(twoViews(model, inputs, one, 'apart'), twoViews(model, inputs, other, 'apart'), {
      ...numbers(model, ['commonShare', 'offDiagonalWeight']),
      ...form(model),
    });
  },
  supervised: (model, inputs) => {
    if (!inputs.labels) throw new Error('The supervised recipe was given no labels.');
    const labels = tensor1d([...inputs.labels], 'int32');
    return supervised({ logits: rowsOf(model, inputs, onlyModality(model)), labels });
  },
};

/**
 * @param normalized whether the head normalizes the batch of both views together, as SimCLR's code does, or each view as a batch of its own, as the
 * others' codes do
 */
function twoViews(
  model: Model,
  inputs: Inputs,
  modality: Modality,
  normalized: 'together' | 'apart',
): ViewPair {
  const { encoder, head } = networkOf(model, modality);
  const [first, second] = inputs.items.get(modality) ?? [];
  if (!first || !second) throw new Error(`There are no two views of ${modality}.`);
  const rows = encoder.encode(concat([first, second]));
  const [count = 0] = first.shape;
  const half = (of: Tensor2D, from: number): Tensor2D => slice(of, [from, 0], [count, of.shape[1]]);
  if (!head) return { first: half(rows, 0), second: half(rows, count) };
  if (normalized === 'apart') {
    return { first: head.project(half(rows, 0), true), second: head.project(half(rows, count), true) };
  }
  const projected = head.project(rows, true);
  return { first: half(projected, 0), second: half(projected, count) };
}

function rowsOf(model: Model, inputs: Inputs, modality: Modality): Tensor2D {
  const frozen = inputs.frozen.get(modality);
  if (frozen) return frozen;
  const { encoder, head } = networkOf(model, modality);
  const [items] = inputs.items.get(modality) ?? [];
  if (!items) throw new Error(`There are no items of ${modality}.`);
  const rows = encoder.encode(items);
  return head ? head.project(rows, true) : rows;
}

function bothRows(model: Model, inputs: Inputs): readonly [Tensor2D, Tensor2D] {
  const [one, other] = model.settings.modalities;
  if (!one || !other) throw new Error('Pairs were to be of two modalities.');
  return [rowsOf(model, inputs, one), rowsOf(model, inputs, other)];
}

function onlyModality({ settings: { modalities } }: Model): Modality {
  const [modality] = modalities;
  if (!modality) throw new Error('The run has no modality.');
  return modality;
}

function networkOf({ networks }: Model, modality: Modality): Network {
  const network = networks.get(modality);
  if (!network) throw new Error(`The run has no network for ${modality}.`);
  return network;
}

function learned(model: Model, id: string): Scalar {
  const value = model.learned.get(id);
  if (!value) throw new Error(`The recipe learns no ${id}.`);
  return value;
}

function numbers<Id extends string>({ settings }: Model, ids: readonly Id[]): Partial<Record<Id, number>> {
  const chosen: Partial<Record<Id, number>> = {};
  for (const id of ids) {
    const value = settings.objective[id];
    if (typeof value === 'number') chosen[id] = value;
  }
  return chosen;
}

function form({ settings: { objective } }: Model): { readonly form?: PublishedForm } {
  return objective.form === 'paper' || objective.form === 'code' ? { form: objective.form } : {};
}
