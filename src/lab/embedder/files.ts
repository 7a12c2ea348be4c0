/** A trained encoder as the files of a model. */
import { Sha256 } from '../../common/sha256.ts';
import { writeSafetensors } from '../../models/weights/write.ts';
import { imageScale, textSettings } from '../training/input-sizes.ts';
import type { LearnerState } from '../training/learner.ts';
import { recipes } from '../training/recipes.ts';
import type { RunSettings } from '../training/settings.ts';
import { VOCABULARY } from '../world/caption.ts';
import { type EncoderConfig, type ImageConfig, MODEL_TYPE, type TextConfig, VERSION } from './config.ts';
import { partsOf } from './parts.ts';

export interface EncoderFiles {
  readonly config: Uint8Array<ArrayBuffer>;
  /** safetensors. */
  readonly weights: Uint8Array<ArrayBuffer>;
  /** Of the weights: other weights have another. Six hexadecimal digits. */
  readonly mark: string;
}

/**
 * The encoders of pictures and captions as `config.json` and `model.safetensors`, which `network.ts` reads. Heads are left out, but
 * for the linear ones behind which pictures and captions are compared.
 *
 * @throws {RangeError} when the run has learned nothing of pictures and captions
 */
export async function encoderFiles(state: LearnerState): Promise<EncoderFiles> {
  const { settings, step, parameters } = state;
  const parts = partsOf(settings);
  if (parts.length === 0) {
    throw new RangeError(
      `The run learns from ${settings.modalities.join(' and ')}. Only encoders of pictures and captions embed what the explorer has.`,
    );
  }
  const config: EncoderConfig = {
    width: settings.width,
    ...(hasProjection(settings) && { projection: settings.headWidth }),
    ...(parts.includes('image') && {
      image: imageConfig(settings),
    }),
    ...(parts.includes('text') && { text: textConfig(settings) }),
    temperature: temperatureOf(state),
  };
  const isWanted = (name: string) =>
    parts.some((part) => name.startsWith(`${part}.`)) &&
    (hasProjection(settings) || !/^\w+\.head\./.test(name));
  const tensors = [...parameters]
    .filter(([name]) => isWanted(name))
    .map(([name, { shape, values }]) => ({
      name,
      ...{ dtype: 'F32' as const, shape },
      bytes: async () => new Uint8Array(values.slice().buffer),
    }));
  const weights = await join(writeSafetensors(tensors));
  const hash = new Sha256();
  hash.update(weights);
  const json = { model_type: MODEL_TYPE, version: VERSION, ...config, step, settings };
  return {
    config: new TextEncoder().encode(JSON.stringify(json, undefined, 2)),
    weights,
    mark: hash.hex().slice(0, 6),
  };
}

/** Pictures and captions meet behind their heads, where they have any. */
function hasProjection(settings: RunSettings): boolean {
  const { recipe, headWidth } = settings;
  return recipes[recipe].data === 'pairs' && headWidth > 0 && partsOf(settings).length > 1;
}

function imageConfig(settings: RunSettings): ImageConfig {
  const { side, size } = settings;
  const { mean, deviation } = imageScale(settings);
  return { side, size, mean: triple(mean), deviation: triple(deviation) };
}

function triple([red = 0, green = 0, blue = 0]: readonly number[]): [number, number, number] {
  return [red, green, blue];
}

function textConfig(settings: RunSettings): TextConfig {
  const { tokens } = textSettings(settings);
  const { data } = settings;
  return data
    ? { source: 'pictures', vocabulary: [...data.vocabulary], tokens }
    : { source: 'world', vocabulary: [...VOCABULARY], tokens };
}

// As the objectives have it, which compare with softmax.
const LARGEST_SCALE = 100;

/** What softmax compares captions with at the end of training: SigLIP has a bias beside it, which the explorer knows nothing of. */
function temperatureOf({ settings: { recipe }, parameters }: LearnerState): number | undefined {
  const name = { clip: 'objective.logScale', 'image-bind': 'objective.text.logScale' }[String(recipe)];
  const [scale] = parameters.get(name ?? '')?.values ?? [];
  return scale === undefined ? undefined : 1 / Math.min(Math.exp(scale), LARGEST_SCALE);
}

async function join(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(await new Blob(all).arrayBuffer());
}
