/** Progress of a long job: `done` of `total` steps, and what is being done, in words a person reads. */
export type OnProgress = (done: number, total: number, what: string) => void;

/** What every long job takes: a way to stop it and a way to hear from it. */
export interface Job {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** True when `error` is what an aborted job throws. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
