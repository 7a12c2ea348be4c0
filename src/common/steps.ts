import type { Job } from './job.ts';

/** What a job reports when all of it is done. */
const WHOLE = 1000;

/**
 * Shares a job's progress out among steps that follow one another, so that it rises from 0 to the whole once, however often
 * each step begins its own count anew.
 *
 * @param weights of the steps, in their order: how long each takes beside the others
 * @returns gives the job of the next step each time it is called
 */
export function inSteps({ signal, onProgress }: Job, weights: readonly number[]): () => Job {
  const whole = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  let step = 0;
  let before = 0;
  let highest = 0;
  return () => {
    const from = before;
    const weight = weights[step] ?? 0;
    step++;
    before += weight;
    if (!onProgress) return { signal };
    return {
      signal,
      onProgress: (done, total, what) => {
        const share = total > 0 ? Math.min(1, done / total) : 0;
        highest = Math.max(highest, (from + weight * share) / whole);
        onProgress(Math.round(WHOLE * highest), WHOLE, what);
      },
    };
  };
}
