/** The settings of a run as the form shows them. Plain data and plain functions. */
import { heldOutCount, type RealData, usableCount } from '../../lab/data/real-data.ts';
import { objectives } from '../../lab/objectives/catalogue.ts';
import type { ChoiceSetting, NumberSetting } from '../../lab/objectives/description.ts';
import { defaultsOf, recipes } from '../../lab/training/recipes.ts';
import type { RecipeId, RunSettings } from '../../lab/training/settings.ts';
import type { ViewSettings } from '../../lab/views/draw-views.ts';
import type { SizeOfRun } from './state.ts';

/** A number of the run itself. */
export interface RunNumber {
  readonly key:
    | 'seed'
    | 'steps'
    | 'batchSize'
    | 'side'
    | 'size'
    | 'width'
    | 'headWidth'
    | 'rate'
    | 'warmupSteps';
  readonly label: string;
  readonly meaning: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** What matters first. */
export const FIRST_NUMBERS: readonly RunNumber[] = [
  {
    ...{ key: 'batchSize', label: 'Batch', least: 2, most: 512, step: 8 },
    meaning: 'Scenes a step; the others of a batch are what a pair is told apart from.',
  },
  {
    ...{ key: 'steps', label: 'Steps', least: 1, most: 100_000, step: 100 },
    meaning: 'After so many the learning rate has come down to 0.',
  },
  {
    ...{ key: 'seed', label: 'Seed', least: 0, most: 1_000_000, step: 1 },
    meaning: 'The same seed gives the same scenes, views and first parameters.',
  },
];

export const MORE_NUMBERS: readonly RunNumber[] = [
  {
    ...{ key: 'rate', label: 'Learning rate', least: 1e-6, most: 1, step: 1e-3 },
    meaning: 'Its peak, after the warm-up and before the cosine.',
  },
  {
    ...{ key: 'warmupSteps', label: 'Warm-up', least: 0, most: 10_000, step: 10 },
    meaning: 'Steps in which the learning rate rises.',
  },
  {
    ...{ key: 'side', label: 'Pixels a side', least: 16, most: 64, step: 8 },
    meaning: 'Of image, depth and thermal.',
  },
  {
    ...{ key: 'size', label: 'Size of the encoders', least: 0.125, most: 4, step: 0.125 },
    meaning: 'Multiplies their channels; at 1 each has about 0.2 M parameters.',
  },
  {
    ...{ key: 'width', label: 'Numbers in an embedding', least: 2, most: 1024, step: 16 },
    meaning: 'As the map and the probes see it.',
  },
  {
    ...{ key: 'headWidth', label: 'Numbers that the loss sees', least: 0, most: 2048, step: 16 },
    meaning: 'What the head makes of an embedding; 0: no head.',
  },
];

/** Views that can be switched, for recipes that compare them. */
export const VIEW_SWITCHES: readonly {
  readonly key: 'crop' | 'flip' | 'jitter' | 'gray' | 'blur';
  readonly label: string;
}[] = [
  { key: 'crop', label: 'Crop and resize' },
  { key: 'flip', label: 'Flip' },
  { key: 'jitter', label: 'Color jitter' },
  { key: 'gray', label: 'Gray' },
  { key: 'blur', label: 'Blur' },
];

export const RECIPES: readonly { readonly id: RecipeId; readonly label: string }[] = [
  { id: 'simclr', label: 'SimCLR' },
  { id: 'vicreg', label: 'VICReg' },
  { id: 'barlow-twins', label: 'Barlow Twins' },
  { id: 'clip', label: 'CLIP' },
  { id: 'siglip', label: 'SigLIP' },
  { id: 'image-bind', label: 'ImageBind' },
  { id: 'decur', label: 'DeCUR' },
  { id: 'supervised', label: 'Supervised' },
];

export function objectiveSettings(recipe: RecipeId): readonly (NumberSetting | ChoiceSetting)[] {
  return objectives[recipes[recipe].objective].settings;
}

/** The objective's settings that matter first: temperatures, and what DeCUR shares. */
export function isFirst({ id }: NumberSetting | ChoiceSetting): boolean {
  return !['form', 'epsilon', 'targetDeviation', 'offDiagonalWeight'].includes(id);
}

const SMALL: Partial<RunSettings> = { side: 24, size: 0.5, batchSize: 64, steps: 600, warmupSteps: 20 };
/** Of recipes that learn from one modality: as `npm run bench:lab` trains them, minutes on a processor are enough to learn shapes so. */
const SMALL_WORLD: Partial<RunSettings> = {
  rate: 6e-3,
  fixed: { size: 'large', texture: 'plain', path: 'straight', speed: 'steady', distance: 'near' },
};
const SMALL_OF: Partial<Readonly<Record<RecipeId, Partial<RunSettings>>>> = {
  simclr: SMALL_WORLD,
  vicreg: SMALL_WORLD,
  'barlow-twins': SMALL_WORLD,
  supervised: { ...SMALL_WORLD, rate: 3e-3, steps: 300 },
  decur: {
    ...{ side: 16, steps: 400, rate: 6e-3 },
    fixed: { texture: 'plain', path: 'straight', speed: 'steady', distance: 'near' },
  },
};

/**
 * What a run begins with: as published and as large as a GPU takes it, or small enough for minutes on a processor.
 *
 * @param data pictures in place of the made-up world
 */
export function startingSettings(
  recipe: RecipeId,
  size: SizeOfRun,
  seed: number,
  data?: RealData,
): RunSettings {
  const settings = { ...defaultsOf(recipe), seed };
  const ofSize = size === 'full' ? settings : { ...settings, ...SMALL, ...SMALL_OF[recipe] };
  return data ? withPictures(ofSize, data) : ofSize;
}

function withPictures(settings: RunSettings, data: RealData): RunSettings {
  const modalities = recipes[settings.recipe].least > 1 ? PAIRED : SINGLE;
  const changed: RunSettings = { ...settings, data, modalities, fixed: {} };
  const usable = usableCount(changed);
  const training = usable - heldOutCount(usable);
  return { ...changed, batchSize: Math.max(2, Math.min(settings.batchSize, training)) };
}

const SINGLE = ['image'] as const;
const PAIRED = ['image', 'text'] as const;

export function withObjective(settings: RunSettings, id: string, value: number | string): RunSettings {
  return { ...settings, objective: { ...settings.objective, [id]: value } };
}

export function withView<K extends keyof ViewSettings>(
  settings: RunSettings,
  key: K,
  value: ViewSettings[K],
): RunSettings {
  return { ...settings, views: { ...settings.views, [key]: value } };
}
