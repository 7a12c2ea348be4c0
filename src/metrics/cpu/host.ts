import { proxy, type Remote, wrap } from 'comlink';
import { type Job, orAborted } from '../../common/job.ts';
import type { DistanceRows, MetricOptions } from '../engine.ts';
import { InvalidK, InvalidOptions, InvalidScale, InvalidVectors, NotEnoughMemory } from '../errors.ts';
import { isSameSet, type NamedSet, valuesOf } from '../sets.ts';
import type { CpuWorker, Order, Progress, SetArgument } from './worker.ts';

// Smaller sets are sent with every call: mostly single queries.
const WORTH_KEEPING_BYTES = 2 ** 20;
// The worker holds copies; the ones that were not used for longest go.
const MOST_KEPT = 4;

export type Call<T> = (worker: Remote<CpuWorker>, order: Order, progress: Progress | undefined) => Promise<T>;

interface Kept {
  readonly id: number;
  readonly dimension: number;
  readonly sent: Promise<void>;
  /** Jobs that are measuring it. */
  users: number;
}

/** Owns the worker, and knows which sets it keeps. */
export class WorkerHost {
  readonly #thread = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'metrics' });
  readonly #worker = wrap<CpuWorker>(this.#thread);
  readonly #byArray = new WeakMap<object, Kept>();
  /** In order of use, oldest first. */
  readonly #kept = new Set<Kept>();
  /** Frees the copy of an array that nobody holds any more. */
  readonly #forgotten = new FinalizationRegistry<Kept>((kept) => this.#forget(kept));
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

  /** Runs one job of the worker on two sets. */
  async run<T>(rows: NamedSet, columns: NamedSet, job: Job, what: string, call: Call<T>): Promise<T> {
    return this.#withPair(rows, columns, job.signal, (onRows, onColumns) =>
      this.#ask(job, what, (number, progress) =>
        call(this.#worker, { job: number, rows: onRows, columns: onColumns }, progress),
      ),
    );
  }

  /** Pieces of whole rows; the next is measured when it is asked for. */
  async *stream(
    rows: NamedSet,
    columns: NamedSet,
    options: MetricOptions,
    job: Job,
    what: string,
  ): AsyncGenerator<DistanceRows, void> {
    const stream = ++this.#lastNumber;
    try {
      await this.run(rows, columns, job, what, (worker, order) => worker.openRows(stream, order, options));
      for (;;) {
        const piece = await this.#ask(job, what, (number, progress) =>
          this.#worker.nextRows(number, stream, progress),
        );
        if (!piece) return;
        yield piece;
      }
    } finally {
      void this.#worker.closeRows(stream);
    }
  }

  dispose(): void {
    this.#stop(new Error('The metrics worker was closed.'));
    this.#thread.terminate();
  }

  async #ask<T>(
    { signal, onProgress }: Job,
    what: string,
    call: (job: number, progress: Progress | undefined) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const job = ++this.#lastNumber;
    const cancel = () => void this.#worker.cancel(job);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const progress =
        onProgress &&
        proxy((done: number, total: number) => {
          if (!signal?.aborted) onProgress(done, total, what);
        });
      return await orAborted(Promise.race([call(job, progress), this.#end]), signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw rebuild(error);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Keeps two sets in the worker for the time of `use`. */
  async #withPair<T>(
    rows: NamedSet,
    columns: NamedSet,
    signal: AbortSignal | undefined,
    use: (rows: SetArgument, columns: SetArgument) => Promise<T>,
  ): Promise<T> {
    const isSame = isSameSet(rows.set, columns.set);
    // A set that is measured within itself is kept whatever its size: both arguments must be one.
    return this.#withSet(columns, isSame, signal, (onColumns) =>
      isSame
        ? use(onColumns, onColumns)
        : this.#withSet(rows, false, signal, (onRows) => use(onRows, onColumns)),
    );
  }

  async #withSet<T>(
    { set, what }: NamedSet,
    mustKeep: boolean,
    signal: AbortSignal | undefined,
    use: (argument: SetArgument) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    if (!mustKeep && valuesOf(set).byteLength < WORTH_KEEPING_BYTES) return use({ set, what });
    const kept = this.#keep({ set, what });
    kept.users++;
    try {
      await orAborted(Promise.race([kept.sent, this.#end]), signal).catch((error: unknown) => {
        throw rebuild(error);
      });
      return await use({ kept: kept.id, what });
    } finally {
      kept.users--;
      this.#shrink();
    }
  }

  #keep({ set, what }: NamedSet): Kept {
    const values = valuesOf(set);
    const known = this.#byArray.get(values);
    if (known && known.dimension === set.dimension && this.#kept.delete(known)) {
      this.#kept.add(known);
      return known;
    }
    const id = ++this.#lastNumber;
    const kept: Kept = { id, dimension: set.dimension, sent: this.#worker.keep(id, set, what), users: 0 };
    kept.sent.catch(() => this.#forget(kept));
    this.#byArray.set(values, kept);
    this.#forgotten.register(values, kept);
    this.#kept.add(kept);
    return kept;
  }

  #shrink(): void {
    for (const oldest of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) break;
      if (oldest.users === 0) this.#forget(oldest);
    }
  }

  #forget(kept: Kept): void {
    if (this.#kept.delete(kept)) void this.#worker.forget(kept.id);
  }
}

const CLASSES = [InvalidVectors, InvalidK, InvalidScale, InvalidOptions, NotEnoughMemory];

/** Errors lose their class on the way from the worker, but not their name. */
function rebuild(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // By the name that each gives its errors: that of a class does not survive the build.
  const rebuilt = CLASSES.map((Class) => new Class(error.message));
  return rebuilt.find(({ name }) => name === error.name) ?? error;
}
