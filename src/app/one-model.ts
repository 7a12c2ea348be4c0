import { isAbort } from '../common/job.ts';

let changes = 0;

/** To be said at the moment when another model comes into use and every vector on the page changes with it. */
export function modelChanged(): void {
  changes++;
}

/** How often the model has changed since the page was opened. */
export const modelChanges = (): number => changes;

/**
 * Does what needs vectors of one model, and does it once more where another came into use meanwhile: so that no vector of one meets one
 * of the other, and that nobody hears that a model was closed under a question.
 */
export async function withinOneModel<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = changes;
    try {
      const answer = await work();
      if (changes === before) return answer;
    } catch (error) {
      if (isAbort(error) || changes === before) throw error;
    }
  }
}
