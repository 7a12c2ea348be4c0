import * as Comlink from 'comlink';
import { isAbort, type Job } from '../common/job.ts';
import type { VectorSet } from '../metrics/engine.ts';
import type { Layout } from './layout.ts';
import type { PcaResult } from './pca.ts';
import type { Tell, UmapWorker } from './umap-worker.ts';

/** A layout that can also project vectors onto their principal directions. */
export interface LayoutWorker extends Layout {
  /**
   * @returns positions n × dims, centered and scaled to ±10, and the share of the variance that each direction explains
   */
  pca(set: VectorSet, dims: 2 | 3, job?: Job): Promise<PcaResult>;
}

/**
 * Lays out in workers, one for each job, started when the job is and ended with it: an abort ends the worker at once,
 * whatever it is busy with, and nothing is heard of that job afterwards.
 */
export function createLayout(): LayoutWorker {
  const stops = new Set<(error: DOMException) => void>();

  function inWorker<T>(
    job: Job | undefined,
    work: (worker: Comlink.Remote<UmapWorker>, guard: (tell: Tell) => Tell) => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const signal = job?.signal;
      if (signal?.aborted) {
        reject(abortOf(signal));
        return;
      }
      const worker = new Worker(new URL('./umap-worker.ts', import.meta.url), { type: 'module' });
      let over = false;
      const end = (): boolean => {
        if (over) return false;
        over = true;
        worker.terminate();
        signal?.removeEventListener('abort', onAbort);
        stops.delete(stop);
        return true;
      };
      const stop = (error: unknown): void => {
        if (end()) reject(error);
      };
      const onAbort = (): void => {
        if (signal) stop(abortOf(signal));
      };
      signal?.addEventListener('abort', onAbort);
      stops.add(stop);
      worker.addEventListener('error', (event) => {
        const reason = event.message || 'its script did not load';
        stop(new Error(`The layout worker failed: ${reason}. Reload the page and try again.`));
      });
      const guard = (tell: Tell): Tell =>
        Comlink.proxy((...news: Parameters<Tell>) => {
          if (!over) tell(...news);
        });
      work(Comlink.wrap<UmapWorker>(worker), guard).then((value) => {
        if (end()) resolve(value);
      }, stop);
    });
  }

  return {
    umap(neighbors, options, job) {
      const { onPositions, ...plain } = options;
      return inWorker(job, (worker, guard) =>
        worker.umap(
          neighbors,
          plain,
          onPositions !== undefined,
          guard((epoch, epochs, positions, what) => {
            job?.onProgress?.(epoch, epochs, what);
            if (positions) onPositions?.(positions, epoch, epochs);
          }),
        ),
      );
    },
    pca(set, dims, job) {
      return inWorker(job, (worker, guard) =>
        worker.pca(
          set.vectors,
          set.dimension,
          dims,
          guard((done, total, _positions, what) => job?.onProgress?.(done, total, what)),
        ),
      );
    },
    dispose() {
      for (const stop of [...stops]) stop(new DOMException('The layout was disposed of.', 'AbortError'));
    },
  };
}

function abortOf(signal: AbortSignal): unknown {
  return isAbort(signal.reason) ? signal.reason : new DOMException('The layout was stopped.', 'AbortError');
}
