/** What each recipe trains, and on what. Plain data: nothing of tfjs is loaded by it. */
import { objectives } from '../objectives/catalogue.ts';
import type { ObjectiveId } from '../objectives/description.ts';
import { VIEW_DEFAULTS } from '../views/draw-views.ts';
import type { RecipeId, RunSettings } from './settings.ts';

export interface Recipe {
  readonly id: RecipeId;
  readonly objective: ObjectiveId;
  /** What a batch is of: two views of each item, items in two or more modalities, or items with labels. */
  readonly data: 'views' | 'pairs' | 'labels';
  /** How many modalities a run may have. */
  readonly least: number;
  readonly most: number;
  /** Of the objective's settings only those that are not as published. */
  readonly defaults: Omit<RunSettings, 'recipe'>;
}

// Off the diagonal are d − 1 numbers for each on it: with the published 0.0051 for 8,192 dimensions they count 42 times as much where all correlate,
// with 64 a third. Dimensions then all tell the same; at 0.1 they count 6 times as much.
const NARROW_WEIGHT = 0.1;

const common: Recipe['defaults'] = {
  seed: 1,
  steps: 2000,
  batchSize: 128,
  side: 32,
  size: 1,
  width: 128,
  headWidth: 0,
  rate: 3e-3,
  warmupSteps: 50,
  optimizer: {},
  modalities: ['image'],
  objective: {},
  // A crop of less than 0.4 of the scene often has no thing in it, and weaker colors are told apart before shapes are.
  views: { ...VIEW_DEFAULTS, leastArea: 0.4, strength: 0.8 },
  target: 'shape',
  shuffled: false,
  unbound: [],
  firstStage: 0.5,
  fixed: {},
};

export const recipes: Readonly<Record<RecipeId, Recipe>> = {
  simclr: {
    ...{ id: 'simclr', objective: 'nt-xent', data: 'views', least: 1, most: 1 },
    // As published for ImageNet. At 0.5 and 0.2 no shape was learned in some hundreds of steps.
    defaults: { ...common, headWidth: 64, objective: { temperature: 0.1 } },
  },
  vicreg: {
    ...{ id: 'vicreg', objective: 'vicreg', data: 'views', least: 1, most: 1 },
    // Pictures of one thing have few features that their views share; a wide expander then cannot spread them all.
    defaults: { ...common, headWidth: 64 },
  },
  'barlow-twins': {
    ...{ id: 'barlow-twins', objective: 'barlow-twins', data: 'views', least: 1, most: 1 },
    defaults: { ...common, headWidth: 64, objective: { offDiagonalWeight: NARROW_WEIGHT } },
  },
  clip: {
    ...{ id: 'clip', objective: 'clip', data: 'pairs', least: 2, most: 2 },
    defaults: { ...common, modalities: ['image', 'text'] },
  },
  siglip: {
    ...{ id: 'siglip', objective: 'siglip', data: 'pairs', least: 2, most: 2 },
    // Minus the logarithm of the batch, as the published −10 is of 32,768: from −10 a batch of 64 only pulls, until all is one point.
    defaults: { ...common, modalities: ['image', 'text'], objective: { bias: -Math.log(common.batchSize) } },
  },
  'image-bind': {
    ...{ id: 'image-bind', objective: 'image-bind', data: 'pairs', least: 2, most: 6 },
    defaults: { ...common, modalities: ['image', 'text', 'audio', 'depth', 'thermal', 'imu'] },
  },
  decur: {
    ...{ id: 'decur', objective: 'decur', data: 'views', least: 2, most: 2 },
    defaults: {
      ...{ ...common, modalities: ['image', 'thermal'], headWidth: 64 },
      objective: { commonShare: 0.5, offDiagonalWeight: NARROW_WEIGHT },
      // Position is what both show, and color and temperature what each keeps: no view may change them.
      views: { ...common.views, leastArea: 0.6, flip: false, jitter: false, gray: false },
    },
  },
  supervised: {
    ...{ id: 'supervised', objective: 'supervised', data: 'labels', least: 1, most: 1 },
    defaults: common,
  },
};

/** Settings that a recipe begins with, the same object's worth each time. */
export function defaultsOf(recipe: RecipeId): RunSettings {
  const { objective, defaults } = recipes[recipe];
  const published = objectives[objective].settings.map(({ id, initial }) => [id, initial] as const);
  return { ...defaults, recipe, objective: { ...Object.fromEntries(published), ...defaults.objective } };
}
