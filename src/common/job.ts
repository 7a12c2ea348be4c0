/** Progress of a long job: `done` of `total` steps, and what is being done, in words a person reads. */
export type OnProgress = (done: number, total: number, what: string) => void;

/** What every long job takes: a way to stop it and a way to hear from it. */
export interface Job {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Waits for the promise or the abort, whichever is first; the promise itself goes on. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** True when `error` is what an aborted job throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
