/** Real pictures that a run learns from, as its settings say it. Plain data and plain functions. */
import type { RunSettings } from '../training/settings.ts';
import type { Scale } from '../world/batch.ts';
import type { Modality } from '../world/factors.ts';

/** Which pictures: with these settings and the same pictures a run is the same again. */
export interface RealData {
  /** The sample pictures, or those that a person has loaded. */
  readonly kind: 'samples' | 'loaded';
  /** SHA-256 of the pictures' own hashes and words, in their order. */
  readonly hash: string;
  readonly count: number;
  /** Of them, those with a word of the vocabulary: what pairs of image and text are made of. */
  readonly worded: number;
  /** Of them, those with a label. */
  readonly labeled: number;
  /** Every token by its id: first the four that fill and frame, then words in alphabetical order. */
  readonly vocabulary: readonly string[];
  /** Names of the labels, the most frequent one first. */
  readonly labels: readonly string[];
}

type DataSettings = Pick<RunSettings, 'recipe' | 'modalities' | 'data'>;

/** With fewer, what is held out tells nothing: a fifth of 40 are eight. */
export const LEAST_PICTURES = 40;
const MOST_HELD_OUT = 256;
const HELD_OUT_SHARE = 0.2;

/** Pictures have colors of all kinds, so that their scale is no measured one: half of the range, and a quarter of it for one deviation. */
export const PICTURE_SCALE: Scale = { mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25] };

export const PICTURE_MODALITIES: readonly Modality[] = ['image', 'text'];

/** Pictures that a run can use: all, or those with words or a label where it learns from these. */
export function usableCount({ recipe, modalities, data }: DataSettings): number {
  if (!data) return Number.POSITIVE_INFINITY;
  if (modalities.includes('text')) return data.worded;
  return recipe === 'supervised' ? data.labeled : data.count;
}

/** Of so many pictures, how many are never trained on. */
export function heldOutCount(usable: number): number {
  return Math.min(MOST_HELD_OUT, Math.floor(usable * HELD_OUT_SHARE));
}

/** Why a run cannot learn from its pictures, and what would do; undefined where it can. */
export function unfitReason(settings: DataSettings & Pick<RunSettings, 'batchSize'>): string | undefined {
  const { recipe, modalities, data, batchSize } = settings;
  if (!data) return undefined;
  if (recipe === 'image-bind') {
    return 'ImageBind binds sound, depth, heat or motion to pictures, and these pictures have words at most. Choose CLIP, or the made-up world.';
  }
  if (modalities.some((modality) => !PICTURE_MODALITIES.includes(modality))) {
    return `Pictures are seen as image and text. Choose the made-up world for ${modalities.join(' and ')}.`;
  }
  const usable = usableCount(settings);
  if (usable < LEAST_PICTURES) return tooFew(settings, usable);
  if (recipe === 'supervised' && data.labels.length < 2) {
    return 'These pictures have one label only, and a class is told from another. Choose another objective.';
  }
  const training = usable - heldOutCount(usable);
  if (batchSize > training) {
    return `A batch of ${batchSize} needs as many pictures, and ${training} are there to train on. Choose a batch of at most ${training}.`;
  }
  return undefined;
}

function tooFew({ recipe, modalities, data }: DataSettings, usable: number): string {
  const all = data?.count ?? 0;
  const needs = `At least ${LEAST_PICTURES} are needed`;
  if (modalities.includes('text')) {
    return `${usable} of ${all} pictures have words that another one has, too. ${needs}: give pictures names or folders that say what they show, or choose an objective without text.`;
  }
  if (recipe === 'supervised') {
    return `${usable} of ${all} pictures have a label. ${needs}: put pictures of one kind into one folder, or choose another objective.`;
  }
  return `${all === 1 ? 'There is 1 picture' : `There are ${all} pictures`}. ${needs} to learn from: load more, or choose the sample pictures.`;
}
