/** DeCUR: is what both modalities show in the common dimensions, and what one of them shows alone in the unique ones? */
import { commonDimensions } from '../../src/lab/objectives/decur.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import { VIEW_DEFAULTS } from '../../src/lab/views/draw-views.ts';
import type { Factor, Modality } from '../../src/lab/world/factors.ts';
import { percent, type Row, type Task } from './row.ts';
import { columns, probe, settingsOf, train } from './train.ts';

const LABELED = 1024;
const ASKED = 1024;
/** Three standard errors of a difference of two shares near a half. */
const CLEARLY = 3 * Math.sqrt(0.5 / ASKED);

/** What both show is the position; temperature is the thermal map's alone, color the picture's. */
const TOLD: readonly (readonly [Modality, Factor, 'shared' | 'private'])[] = [
  ['image', 'position', 'shared'],
  ['thermal', 'position', 'shared'],
  ['image', 'color', 'private'],
  ['thermal', 'temperature', 'private'],
];

export const deCur: Task = async (options) => {
  const settings = settingsOf('decur', options, {
    ...{ side: 16, size: 0.5, batchSize: 64, steps: 400, warmupSteps: 20, rate: 8e-3, headWidth: 24 },
    modalities: ['image', 'thermal'],
    // Twelve dimensions hold what nine places need; with more unique ones than that, the thermal map's tell its place by way of the temperature.
    objective: { commonShare: 0.5, offDiagonalWeight: 0.3 },
    // Views that leave what is to be shared and kept: no flip, for it moves the thing, and no change of color.
    views: { ...VIEW_DEFAULTS, leastArea: 0.7, flip: false, jitter: false, gray: false },
    fixed: {
      ...{ size: 'large', shape: 'circle', texture: 'plain' },
      ...{ path: 'straight', speed: 'steady', distance: 'near' },
    },
  });
  const learner = await train(settings);
  const common = commonDimensions(settings.headWidth, Number(settings.objective.commonShare));
  const asked = heldOutScenes(settings, ASKED);
  const labeled = heldOutScenes(settings, LABELED, ASKED);
  const rows: Row[] = [];
  for (const [modality, factor, kind] of TOLD) {
    const learn = await learner.embed(modality, labeled, 'projection');
    const test = await learner.embed(modality, asked, 'projection');
    const read = (from: number, to: number): number =>
      probe([columns(learn, from, to), labeled], [columns(test, from, to), asked], factor);
    const inCommon = read(0, common);
    const inUnique = read(common, settings.headWidth);
    const difference = kind === 'shared' ? inCommon - inUnique : inUnique - inCommon;
    rows.push({
      objective: 'DeCUR',
      measured: `${factor} (${kind}) of ${modality} by a linear probe`,
      value: `common ${percent(inCommon)}, unique ${percent(inUnique)}`,
      wanted: `${kind === 'shared' ? 'common' : 'unique'} higher by at least ${percent(CLEARLY)}`,
      isReached: difference >= CLEARLY,
    });
  }
  learner.dispose();
  return rows;
};
