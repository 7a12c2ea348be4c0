import { type Job, type OnProgress, orAborted } from '../common/job.ts';
import { GpuFault, GpuOutOfMemory } from '../gpu/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { GpuMatrix, rowBytesOf } from '../gpu/matrix.ts';
import type { Binarizer } from './binarize-work.ts';
import { adviseOnMemory } from './memory-advice.ts';
import { makePreparation, type Preparation, type PreparationKind, rowSource } from './prepare.ts';
import { isSameSet, type NamedSet, valuesOf } from './sets.ts';

// What is kept on the GPU beyond the jobs that run: two sets of 100,000 × 512 and some more.
const KEPT_BYTES = 512 * 2 ** 20;
// Smaller sets are uploaded faster than they are worth keeping: mostly single queries.
const WORTH_KEEPING_BYTES = 2 ** 20;

interface Entry {
  /** That its rows are on; until they are, the one that there was when it was begun. */
  device: GPUDevice;
  readonly preparation: Promise<Preparation>;
  readonly matrix: Promise<GpuMatrix>;
  /** Stops the upload when nobody waits for it any more. */
  readonly controller: AbortController;
  readonly listeners: Set<OnProgress>;
  isReady: boolean;
  bytes: number;
  users: number;
}

/** Sets on the GPU, kept by the identity of their arrays; the least recently used go first. */
export class MatrixCache {
  readonly #gpu: Gpu;
  readonly #maxChunkBytes: number | undefined;
  readonly #binarizer: Binarizer;
  readonly #byArray = new WeakMap<object, Map<string, Entry>>();
  /** In order of use, oldest first. */
  readonly #entries = new Set<Entry>();
  /** Frees what belongs to an array that nobody holds any more. */
  readonly #forgotten = new FinalizationRegistry<Map<string, Entry>>((entries) => {
    for (const entry of entries.values()) void this.#drop(entry);
  });

  #isDisposed = false;

  constructor(binarizer: Binarizer) {
    this.#gpu = binarizer.gpu;
    this.#maxChunkBytes = binarizer.maxChunkBytes;
    this.#binarizer = binarizer;
  }

  /**
   * Lends two sets, on the GPU and prepared alike, for the time of `use`. The columns are the base: what a preparation
   * has to know (thresholds, shifts) is learned from them.
   */
  async withPair<T>(
    rows: NamedSet,
    columns: NamedSet,
    kind: PreparationKind,
    job: Job,
    use: (rows: GpuMatrix, columns: GpuMatrix) => Promise<T>,
  ): Promise<T> {
    return this.#withEntry(columns, kind, job, async (onColumns, base) => {
      if (isSameSet(rows.set, columns.set)) return use(onColumns, onColumns);
      return this.#withRows(rows, kind, await base.preparation, job, (onRows) => use(onRows, onColumns));
    });
  }

  /** Frees the sets that no job uses. @returns whether there were any */
  async makeRoom(): Promise<boolean> {
    const idle = [...this.#entries].filter(({ users }) => users === 0);
    await Promise.all(idle.map((entry) => this.#drop(entry)));
    return idle.length > 0;
  }

  /** Frees all sets, those of running jobs when these have ended; keeps none from now on. */
  dispose(): void {
    this.#isDisposed = true;
    for (const entry of [...this.#entries]) if (entry.users === 0) void this.#drop(entry);
  }

  async #withRows<T>(
    rows: NamedSet,
    kind: PreparationKind,
    preparation: Preparation,
    job: Job,
    use: (rows: GpuMatrix) => Promise<T>,
  ): Promise<T> {
    const needsBase = kind === 'shifted' || kind === 'median' || kind === 'mean';
    if (!needsBase && valuesOf(rows.set).byteLength >= WORTH_KEEPING_BYTES) {
      return this.#withEntry(rows, kind, job, use);
    }
    const matrix = await this.#upload(rows, kind, preparation, job);
    try {
      return await use(matrix);
    } finally {
      matrix.free();
    }
  }

  async #withEntry<T>(
    named: NamedSet,
    kind: PreparationKind,
    { signal, onProgress }: Job,
    use: (matrix: GpuMatrix, entry: Entry) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const entry = this.#keep(named, kind);
    entry.users++;
    if (onProgress) entry.listeners.add(onProgress);
    try {
      const matrix = await orAborted(entry.matrix, signal);
      // What was sent to a device that is no more is to be sent again.
      if (matrix.device !== this.#gpu.device)
        throw new GpuFault(named.what, 'the GPU was lost while it took them in');
      return await use(matrix, entry);
    } finally {
      if (onProgress) entry.listeners.delete(onProgress);
      entry.users--;
      if (entry.users === 0 && (this.#isDisposed || !entry.isReady)) void this.#drop(entry);
      this.#shrink();
    }
  }

  #keep(named: NamedSet, kind: PreparationKind): Entry {
    const { set } = named;
    const values = valuesOf(set);
    const known = this.#byArray.get(values);
    const entries = known ?? new Map<string, Entry>();
    if (!known) {
      this.#byArray.set(values, entries);
      this.#forgotten.register(values, entries);
    }
    const key = `${kind} ${set.dimension}`;
    const kept = entries.get(key);
    if (kept && kept.device === this.#gpu.device && this.#entries.has(kept)) {
      this.#entries.delete(kept);
      this.#entries.add(kept);
      return kept;
    }
    if (kept) void this.#drop(kept);
    const entry = this.#begin(named, kind);
    entries.set(key, entry);
    this.#entries.add(entry);
    return entry;
  }

  #begin(named: NamedSet, kind: PreparationKind): Entry {
    const controller = new AbortController();
    const listeners = new Set<OnProgress>();
    const job: Job = {
      signal: controller.signal,
      onProgress: (...progress) => {
        for (const listener of listeners) listener(...progress);
      },
    };
    const preparation = makePreparation(kind, named.set, named.what, this.#binarizer, job);
    const matrix = preparation.then((known) => this.#upload(named, kind, known, job));
    const { device } = this.#gpu;
    const entry: Entry = {
      ...{ device, preparation, matrix, controller, listeners },
      ...{ isReady: false, bytes: 0, users: 0 },
    };
    matrix.then(
      (uploaded) => {
        entry.isReady = true;
        // The preparation may have outlived a loss.
        entry.device = uploaded.device;
        entry.bytes = uploaded.bytes;
      },
      () => this.#entries.delete(entry),
    );
    return entry;
  }

  /** Where the GPU has no room, sets that nobody uses make some, once. */
  async #upload(
    named: NamedSet,
    kind: PreparationKind,
    preparation: Preparation,
    job: Job,
  ): Promise<GpuMatrix> {
    const source = rowSource(named.set, named.what, preparation);
    const options = { ...job, maxChunkBytes: this.#maxChunkBytes };
    try {
      return await GpuMatrix.upload(this.#gpu, source, options);
    } catch (error) {
      if (!(error instanceof GpuOutOfMemory)) throw error;
    }
    await this.makeRoom();
    const before = this.#gpu.memory.live.bytes;
    try {
      return await GpuMatrix.upload(this.#gpu, source, options);
    } catch (error) {
      const granted = error instanceof GpuOutOfMemory ? error.held - before : 0;
      const way = { rowBytes: rowBytesOf(source) + 4, isOnlyWay: kind === 'split' };
      throw adviseOnMemory(error, named, way, granted);
    }
  }

  #shrink(): void {
    let bytes = 0;
    for (const entry of [...this.#entries].reverse()) {
      bytes += entry.bytes;
      if (bytes > KEPT_BYTES && entry.users === 0) void this.#drop(entry);
    }
  }

  async #drop(entry: Entry): Promise<void> {
    this.#entries.delete(entry);
    entry.controller.abort();
    const matrix = await entry.matrix.catch(() => undefined);
    matrix?.free();
  }
}
