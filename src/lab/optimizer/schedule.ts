export interface Schedule {
  /** Learning rate at the end of the warm-up. */
  readonly peak: number;
  /** Steps in which the rate rises evenly; 0 for none. */
  readonly warmupSteps: number;
  /** Steps of the whole run, warm-up included. */
  readonly totalSteps: number;
  /** Learning rate at the end, and from then on; 0 unless told. */
  readonly final?: number;
}

/**
 * Linear warm-up, then half a cosine (Loshchilov and Hutter 2017, without restarts), step by step as open_clip has it: the first step
 * already moves, with peak / warmupSteps.
 *
 * @param step from 0
 * @throws {RangeError} when a number of steps is negative or no whole number, or the warm-up is longer than the run
 */
export function learningRate(step: number, { peak, warmupSteps, totalSteps, final = 0 }: Schedule): number {
  if (!isCount(warmupSteps) || !isCount(totalSteps) || warmupSteps > totalSteps) {
    throw new RangeError(
      `A warm-up of ${warmupSteps} steps does not fit a run of ${totalSteps}. Choose whole numbers, the warm-up no longer than the run.`,
    );
  }
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
  if (step >= totalSteps) return final;
  const done = (step - warmupSteps) / (totalSteps - warmupSteps);
  return final + (peak - final) * 0.5 * (1 + Math.cos(Math.PI * done));
}

function isCount(steps: number): boolean {
  return Number.isInteger(steps) && steps >= 0;
}
