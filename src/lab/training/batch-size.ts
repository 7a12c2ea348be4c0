/** How many scenes a step learns from, where that had to change in the middle of a run. */
import type { RunSettings } from './settings.ts';

type Batches = Pick<RunSettings, 'batchSize' | 'earlierBatches'>;

/** Scenes of one step. */
export function batchSizeAt({ batchSize, earlierBatches = [] }: Batches, step: number): number {
  return earlierBatches.find(({ until }) => step < until)?.batchSize ?? batchSize;
}

/** Scenes of all steps before one: where its own begin, so that no scene comes twice. */
export function scenesBefore({ batchSize, earlierBatches = [] }: Batches, step: number): number {
  let count = 0;
  let from = 0;
  for (const earlier of earlierBatches) {
    const until = Math.min(step, earlier.until);
    count += (until - from) * earlier.batchSize;
    from = until;
  }
  return count + (step - from) * batchSize;
}

/**
 * The run with half the batch from a step on; the steps before it remain what they were.
 *
 * @returns undefined where half of it is no batch
 */
export function halveBatch(settings: RunSettings, step: number): RunSettings | undefined {
  const { batchSize, earlierBatches = [] } = settings;
  if (batchSize < 4) return undefined;
  const isAnother = step > (earlierBatches.at(-1)?.until ?? 0);
  const earlier = isAnother ? [...earlierBatches, { until: step, batchSize }] : earlierBatches;
  return {
    ...settings,
    batchSize: Math.floor(batchSize / 2),
    ...(earlier.length > 0 && { earlierBatches: earlier }),
  };
}
