import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { GpuMatrix } from '../gpu/matrix.ts';
import type { MetricSet } from './engine.ts';
import { makePreparation, type Preparation, type PreparationKind, rowSource } from './prepare.ts';
import { isSameSet, type NamedSet, valuesOf } from './sets.ts';

// What is kept on the GPU beyond the jobs that run: two sets of 100,000 × 512 and some more.
const KEPT_BYTES = 512 * 2 ** 20;
// Smaller sets are uploaded faster than they are worth keeping: mostly single queries.
const WORTH_KEEPING_BYTES = 2 ** 20;

interface Entry {
  readonly device: GPUDevice;
  readonly preparation: Promise<Preparation>;
  readonly matrix: Promise<GpuMatrix>;
  bytes: number;
  users: number;
}

/** Sets on the GPU, kept by the identity of their arrays; the least recently used go first. */
export class MatrixCache {
  readonly #gpu: Gpu;
  readonly #maxChunkBytes: number | undefined;
  readonly #byArray = new WeakMap<object, Map<string, Entry>>();
  /** In order of use, oldest first. */
  readonly #entries = new Set<Entry>();
  /** Frees what belongs to an array that nobody holds any more. */
  readonly #forgotten = new FinalizationRegistry<Map<string, Entry>>((entries) => {
    for (const entry of entries.values()) this.#drop(entry);
  });

  constructor(gpu: Gpu, maxChunkBytes: number | undefined) {
    this.#gpu = gpu;
    this.#maxChunkBytes = maxChunkBytes;
  }

  /**
   * Lends two sets, on the GPU and prepared alike, for the time of `use`. The columns are the base: what a preparation
   * has to know (thresholds, shifts) is learned from them.
   */
  async withPair<T>(
    rows: NamedSet,
    columns: NamedSet,
    kind: PreparationKind,
    { signal }: Job,
    use: (rows: GpuMatrix, columns: GpuMatrix) => Promise<T>,
  ): Promise<T> {
    const base = this.#keep(columns, kind);
    base.users++;
    try {
      const onColumns = await base.matrix;
      signal?.throwIfAborted();
      if (isSameSet(rows.set, columns.set)) return await use(onColumns, onColumns);
      return await this.#withRows(rows, kind, await base.preparation, signal, (onRows) =>
        use(onRows, onColumns),
      );
    } finally {
      base.users--;
      this.#shrink();
    }
  }

  dispose(): void {
    for (const entry of [...this.#entries]) this.#drop(entry);
  }

  async #withRows<T>(
    rows: NamedSet,
    kind: PreparationKind,
    preparation: Preparation,
    signal: AbortSignal | undefined,
    use: (rows: GpuMatrix) => Promise<T>,
  ): Promise<T> {
    const needsBase = kind === 'shifted' || kind === 'median' || kind === 'mean';
    if (needsBase || valuesOf(rows.set).byteLength < WORTH_KEEPING_BYTES) {
      const source = rowSource(rows.set, rows.what, preparation);
      const matrix = await GpuMatrix.upload(this.#gpu, source, {
        maxChunkBytes: this.#maxChunkBytes,
        signal,
      });
      try {
        return await use(matrix);
      } finally {
        matrix.free();
      }
    }
    const entry = this.#keep(rows, kind);
    entry.users++;
    try {
      return await use(await entry.matrix);
    } finally {
      entry.users--;
    }
  }

  #keep({ set, what }: NamedSet, kind: PreparationKind): Entry {
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
    if (kept) this.#drop(kept);
    const entry = this.#upload(set, what, kind);
    entries.set(key, entry);
    this.#entries.add(entry);
    return entry;
  }

  #upload(set: MetricSet, what: string, kind: PreparationKind): Entry {
    const preparation = makePreparation(kind, set, what);
    const matrix = preparation.then((known) =>
      GpuMatrix.upload(this.#gpu, rowSource(set, what, known), { maxChunkBytes: this.#maxChunkBytes }),
    );
    const entry: Entry = { device: this.#gpu.device, preparation, matrix, bytes: 0, users: 0 };
    matrix.then(
      (uploaded) => {
        entry.bytes = uploaded.bytes;
      },
      () => this.#entries.delete(entry),
    );
    return entry;
  }

  #shrink(): void {
    let bytes = 0;
    for (const entry of [...this.#entries].reverse()) {
      bytes += entry.bytes;
      if (bytes > KEPT_BYTES && entry.users === 0) this.#drop(entry);
    }
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    entry.matrix.then(
      (matrix) => matrix.free(),
      () => undefined,
    );
  }
}
