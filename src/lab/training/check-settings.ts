import { unfitReason } from '../data/real-data.ts';
import { MODALITIES } from '../world/factors.ts';
import { recipes } from './recipes.ts';
import type { RunSettings } from './settings.ts';

// Seeds between two whole numbers are those of the networks and of held-out scenes.
const MOST_SEED = 2 ** 32;

/**
 * @throws {RangeError} when a setting is out of its range, or the recipe cannot train on these modalities: says which, and what would do
 */
export function checkSettings(settings: RunSettings): void {
  const { recipe, modalities, seed, firstStage, rate, size } = settings;
  whole(settings, 'steps', 1);
  whole(settings, 'batchSize', 2);
  checkEarlier(settings);
  whole(settings, 'side', 16);
  whole(settings, 'width', 1);
  whole(settings, 'headWidth', 0);
  whole(settings, 'warmupSteps', 0);
  if (!(Number.isInteger(seed) && Math.abs(seed) <= MOST_SEED)) {
    throw new RangeError(`A run’s seed is a whole number of at most ${MOST_SEED}, not ${seed}.`);
  }
  if (!(rate > 0)) throw new RangeError(`The learning rate is ${rate}. Choose one above 0.`);
  if (!(size > 0)) throw new RangeError(`The encoders’ size is ${size}. Choose one above 0.`);
  if (!(firstStage >= 0 && firstStage <= 1)) {
    throw new RangeError(`The first stage’s part of the steps is ${firstStage}. Choose one from 0 to 1.`);
  }
  const { least, most, data, objective } = recipes[recipe];
  const count = modalities.length;
  if (new Set(modalities).size !== count || modalities.some((modality) => !MODALITIES.includes(modality))) {
    throw new RangeError(`A run’s modalities are different ones of ${MODALITIES.join(', ')}.`);
  }
  if (count < least || count > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new RangeError(`The recipe ${recipe} takes ${wanted} modalities, not ${count}.`);
  }
  if (data === 'views' && most === 1 && modalities.includes('text')) {
    throw new RangeError(
      `Two views of a caption are nearly the same. Choose another modality for ${recipe}.`,
    );
  }
  if (objective === 'image-bind' && (modalities[0] !== 'image' || modalities[1] !== 'text')) {
    throw new RangeError('ImageBind begins with image and text. Name these two first.');
  }
  const unfit = unfitReason(settings);
  if (unfit !== undefined) throw new RangeError(unfit);
}

function checkEarlier({ earlierBatches = [] }: RunSettings): void {
  let last = 0;
  for (const { until, batchSize } of earlierBatches) {
    const isFit =
      Number.isSafeInteger(until) && until > last && Number.isSafeInteger(batchSize) && batchSize >= 2;
    if (!isFit) {
      throw new RangeError(
        `The run’s earlier batch of ${batchSize} until step ${until} is none. Each is of at least 2 and ends after the one before.`,
      );
    }
    last = until;
  }
}

type Counted = 'steps' | 'batchSize' | 'side' | 'width' | 'headWidth' | 'warmupSteps';

function whole(settings: RunSettings, name: Counted, least: number): void {
  const value = settings[name];
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`The run’s ${name} is ${value}. Choose a whole number of at least ${least}.`);
}
