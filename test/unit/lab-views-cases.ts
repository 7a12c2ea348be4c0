import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import { augment } from '../../src/lab/views/augment.ts';
import {
  type DrawnViews,
  drawViews,
  VIEW_DEFAULTS,
  type ViewSettings,
} from '../../src/lab/views/draw-views.ts';
import { createRandom } from '../../src/projection/random.ts';

export const SIDE = 12;
export const COUNT = 5;

const OFF: ViewSettings = {
  ...VIEW_DEFAULTS,
  crop: false,
  flip: false,
  jitter: false,
  gray: false,
  blur: false,
};

export function drawn(settings: Partial<ViewSettings>, count = COUNT): DrawnViews {
  return drawViews(createRandom(11), count, SIDE, { ...OFF, ...settings });
}

export function noise(): Tensor4D {
  const random = createRandom(5);
  return tensor4d(Float32Array.from({ length: COUNT * SIDE * SIDE * 3 }, random), [COUNT, SIDE, SIDE, 3]);
}

/** The views of a noise picture each. */
export async function viewed(settings: Partial<ViewSettings>): Promise<Float32Array> {
  const pictures = noise();
  const views = augment(pictures, drawn(settings));
  const values = await views.data<'float32'>();
  pictures.dispose();
  views.dispose();
  return values;
}
