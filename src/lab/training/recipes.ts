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
  readonly defaults: Omit<RunSettings, 'recipe' | 'objective'>;
}

const common: Recipe['defaults'] = {
  seed: 1,
  steps: 2000,
  batchSize: 128,
  side: 32,
  size: 1,
  width: 128,
  headWidth: 0,
  rate: 2e-3,
  warmupSteps: 50,
  optimizer: {},
  modalities: ['image'],
  views: VIEW_DEFAULTS,
  target: 'shape',
  shuffled: false,
  unbound: [],
  firstStage: 0.5,
  fixed: {},
};

export const recipes: Readonly<Record<RecipeId, Recipe>> = {
  simclr: {
    ...{ id: 'simclr', objective: 'nt-xent', data: 'views', least: 1, most: 1 },
    defaults: { ...common, headWidth: 64 },
  },
  vicreg: {
    ...{ id: 'vicreg', objective: 'vicreg', data: 'views', least: 1, most: 1 },
    defaults: { ...common, headWidth: 256 },
  },
  'barlow-twins': {
    ...{ id: 'barlow-twins', objective: 'barlow-twins', data: 'views', least: 1, most: 1 },
    defaults: { ...common, headWidth: 256 },
  },
  clip: {
    ...{ id: 'clip', objective: 'clip', data: 'pairs', least: 2, most: 2 },
    defaults: { ...common, modalities: ['image', 'text'] },
  },
  siglip: {
    ...{ id: 'siglip', objective: 'siglip', data: 'pairs', least: 2, most: 2 },
    defaults: { ...common, modalities: ['image', 'text'] },
  },
  'image-bind': {
    ...{ id: 'image-bind', objective: 'image-bind', data: 'pairs', least: 2, most: 6 },
    defaults: { ...common, modalities: ['image', 'text', 'audio', 'depth', 'thermal', 'imu'] },
  },
  decur: {
    ...{ id: 'decur', objective: 'decur', data: 'views', least: 2, most: 2 },
    defaults: { ...common, headWidth: 128, modalities: ['image', 'audio'] },
  },
  supervised: {
    ...{ id: 'supervised', objective: 'supervised', data: 'labels', least: 1, most: 1 },
    defaults: common,
  },
};

/** Settings that a recipe begins with, the same object's worth each time. */
export function defaultsOf(recipe: RecipeId): RunSettings {
  const { objective, defaults } = recipes[recipe];
  const settings = objectives[objective].settings.map(({ id, initial }) => [id, initial] as const);
  return { ...defaults, recipe, objective: Object.fromEntries(settings) };
}
