import { orAborted } from '../../common/job.ts';

/** Settles when what was asked for before is done. */
let latest: Promise<unknown> = Promise.resolve();

/**
 * Changes of the model in use and of the stored ones, one after the other: each finds the page and the store as the last one left them.
 *
 * @param signal ends the wait for those before; what `work` has begun it ends itself
 */
export async function inTurn<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const before = latest;
  const turn = (async () => {
    await orAborted(before, signal);
    return work();
  })();
  latest = Promise.allSettled([before, turn]);
  return turn;
}
