/** A batch on the backend. */
import {
  add,
  div,
  mul,
  type Rank,
  reshape,
  sub,
  type Tensor,
  type Tensor4D,
  tensor,
  tensor1d,
} from '@tensorflow/tfjs-core';
import type { Items } from '../data/source.ts';
import { augment } from '../views/augment.ts';
import { cropMaps, maskSignals } from '../views/signal-views.ts';
import { deleteWords } from '../views/word-views.ts';
import type { Scale } from '../world/batch.ts';
import type { Modality } from '../world/factors.ts';
import type { Batch, DrawnView } from './batches.ts';

/** Items as an encoder takes them. */
export function load({ values, shape }: Items): Tensor {
  return tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
}

/** Items of a modality of the batch. */
export function loadItems(batch: Batch, modality: Modality): Tensor {
  const items = batch.items.get(modality);
  if (!items) throw new Error(`Step ${batch.step} has drawn no ${modality}.`);
  return load(items);
}

/** Two views of each item of a modality of the batch, pictures by a scale. */
export function loadViews(batch: Batch, modality: Modality, scale: Scale): readonly [Tensor, Tensor] {
  const views = batch.views.get(modality);
  if (!views) throw new Error(`Step ${batch.step} has drawn no views of ${modality}.`);
  const items = loadItems(batch, modality);
  return [viewOf(modality, items, views[0], scale), viewOf(modality, items, views[1], scale)];
}

/**
 * One view of each item.
 *
 * @param scale of the image
 */
export function viewOf(modality: Modality, items: Tensor, view: DrawnView, scale: Scale): Tensor {
  if (view.kind === 'words') return deleteWords(items, view.words);
  if (view.kind === 'signal') return maskSignals(items, view.masks);
  const pictures = reshape<Rank.R4>(items, fourth(items));
  if (modality !== 'image') return cropMaps(pictures, view.views);
  // Colors are changed as they are seen, between 0 and 1.
  const middle = tensor1d([...scale.mean]);
  const deviation = tensor1d([...scale.deviation]);
  const seen = add<Tensor4D>(mul(pictures, deviation), middle);
  return div(sub(augment(seen, view.views), middle), deviation);
}

function fourth({ shape }: Tensor): [number, number, number, number] {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  return [count, height, width, channels];
}
