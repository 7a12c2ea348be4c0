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
import { augment } from '../views/augment.ts';
import { cropMaps, maskSignals } from '../views/signal-views.ts';
import { SCALES } from '../world/batch.ts';
import type { Modality } from '../world/factors.ts';
import type { Batch, DrawnView, Items } from './batches.ts';

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

/** Two views of each item of a modality of the batch. */
export function loadViews(batch: Batch, modality: Modality): readonly [Tensor, Tensor] {
  const views = batch.views.get(modality);
  if (!views) throw new Error(`Step ${batch.step} has drawn no views of ${modality}.`);
  const items = loadItems(batch, modality);
  return [viewOf(modality, items, views[0]), viewOf(modality, items, views[1])];
}

/** One view of each item. */
export function viewOf(modality: Modality, items: Tensor, view: DrawnView): Tensor {
  if (view.kind === 'signal') return maskSignals(items, view.masks);
  const pictures = reshape<Rank.R4>(items, fourth(items));
  if (modality !== 'image') return cropMaps(pictures, view.views);
  // Colors are changed as they are seen, between 0 and 1.
  const middle = tensor1d([...SCALES.image.mean]);
  const deviation = tensor1d([...SCALES.image.deviation]);
  const seen = add<Tensor4D>(mul(pictures, deviation), middle);
  return div(sub(augment(seen, view.views), middle), deviation);
}

function fourth({ shape }: Tensor): [number, number, number, number] {
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  return [count, height, width, channels];
}
