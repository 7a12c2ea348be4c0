/** Objectives that bring pictures and other modalities into one space: is an item found by another of its modalities? */
import { type Recall, retrieve } from '../../src/lab/probes/retrieval.ts';
import type { Learner } from '../../src/lab/training/learner.ts';
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';
import type { Modality } from '../../src/lab/world/factors.ts';
import { percent, type Row, type Task } from './row.ts';
import { settingsOf, train } from './train.ts';

const AMONG = 256;
const CAPTIONED_TIMES = 20;
const EMERGENT_TIMES = 5;
/** Standard errors of a recall by luck, of both directions together, that still count as chance: one run in 400 is beyond. */
const CHANCE_ERRORS = 3;

const PAIRS: Partial<RunSettings> = {
  ...{ side: 24, size: 0.5, batchSize: 64, steps: 200, warmupSteps: 20, rate: 4e-3 },
  fixed: { texture: 'plain', path: 'straight', speed: 'steady', distance: 'near' },
};

export const clip: Task = (options) => captioned('CLIP', settingsOf('clip', options, PAIRS));
export const sigLip: Task = (options) =>
  captioned('SigLIP', settingsOf('siglip', options, { ...PAIRS, objective: { bias: -Math.log(64) } }));

export const imageBind: Task = async (options) => {
  const settings = settingsOf('image-bind', options, {
    ...{ ...PAIRS, steps: 350, firstStage: 0.6 },
    // Path and speed vary, so that the IMU has something to tell: of the captions it still knows nothing.
    fixed: { texture: 'plain', distance: 'near', color: 'red', position: 'center' },
  });
  const learner = await train(settings);
  const rows: Row[] = [];
  for (const other of settings.modalities.slice(1)) {
    rows.push(row(`image and ${other}, recall@5`, await find(learner, settings, 'image', other), undefined));
  }
  for (const [one, other] of EMERGENT) {
    const isPromised = one === 'audio' && other === 'text';
    const found = await find(learner, settings, one, other);
    rows.push(
      row(`${one} and ${other}, never trained, recall@5`, found, isPromised ? 'emergent' : undefined),
    );
  }
  for (const [one, other] of UNRELATED) {
    const found = await find(learner, settings, one, other);
    rows.push(row(`${one} and ${other}, which share nothing, recall@5`, found, 'chance'));
  }
  learner.dispose();
  return rows;
};

const EMERGENT = [
  ['audio', 'text'],
  ['depth', 'text'],
  ['thermal', 'depth'],
] as const;
const UNRELATED = [
  ['imu', 'text'],
  ['imu', 'thermal'],
] as const;

/** The fifth nearest included, in both directions. */
async function find(
  learner: Learner,
  settings: RunSettings,
  one: Modality,
  other: Modality,
): Promise<readonly [Recall, Recall]> {
  const scenes = heldOutScenes(settings, AMONG);
  const rows = [
    await learner.embed(one, scenes, 'projection'),
    await learner.embed(other, scenes, 'projection'),
  ] as const;
  const { forward, backward } = retrieve(...rows, [5]);
  const [there, back] = [forward[0], backward[0]];
  if (!there || !back) throw new Error('No recall was measured.');
  return [there, back];
}

/** An emergent pair is as good as the worse of its directions; one that shares nothing is at chance by the mean of both. */
function row(
  measured: string,
  [there, back]: readonly [Recall, Recall],
  wish: 'emergent' | 'chance' | undefined,
): Row {
  const { chance } = there;
  const value = `${percent(there.value)}, back ${percent(back.value)} (chance ${percent(chance)})`;
  const told = { objective: 'ImageBind', measured, value };
  if (wish === undefined) return { ...told, wanted: '', isReached: undefined };
  if (wish === 'emergent') {
    const wanted = EMERGENT_TIMES * chance;
    const isReached = Math.min(there.value, back.value) >= wanted;
    return { ...told, wanted: `at least ${percent(wanted)}`, isReached };
  }
  const spread = CHANCE_ERRORS * Math.sqrt((chance * (1 - chance)) / (2 * AMONG));
  const isReached = Math.abs((there.value + back.value) / 2 - chance) <= spread;
  return { ...told, wanted: `${percent(chance)} ± ${percent(spread)}`, isReached };
}

async function captioned(objective: string, settings: RunSettings): Promise<Row[]> {
  const learner = await train(settings);
  const scenes = heldOutScenes(settings, AMONG);
  const images = await learner.embed('image', scenes, 'projection');
  const texts = await learner.embed('text', scenes, 'projection');
  learner.dispose();
  const { forward, backward } = retrieve(images, texts, [1]);
  const [there, back] = [forward[0], backward[0]];
  if (!there || !back) throw new Error('No recall was measured.');
  const wanted = CAPTIONED_TIMES * there.chance;
  return [
    {
      objective,
      measured: `image to text and back, recall@1 of ${AMONG}`,
      value: `${percent(there.value)}, back ${percent(back.value)} (chance ${percent(there.chance)})`,
      wanted: `at least ${percent(wanted)}`,
      isReached: Math.min(there.value, back.value) >= wanted,
    },
  ];
}
