/** The runs that ship as recordings. Plain data: the page and the script that makes them read the same. */
import { defaultsOf } from '../training/recipes.ts';
import type { RecipeId, RunSettings } from '../training/settings.ts';
import { VIEW_DEFAULTS } from '../views/draw-views.ts';

export interface RecordedRun {
  /** As its file is named. */
  readonly id: string;
  readonly title: string;
  readonly settings: RunSettings;
}

/** Small enough for a processor, in a part of the world, so that some hundreds of steps show the point. */
const SMALL: Partial<RunSettings> = {
  ...{ seed: 1, side: 32, size: 0.5, width: 64, batchSize: 64, steps: 500, warmupSteps: 20, rate: 6e-3 },
  fixed: { size: 'large', texture: 'plain', path: 'straight', speed: 'steady', distance: 'near' },
};
const PAIRED: Partial<RunSettings> = {
  ...{ side: 24, size: 0.5, width: 64, batchSize: 64, steps: 300, warmupSteps: 20, rate: 4e-3 },
  fixed: { texture: 'plain', path: 'straight', speed: 'steady', distance: 'near' },
};

function run(recipe: RecipeId, small: Partial<RunSettings>, change: Partial<RunSettings> = {}): RunSettings {
  const initial = defaultsOf(recipe);
  const objective = { ...initial.objective, ...small.objective, ...change.objective };
  return { ...initial, ...small, ...change, objective };
}

const colder: Partial<RunSettings> = { objective: { temperature: 0.01 } };
const hotter: Partial<RunSettings> = { objective: { temperature: 5 } };
const views = { ...defaultsOf('simclr').views };
const decur: Partial<RunSettings> = {
  ...{
    side: 16,
    size: 0.5,
    width: 64,
    headWidth: 64,
    batchSize: 64,
    steps: 400,
    warmupSteps: 20,
    rate: 6e-3,
  },
  objective: { commonShare: 0.25, offDiagonalWeight: 0.1 },
  views: { ...VIEW_DEFAULTS, leastArea: 0.6, flip: false, jitter: false, gray: false },
  fixed: PAIRED.fixed ?? {},
};

export const recordedRuns: readonly RecordedRun[] = [
  { id: 'simclr', title: 'SimCLR', settings: run('simclr', SMALL) },
  {
    id: 'simclr-no-jitter',
    title: 'SimCLR without color jitter',
    settings: run('simclr', SMALL, { views: { ...views, jitter: false, gray: false } }),
  },
  { id: 'simclr-cold', title: 'SimCLR at temperature 0.01', settings: run('simclr', SMALL, colder) },
  { id: 'simclr-hot', title: 'SimCLR at temperature 5', settings: run('simclr', SMALL, hotter) },
  { id: 'vicreg', title: 'VICReg', settings: run('vicreg', SMALL) },
  {
    id: 'vicreg-no-variance',
    title: 'VICReg without variance',
    settings: run('vicreg', SMALL, { objective: { varianceWeight: 0 } }),
  },
  {
    id: 'vicreg-no-covariance',
    title: 'VICReg without covariance',
    settings: run('vicreg', SMALL, { objective: { covarianceWeight: 0 } }),
  },
  { id: 'clip', title: 'CLIP', settings: run('clip', PAIRED) },
  {
    id: 'clip-shuffled',
    title: 'CLIP with shuffled captions',
    settings: run('clip', PAIRED, { shuffled: true }),
  },
  {
    id: 'image-bind',
    title: 'ImageBind',
    settings: run('image-bind', PAIRED, {
      ...{ steps: 350, firstStage: 0.6 },
      fixed: { texture: 'plain', distance: 'near', color: 'red', position: 'center' },
    }),
  },
  { id: 'decur', title: 'DeCUR', settings: run('decur', decur) },
  {
    id: 'decur-all-common',
    title: 'DeCUR with every dimension common',
    settings: run('decur', decur, { objective: { commonShare: 1 } }),
  },
];
