import * as comlink from 'comlink';
import type { Job } from '../../common/job.ts';
import type { Precision } from '../weights/convert.ts';
import type { ConvertWorker } from './convert-worker.ts';
import type { ModelStore } from './model-store.ts';
import { convertStoredModel } from './stored-weights.ts';

/**
 * {@link convertStoredModel} in a worker of its own, so that the page stays quick: a large table takes its time. A store that a worker
 * cannot see, because it is kept in memory, is worked on here.
 *
 * @throws what {@link convertStoredModel} throws, by name and message; the signal's reason
 */
export async function convertInWorker(
  store: ModelStore,
  id: string,
  precision: Precision,
  { signal, onProgress }: Job = {},
): ReturnType<typeof convertStoredModel> {
  if (!store.persistent) return convertStoredModel(store, id, precision, { signal, onProgress });
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./convert-worker.ts', import.meta.url), {
    type: 'module',
    name: 'model converter',
  });
  const remote = comlink.wrap<ConvertWorker>(worker);
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) =>
      reject(
        new Error(`The conversion stopped (${message || 'its script could not be loaded'}). Try again.`),
      ),
    );
  });
  // It tidies up behind itself and then fails, which is what is waited for.
  const stop = () => void remote.stop().catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const report = comlink.proxy((done: number, total: number, what: string) =>
      onProgress?.(done, total, what),
    );
    return await Promise.race([remote.convert(id, precision, report), failed]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    remote[comlink.releaseProxy]();
    worker.terminate();
  }
}
