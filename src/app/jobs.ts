import { isAbort, type Job, type OnProgress } from '../common/job.ts';
import { type JobUnit, type Notice, nextId, writeApp } from './store.ts';

/** How long a notice stays, in milliseconds; errors stay until they are closed. */
const NOTICE_MS = 6000;

/** @returns what {@link dismiss} knows it by */
export function notify(kind: Notice['kind'], text: string, action?: Notice['action']): number {
  const notice: Notice = { id: nextId(), kind, text, action };
  writeApp((state) => ({ notices: [...state.notices, notice].slice(-4) }));
  if (kind !== 'error') setTimeout(() => dismiss(notice.id), action ? NOTICE_MS * 2 : NOTICE_MS);
  return notice.id;
}

export function dismiss(id: number): void {
  writeApp((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Steps a second over the last few seconds, so that a slow start does not spoil the estimate.
 * @param samples [milliseconds, steps done], oldest first
 */
export function rateOf(samples: readonly (readonly [number, number])[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last[0] - first[0] < 500 || last[1] <= first[1]) return undefined;
  return ((last[1] - first[1]) * 1000) / (last[0] - first[0]);
}

/**
 * Runs a long job with its progress and a cancel on the page.
 * @param outer a signal and a progress callback of the caller's, heard as well
 */
export async function runJob<T>(
  { title, unit = 'share' }: { readonly title: string; readonly unit?: JobUnit },
  outer: Job | undefined,
  work: (job: { signal: AbortSignal; onProgress: OnProgress }) => Promise<T>,
): Promise<T> {
  const id = nextId();
  const controller = new AbortController();
  const stop = () => controller.abort(outer?.signal?.reason);
  if (outer?.signal?.aborted) stop();
  outer?.signal?.addEventListener('abort', stop, { once: true });
  const samples: [number, number][] = [];
  writeApp((state) => ({
    jobs: [
      ...state.jobs,
      {
        id,
        title,
        unit,
        done: 0,
        total: 0,
        what: '',
        rate: undefined,
        secondsLeft: undefined,
        cancel: () => controller.abort(new DOMException('Cancelled.', 'AbortError')),
      },
    ],
  }));
  const onProgress: OnProgress = (done, total, what) => {
    outer?.onProgress?.(done, total, what);
    samples.push([performance.now(), done]);
    if (samples.length > 40) samples.shift();
    const rate = rateOf(samples);
    const secondsLeft = rate && total > done ? (total - done) / rate : undefined;
    writeApp((state) => ({
      jobs: state.jobs.map((job) => (job.id === id ? { ...job, done, total, what, rate, secondsLeft } : job)),
    }));
  };
  try {
    return await work({ signal: controller.signal, onProgress });
  } finally {
    outer?.signal?.removeEventListener('abort', stop);
    writeApp((state) => ({ jobs: state.jobs.filter((job) => job.id !== id) }));
  }
}

// As Chromium, Firefox and Safari say that a script did not come, and Vite that its styles did not.
const NOT_LOADED = /dynamically imported module|importing a module script failed|unable to preload/i;

/** Runs what a button asked for: failures become a notice, a cancelled job is silent. */
export function act(work: () => Promise<unknown> | unknown): void {
  Promise.resolve()
    .then(work)
    .catch((error: unknown) => {
      if (isAbort(error)) return;
      console.warn(error);
      if (!NOT_LOADED.test(messageOf(error))) return notify('error', messageOf(error));
      notify(
        'error',
        'A part of the page could not be loaded: there is no connection, or a newer version of this page is out.',
        { label: 'Reload the page', run: () => location.reload() },
      );
    });
}
