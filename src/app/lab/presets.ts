/** Runs that show a point by leaving something out. Plain data. */
import type { RecipeId, RunSettings } from '../../lab/training/settings.ts';
import type { Factor } from '../../lab/world/factors.ts';

export interface Preset {
  readonly id: string;
  readonly recipe: RecipeId;
  readonly label: string;
  /** What the second run has that the healthy one has not. */
  readonly change: string;
  /** Two sentences. */
  readonly look: string;
  /** What the map is colored by. */
  readonly color: Factor;
  readonly breakIt: (healthy: RunSettings) => RunSettings;
}

const withObjective = (objective: RunSettings['objective']) => (healthy: RunSettings) => ({
  ...healthy,
  objective: { ...healthy.objective, ...objective },
});

export const PRESETS: readonly Preset[] = [
  {
    ...{ id: 'no-jitter', recipe: 'simclr', label: 'SimCLR without color jitter', color: 'color' },
    change: 'Views keep their colors: no jitter, no gray.',
    look: 'The second map sorts by color early, since color alone tells two views of one scene from the others. Read the probes: its color is high and its shape stays below that of the healthy run.',
    breakIt: (healthy) => ({ ...healthy, views: { ...healthy.views, jitter: false, gray: false } }),
  },
  {
    ...{ id: 'cold', recipe: 'simclr', label: 'Temperature far too low', color: 'shape' },
    change: 'Temperature 0.005.',
    look: 'Only the single nearest wrong item pushes, so each step listens to a few pairs and the loss jumps. Neighborhoods on the second map stay torn, and the probes of shape fall behind.',
    breakIt: withObjective({ temperature: 0.005 }),
  },
  {
    ...{ id: 'hot', recipe: 'simclr', label: 'Temperature far too high', color: 'shape' },
    change: 'Temperature 5.',
    look: 'All wrong items push alike, so nothing teaches what nearly looks the same. The loss stays near its start, and the second map sorts coarsely, by what is easiest.',
    breakIt: withObjective({ temperature: 5 }),
  },
  {
    ...{ id: 'batch', recipe: 'simclr', label: 'Batch of 8', color: 'shape' },
    change: 'Eight scenes a batch.',
    look: 'With 14 wrong views to tell a pair from, the task is easy and its loss low, yet little has to be known to solve it. Compare the probes, not the losses: they are of different tasks.',
    breakIt: (healthy) => ({ ...healthy, batchSize: 8 }),
  },
  {
    ...{ id: 'no-variance', recipe: 'vicreg', label: 'VICReg without variance', color: 'shape' },
    change: 'Weight of the variance 0.',
    look: 'To say the same of every view is easiest when you always say the same: the loss falls to almost 0, and what the loss sees shrinks to a point. The effective rank of the projection falls in the probes.',
    breakIt: withObjective({ varianceWeight: 0 }),
  },
  {
    ...{ id: 'no-covariance', recipe: 'vicreg', label: 'VICReg without covariance', color: 'shape' },
    change: 'Weight of the covariance 0.',
    look: 'Every feature varies, but many tell the same: the correlation matrix of the second run is full off its diagonal. Its effective rank stays far below that of the healthy run.',
    breakIt: withObjective({ covarianceWeight: 0 }),
  },
  {
    ...{ id: 'shuffled', recipe: 'clip', label: 'CLIP with shuffled captions', color: 'shape' },
    change: 'Each caption goes with a picture that is not its own.',
    look: 'There is nothing to learn: the loss stays at the logarithm of the batch, and recall stays at chance. On the second map pictures and captions lie apart, with lines across the gap.',
    breakIt: (healthy) => ({ ...healthy, shuffled: true }),
  },
  {
    ...{ id: 'unbound', recipe: 'image-bind', label: 'ImageBind with audio bound to nothing', color: 'size' },
    change: 'Sounds go with pictures that are not their own.',
    look: 'Recall of audio falls to chance with every modality, not with images alone: it met the others only by way of pictures. The other pairs, never trained on each other, are as good as before.',
    breakIt: (healthy) => ({ ...healthy, unbound: ['audio'] }),
  },
  {
    ...{ id: 'all-common', recipe: 'decur', label: 'DeCUR, every dimension common', color: 'temperature' },
    change: 'Share of common dimensions 1.',
    look: 'What only one modality knows has no place to go: the probes of color in the image and temperature in the heat fall. The correlation matrix has one block.',
    breakIt: withObjective({ commonShare: 1 }),
  },
  {
    ...{ id: 'none-common', recipe: 'decur', label: 'DeCUR, no dimension common', color: 'position' },
    change: 'Share of common dimensions 0.',
    look: 'The modalities are driven apart in every dimension: lines between true pairs stay long and recall stays near chance. Each still knows its own scene.',
    breakIt: withObjective({ commonShare: 0 }),
  },
];
