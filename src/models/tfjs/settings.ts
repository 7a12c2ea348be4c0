/** How a tfjs model wants its pictures and which of its tensors is the embedding, where a file beside it says so. */
import { z } from 'zod';
import { check } from '../check.ts';

type Triple = readonly [number, number, number];

/** What a channel's byte b becomes: b × factor + shift. */
export interface Scale {
  readonly factor: Triple;
  readonly shift: Triple;
}

export interface TfjsSettings {
  /** Name of an output, or of any node or layer. */
  readonly output: string | undefined;
  /** Undefined where nothing says it. */
  readonly scale: Scale | undefined;
  /** Side of the pictures in pixels, for models that take any. */
  readonly size: number | undefined;
  /** The central share of the shorter side that the model is to see. */
  readonly crop: number;
}

/** Larger pictures than networks are made for. */
export const MAX_SIDE = 2048;

const triple = z.union([
  z.number().transform((x): Triple => [x, x, x]),
  z.tuple([z.number(), z.number(), z.number()]),
]);
const divisor = z.union([
  z
    .number()
    .positive()
    .transform((x): Triple => [x, x, x]),
  z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
]);

const RANGES = {
  '0..1': even(1 / 255, 0),
  '-1..1': even(2 / 255, -1),
  '0..255': even(1, 0),
} as const satisfies Record<string, Scale>;

export type RangeName = keyof typeof RANGES;

const schema = z.strictObject({
  output: z.string().optional(),
  scale: z
    .union([z.enum(['0..1', '-1..1', '0..255']), z.strictObject({ mean: triple, std: divisor })])
    .optional(),
  size: z.int().min(8).max(MAX_SIDE).optional(),
  crop: z.number().positive().max(1).optional(),
});

// https://github.com/googlecreativelab/teachablemachine-community: pictures from -1 to 1, 224 pixels unless said otherwise.
const teachableMachine = z.looseObject({
  packageName: z.literal('@teachablemachine/image'),
  imageSize: z.int().min(8).max(MAX_SIDE).optional(),
});

/**
 * @param own `nearfield.json`, parsed and not trusted; undefined where there is none
 * @param metadata `metadata.json`, which many tools write; only Teachable Machine's is understood
 * @throws {InvalidModelFile} naming the setting of `nearfield.json` that is not understood
 */
export function readSettings(own: unknown, metadata: unknown): TfjsSettings {
  const { output, scale, size, crop = 1 } = own === undefined ? {} : check(schema, own, 'nearfield.json');
  const taught = teachableMachine.safeParse(metadata).data;
  const fallback = taught ? RANGES['-1..1'] : undefined;
  return {
    output,
    scale: scale === undefined ? fallback : typeof scale === 'string' ? RANGES[scale] : normalizing(scale),
    size: size ?? taught?.imageSize,
    crop,
  };
}

export function rangeOf(name: RangeName): Scale {
  return RANGES[name];
}

/** As torchvision has it: mean and deviation of values from 0 to 1. */
function normalizing({ mean, std }: { readonly mean: Triple; readonly std: Triple }): Scale {
  return {
    factor: [1 / 255 / std[0], 1 / 255 / std[1], 1 / 255 / std[2]],
    shift: [-mean[0] / std[0], -mean[1] / std[1], -mean[2] / std[2]],
  };
}

function even(factor: number, shift: number): Scale {
  return { factor: [factor, factor, factor], shift: [shift, shift, shift] };
}
