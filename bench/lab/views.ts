/** Objectives that learn from two views of one picture: do they learn its shape? */
import { effectiveRank, singularValuesOf } from '../../src/lab/probes/rank.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import type { Learner, Rows } from '../../src/lab/training/learner.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';
import { renderBatch } from '../../src/lab/world/batch.ts';
import type { Scene } from '../../src/lab/world/scene.ts';
import { number, percent, type Row, type Task } from './row.ts';
import { probe, settingsOf, train } from './train.ts';

export const VIEWED: Partial<RunSettings> = {
  ...{ side: 32, size: 0.5, batchSize: 64, steps: 600, warmupSteps: 20, rate: 6e-3 },
  // Color and position vary, so that pixels alone tell little of the shape.
  fixed: { size: 'large', texture: 'plain', path: 'straight', speed: 'steady', distance: 'near' },
};
/** 32 a shape: what labels are for once a model has learned without them. */
const LABELED = 256;
const ASKED = 512;
/** Above the better of both baselines, so that no luck of the draw is taken for learning: four standard errors of a share near a half. */
const CLEARLY = 0.09;

export const simClr: Task = async (options) => {
  const settings = settingsOf('simclr', options, VIEWED);
  const learner = await train(settings);
  const rows = await shapeRows('SimCLR', settings, learner);
  learner.dispose();
  return rows;
};

export const barlowTwins: Task = async (options) => {
  const settings = settingsOf('barlow-twins', options, { ...VIEWED, steps: 300, headWidth: 32 });
  const learner = await train(settings);
  const rows = await shapeRows('Barlow Twins', settings, learner);
  learner.dispose();
  // Beyond what the others are asked for: told, and not wanted.
  return rows.slice(0, 1).map((row) => ({ ...row, wanted: '', isReached: undefined }));
};

export const vicReg: Task = async (options) => {
  const settings = settingsOf('vicreg', options, { ...VIEWED, headWidth: 32 });
  const learner = await train(settings);
  const rows = await shapeRows('VICReg', settings, learner);
  const whole = await spaceOf(learner, settings);
  learner.dispose();
  // Collapse is quick, and the rest of the run would show nothing more.
  const objective = { ...settings.objective, varianceWeight: 0 };
  const shortened = { ...settings, objective, steps: Math.ceil(settings.steps / 4) };
  const without = await train(shortened, 'vicreg without variance');
  const collapsed = await spaceOf(without, settings);
  without.dispose();
  const told = { objective: 'VICReg without variance', isReached: undefined, wanted: '' };
  return [
    ...rows,
    {
      ...told,
      measured: `directions in which the loss sees a deviation of at least ${VISIBLE}`,
      value: `${collapsed.directions}, with variance ${whole.directions}`,
      wanted: 'at most a quarter',
      isReached: collapsed.directions <= whole.directions / 4,
    },
    {
      ...told,
      measured: 'largest deviation of any direction',
      value: `${number(collapsed.largest)}, with variance ${number(whole.largest)}`,
    },
    {
      ...told,
      measured: 'effective rank, whatever the size of the space',
      value: `${number(collapsed.rank)}, with variance ${number(whole.rank)}`,
    },
  ];
};

/** A tenth of the standard deviation that the variance term asks for. */
const VISIBLE = 0.1;

/** What the loss sees of held-out scenes: in how many directions they differ, and by how much. */
async function spaceOf(
  learner: Learner,
  settings: RunSettings,
): Promise<{ readonly directions: number; readonly largest: number; readonly rank: number }> {
  const rows = await learner.embed('image', heldOutScenes(settings, ASKED), 'projection');
  const values = singularValuesOf(rows, true);
  const deviations = values.map((value) => value / Math.sqrt(ASKED - 1));
  return {
    directions: deviations.filter((deviation) => deviation >= VISIBLE).length,
    largest: Math.max(...deviations),
    rank: effectiveRank(values),
  };
}

async function shapeRows(objective: string, settings: RunSettings, learner: Learner): Promise<Row[]> {
  const asked = heldOutScenes(settings, ASKED);
  const labeled = heldOutScenes(settings, LABELED, ASKED);
  const of = async (embed: (scenes: readonly Scene[]) => Rows | Promise<Rows>): Promise<number> =>
    probe([await embed(labeled), labeled], [await embed(asked), asked], 'shape');
  const untrained = createLearner(settings);
  const learned = await of((scenes) => learner.embed('image', scenes));
  const random = await of((scenes) => untrained.embed('image', scenes));
  const raw = await of((scenes) => pixels(scenes, settings.side));
  untrained.dispose();
  const wanted = Math.max(random, raw) + CLEARLY;
  const measured = `shape by a linear probe of ${LABELED} labels`;
  return [
    {
      objective,
      measured,
      value: percent(learned),
      wanted: `at least ${percent(wanted)}`,
      isReached: learned >= wanted,
    },
    {
      objective: '',
      measured: 'the same encoder before training',
      value: percent(random),
      wanted: '',
      isReached: undefined,
    },
    { objective: '', measured: 'raw pixels', value: percent(raw), wanted: '', isReached: undefined },
  ];
}

function pixels(scenes: readonly Scene[], side: number): Rows {
  const { values } = renderBatch('image', scenes, side);
  return { values, count: scenes.length, width: values.length / scenes.length };
}
