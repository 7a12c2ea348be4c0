/** What the same encoder learns when it is told: how far the others are from it. */
import { heldOutScenes } from '../../src/lab/training/scenes.ts';
import { labelsOf } from '../../src/lab/world/scene.ts';
import { percent, type Task } from './row.ts';
import { settingsOf, train } from './train.ts';
import { VIEWED } from './views.ts';

const ASKED = 512;

export const supervised: Task = async (options) => {
  const settings = settingsOf('supervised', options, { ...VIEWED, steps: 200, rate: 4e-3 });
  const learner = await train(settings);
  const scenes = heldOutScenes(settings, ASKED);
  const { values, width } = await learner.embed('image', scenes, 'projection');
  learner.dispose();
  const labels = labelsOf(scenes, settings.target);
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const logits = values.subarray(row * width, (row + 1) * width);
    if (logits.indexOf(Math.max(...logits)) === label) right++;
  }
  return [
    {
      objective: 'supervised',
      measured: `${settings.target} as it was told`,
      value: percent(right / ASKED),
      wanted: '',
      isReached: undefined,
    },
  ];
};
