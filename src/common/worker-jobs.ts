import * as Comlink from 'comlink';
import { isAbort, type Job } from './job.ts';

/** What a job has while its worker lives. */
export interface WorkerJob<W> {
  readonly worker: Comlink.Remote<W>;
  /** Makes a callback that the worker can call; it is not heard after the job is over. */
  guard<Arguments extends unknown[]>(callback: (...news: Arguments) => void): (...news: Arguments) => void;
  /** Aborts when the job does, is disposed of or fails: for what the page does meanwhile. */
  readonly signal: AbortSignal;
}

export interface WorkerJobs<W> {
  /** Starts a worker, and ends it when `work` has its answer. */
  run<T>(job: Job | undefined, work: (running: WorkerJob<W>) => Promise<T>): Promise<T>;
  /** Ends all jobs. */
  dispose(): void;
}

/**
 * Workers, one for each job, started when the job is and ended with it: an abort ends the worker at once, whatever it is
 * busy with, and nothing is heard of that job afterwards.
 *
 * @param what the work is, for messages, as in "layout"
 */
export function createWorkerJobs<W>(what: string, open: () => Worker): WorkerJobs<W> {
  const stops = new Set<(error: DOMException) => void>();
  return {
    run<T>(job: Job | undefined, work: (running: WorkerJob<W>) => Promise<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const signal = job?.signal;
        const abortOf = ({ reason }: AbortSignal): unknown =>
          isAbort(reason) ? reason : new DOMException(`The ${what} was stopped.`, 'AbortError');
        if (signal?.aborted) {
          reject(abortOf(signal));
          return;
        }
        const thread = open();
        const stopped = new AbortController();
        let over = false;
        const end = (): boolean => {
          if (over) return false;
          over = true;
          thread.terminate();
          signal?.removeEventListener('abort', onAbort);
          stops.delete(stop);
          return true;
        };
        const stop = (error: unknown): void => {
          if (!end()) return;
          stopped.abort(error);
          reject(error);
        };
        const onAbort = (): void => {
          if (signal) stop(abortOf(signal));
        };
        signal?.addEventListener('abort', onAbort);
        stops.add(stop);
        thread.addEventListener('error', (event) => {
          const reason = event.message || 'its script did not load';
          stop(new Error(`The ${what} worker failed: ${reason}. Reload the page and try again.`));
        });
        work({
          worker: Comlink.wrap<W>(thread),
          guard: (callback) =>
            Comlink.proxy((...news) => {
              if (!over) callback(...news);
            }),
          signal: stopped.signal,
        }).then((value) => {
          if (end()) resolve(value);
        }, stop);
      });
    },
    dispose() {
      for (const stop of [...stops]) stop(new DOMException(`The ${what} was disposed of.`, 'AbortError'));
    },
  };
}
