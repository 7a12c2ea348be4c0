/** What a step needs of the memory that tensors are in. */
import { stageSizes } from '../encoders/convolutional.ts';
import { textSizes } from '../encoders/text.ts';
import { shapeOf } from '../world/batch.ts';
import type { Modality } from '../world/factors.ts';
import { halveBatch } from './batch-size.ts';
import { textSettings } from './input-sizes.ts';
import { recipes } from './recipes.ts';
import type { RunSettings } from './settings.ts';
import { stagesOf } from './stages.ts';

export interface StepBytes {
  /** All tensors that there are at once, at the worst moment of the step. */
  readonly total: number;
  /** The largest of them. */
  readonly largest: number;
}

/** What a device allows; Infinity where it says nothing. */
export interface MemoryLimit {
  readonly total: number;
  /** In one tensor. */
  readonly largest: number;
}

const NUMBER = 4;
// Measured (docs/lab-trainer.md): numbers at once for each that a convolution makes. Some seven are its own, the normalization's, the ReLU's and the
// pooling's, the rest are their gradients.
const HELD = 18;
// Without a gradient: what comes before is still there when the next comes.
const HELD_FROZEN = 8;
// Values, gradient, both moments and what AdamW makes of them as one vector.
const PARAMETER_COPIES = 13;

/**
 * An estimate from the shapes of the encoders. It leaves out the heads and the loss, which have some numbers for each that an embedding has.
 *
 * @param parameters numbers that the model learns
 */
export function stepBytes(settings: RunSettings, parameters: number): StepBytes {
  const views = recipes[settings.recipe].data === 'views' ? 2 : 1;
  const items = views * settings.batchSize;
  let [total, largest] = [0, 0];
  for (const { draws, frozen } of stagesOf(settings)) {
    let numbers = 0;
    for (const modality of draws) {
      const sizes = sizesOf(settings, modality);
      const all = sizes.reduce((sum, size) => sum + size, 0);
      numbers += all * (frozen.includes(modality) ? HELD_FROZEN : HELD);
      largest = Math.max(largest, items * NUMBER * Math.max(...sizes));
    }
    total = Math.max(total, items * NUMBER * numbers);
  }
  return { total: total + parameters * NUMBER * PARAMETER_COPIES, largest };
}

/**
 * The run with its batch halved from a step on until a step fits, or it cannot be halved again.
 *
 * @param parameters numbers that the model learns
 */
export function fitBatch(
  settings: RunSettings,
  parameters: number,
  limit: MemoryLimit,
  step: number,
): RunSettings {
  const { total, largest } = stepBytes(settings, parameters);
  if (total <= limit.total && largest <= limit.largest) return settings;
  const halved = halveBatch(settings, step);
  return halved ? fitBatch(halved, parameters, limit, step) : settings;
}

function sizesOf(settings: RunSettings, modality: Modality): number[] {
  const { side, size } = settings;
  if (modality === 'text') return textSizes(textSettings(settings));
  return stageSizes({ shape: shapeOf(modality, side), size });
}
