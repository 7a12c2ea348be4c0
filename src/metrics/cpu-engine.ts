import { proxy, type Remote, wrap } from 'comlink';
import type { Job } from '../common/job.ts';
import { checkK, checkPairs, checkSameDimension, checkScale, countRows } from './check.ts';
import type { CpuWorker, Progress, SetArgument } from './cpu/worker.ts';
import type { MetricEngine } from './engine.ts';
import { InvalidVectors } from './errors.ts';
import { isSameSet, type NamedSet, valuesOf } from './sets.ts';

// Smaller sets are sent with every call: mostly single queries.
const WORTH_KEEPING_BYTES = 2 ** 20;
// The worker holds copies; older ones go.
const MOST_KEPT = 4;

/**
 * The engine for pages without a usable GPU: the same functions in a worker. Sets are copied to the worker once and kept
 * by the identity of their `vectors` array: do not change an array after giving it.
 */
export function createCpuEngine(): MetricEngine {
  const host = new WorkerHost();
  return {
    path: 'cpu',

    async neighbors(base, { metric, k, queries, threshold }, job = {}) {
      const columns = { set: base, what: 'The vectors' };
      checkK(countRows(base, columns.what), { metric, k, queries });
      const rows = queries ? { set: queries, what: 'The queries' } : columns;
      countRows(rows.set, rows.what);
      checkSameDimension(base, columns.what, rows.set, rows.what);
      const question = { metric, threshold, k, leaveOutSelf: !queries };
      return host.run(rows, columns, job, 'Finding neighbors', (worker, id, a, b, progress) =>
        worker.neighbors(id, a, b, question, progress),
      );
    },

    async distances(set, { metric, columns, threshold }, job = {}) {
      const first = { set, what: 'The vectors' };
      const second = columns ? { set: columns, what: 'The columns' } : first;
      checkPairs(countRows(first.set, first.what), countRows(second.set, second.what));
      checkSameDimension(set, first.what, second.set, second.what);
      return host.run(first, second, job, 'Measuring distances', (worker, id, a, b, progress) =>
        worker.distances(id, a, b, { metric, threshold }, progress),
      );
    },

    distanceRows() {
      throw new Error('being built');
    },

    async summarize() {
      throw new Error('being built');
    },

    async rankSimilarity() {
      throw new Error('being built');
    },

    async similarity(pictures, labels, { scale = 100 } = {}, job = {}) {
      const rows = { set: pictures, what: 'The pictures' };
      const columns = { set: labels, what: 'The labels' };
      checkPairs(countRows(rows.set, rows.what), countRows(columns.set, columns.what));
      checkSameDimension(pictures, rows.what, labels, columns.what);
      checkScale(scale);
      return host.run(rows, columns, job, 'Comparing pictures and labels', (worker, id, a, b, progress) =>
        worker.similarity(id, a, b, scale, progress),
      );
    },

    dispose() {
      host.dispose();
    },
  };
}

type Call<T> = (
  worker: Remote<CpuWorker>,
  job: number,
  rows: SetArgument,
  columns: SetArgument,
  progress: Progress | undefined,
) => Promise<T>;

/** Owns the worker, and knows which sets it keeps. */
class WorkerHost {
  readonly #thread = new Worker(new URL('./cpu/worker.ts', import.meta.url), {
    type: 'module',
    name: 'metrics',
  });
  readonly #worker = wrap<CpuWorker>(this.#thread);
  readonly #ids = new WeakMap<object, { id: number; dimension: number; sent: Promise<void> }>();
  /** In order of use, oldest first. */
  readonly #kept = new Set<number>();
  #lastNumber = 0;
  /** Rejects when the worker can answer no more, for comlink would wait for ever. */
  readonly #end: Promise<never>;
  #stop: (reason: Error) => void = () => undefined;

  constructor() {
    this.#end = new Promise((_, reject) => {
      this.#stop = reject;
    });
    // Nobody may be waiting when it stops.
    this.#end.catch(() => undefined);
    this.#thread.onerror = ({ message }) => this.#stop(new Error(`The metrics worker stopped: ${message}`));
  }

  async run<T>(
    rows: NamedSet,
    columns: NamedSet,
    { signal, onProgress }: Job,
    what: string,
    call: Call<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const job = ++this.#lastNumber;
    const cancel = () => void this.#worker.cancel(job);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const isSame = isSameSet(rows.set, columns.set);
      const onColumns = await this.#argument(columns, isSame);
      const onRows = isSame ? onColumns : await this.#argument(rows, false);
      signal?.throwIfAborted();
      const progress = onProgress && proxy((done: number, total: number) => onProgress(done, total, what));
      return await Promise.race([call(this.#worker, job, onRows, onColumns, progress), this.#end]);
    } catch (error) {
      signal?.throwIfAborted();
      throw rebuild(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  dispose(): void {
    this.#stop(new Error('The metrics worker was closed.'));
    this.#thread.terminate();
  }

  /** @param mustKeep for a set that is measured within itself: both arguments must be one */
  async #argument({ set, what }: NamedSet, mustKeep: boolean): Promise<SetArgument> {
    if (!mustKeep && valuesOf(set).byteLength < WORTH_KEEPING_BYTES) return { set, what };
    let known = this.#ids.get(valuesOf(set));
    if (!known || known.dimension !== set.dimension || !this.#kept.has(known.id)) {
      const id = ++this.#lastNumber;
      known = { id, dimension: set.dimension, sent: this.#worker.keep(id, set, what) };
      this.#ids.set(valuesOf(set), known);
    }
    this.#touch(known.id);
    try {
      await Promise.race([known.sent, this.#end]);
    } catch (error) {
      this.#kept.delete(known.id);
      throw error;
    }
    return { kept: known.id, what };
  }

  #touch(id: number): void {
    this.#kept.delete(id);
    this.#kept.add(id);
    for (const oldest of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
      void this.#worker.forget(oldest);
    }
  }
}

/** Errors lose their class on the way from the worker, but not their name. */
function rebuild(error: unknown): unknown {
  return error instanceof Error && error.name === 'InvalidVectors'
    ? new InvalidVectors(error.message)
    : error;
}
