/** What a checkpoint says is to be done to pictures. */
import { z } from 'zod';
import type { Framing } from '../../common/image.ts';
import { check } from '../check.ts';
import { InvalidModelFile } from '../errors.ts';

import { FILTERS } from './resize.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

type Triple = readonly [number, number, number];

/** What is done to a picture, in this order. */
export interface Preprocessing extends Framing {
  /** Bytes are multiplied by this, and then less `mean`, over `deviation`. */
  readonly scale: number;
  readonly mean: Triple;
  readonly deviation: Triple;
}

// OpenAI's, which both transformers and OpenCLIP take where a file says none.
const CLIP_MEAN: Triple = [0.48145466, 0.4578275, 0.40821073];
const CLIP_DEVIATION: Triple = [0.26862954, 0.26130258, 0.27577711];
const UNCHANGED = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;

const side = z.int().min(1).max(10_000);
const exact = z.strictObject({ height: side, width: side });
const triple = z.tuple([z.number(), z.number(), z.number()]);
const deviations = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);
const onOff = z.boolean().default(true);

const schema = z.looseObject({
  do_resize: onOff,
  size: z
    .union([side, z.strictObject({ shortest_edge: side }), exact])
    .transform((size) => {
      if (typeof size === 'number') return { shortest: size };
      return 'shortest_edge' in size ? { shortest: size.shortest_edge } : size;
    })
    .default({ shortest: 224 }),
  resample: z.literal([1, 2, 3]).default(3),
  do_center_crop: onOff,
  crop_size: z
    .union([side, exact])
    .transform((size) => (typeof size === 'number' ? { width: size, height: size } : size))
    .default({ width: 224, height: 224 }),
  do_rescale: onOff,
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  do_normalize: onOff,
  image_mean: triple.default([...CLIP_MEAN]),
  image_std: deviations.default([...CLIP_DEVIATION]),
});

/**
 * Reads a `preprocessor_config.json`, with the defaults of transformers' CLIPImageProcessor and BitImageProcessor.
 *
 * @param json parsed, and not trusted
 * @param wanted side of the picture that the model takes; undefined for one that takes squares of any size
 * @throws {InvalidModelFile} naming the setting that is wrong, not supported, or makes pictures that the model does not take
 */
export function readPreprocessing(
  json: unknown,
  wanted: number | undefined,
  file = 'preprocessor_config.json',
): Preprocessing {
  const settings = check(schema, json, file);
  return fitting(
    {
      resize: settings.do_resize ? settings.size : undefined,
      filter: FILTERS[settings.resample],
      crop: settings.do_center_crop ? settings.crop_size : undefined,
      cropRounding: 'down',
      scale: settings.do_rescale ? settings.rescale_factor : 1,
      ...(settings.do_normalize ? { mean: settings.image_mean, deviation: settings.image_std } : UNCHANGED),
    },
    wanted,
    file,
  );
}

const openSchema = z.looseObject({
  preprocess_cfg: z
    .looseObject({
      mean: triple.default([...CLIP_MEAN]),
      std: deviations.default([...CLIP_DEVIATION]),
      interpolation: z.enum(['bicubic', 'bilinear']).default('bicubic'),
      resize_mode: z.enum(['shortest', 'squash']).default('shortest'),
    })
    .prefault({}),
});

/**
 * Reads the `preprocess_cfg` of an `open_clip_config.json`, with OpenCLIP's defaults.
 *
 * @param wanted side of the picture that the model takes
 * @throws {InvalidModelFile} naming the setting that is wrong or not supported
 */
export function readOpenClipPreprocessing(
  json: unknown,
  wanted: number,
  file = 'open_clip_config.json',
): Preprocessing {
  const { mean, std, interpolation, resize_mode } = check(openSchema, json, file).preprocess_cfg;
  const square = { width: wanted, height: wanted };
  return {
    resize: resize_mode === 'squash' ? square : { shortest: wanted },
    filter: interpolation,
    crop: square,
    cropRounding: 'even',
    scale: 1 / 255,
    mean,
    deviation: std,
    side: wanted,
  };
}

function fitting(how: Omit<Preprocessing, 'side'>, wanted: number | undefined, file: string): Preprocessing {
  const outcome = how.crop ?? how.resize;
  if (!outcome || 'shortest' in outcome)
    throw new InvalidModelFile(file, 'it makes pictures of various sizes, and the model takes one');
  const side = wanted ?? outcome.width;
  if (outcome.width !== side || outcome.height !== side) {
    const made = `${outcome.width}×${outcome.height}`;
    const taken = wanted === undefined ? 'squares' : `${wanted}×${wanted}`;
    throw new InvalidModelFile(file, `it makes pictures of ${made} pixels, and the model takes ${taken}`);
  }
  return { ...how, side };
}
