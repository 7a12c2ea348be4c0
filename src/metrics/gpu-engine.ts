import type { Job, OnProgress } from '../common/job.ts';
import { GpuOutOfMemory } from '../gpu/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { Pace } from '../gpu/pace.ts';
import { surviveLoss } from '../gpu/survive.ts';
import { catalogue } from './catalogue.ts';
import {
  checkK,
  checkOptions,
  checkPairs,
  checkRanking,
  checkSameDimension,
  checkScale,
  countRows,
} from './check.ts';
import { checkSummary } from './check-summary.ts';
import { streamDistanceRows } from './distance-rows.ts';
import { computeDistances, type Pairing } from './distances.ts';
import type { DistancesOptions, MetricEngine, MetricOptions, MetricSet, VectorSet } from './engine.ts';
import { checkFitsBinding, computeDistancesOnGpu, type GpuDistances } from './gpu-distances.ts';
import { MatrixCache } from './matrix-cache.ts';
import { computeNeighbors, mostNeighbors } from './neighbors.ts';
import { sortNeighbors } from './neighbors-sorted.ts';
import { storeAs } from './prepare.ts';
import { chooseForm } from './prepare-bits.ts';
import { computeRanking } from './rank-similarity.ts';
import { checkComparable, isSameSet, type NamedSet } from './sets.ts';
import { computeSimilarity } from './similarity.ts';
import type { SimilarityPairing } from './similarity-blocks.ts';
import { computeSummary } from './summary/summarize.ts';

export interface GpuEngineOptions {
  /** Bytes of rows in one buffer, at most; what a binding takes unless told. Tests make it small. */
  readonly maxChunkBytes?: number;
  /** Distances held on the GPU at once, at most. Tests make it small. */
  readonly maxPairs?: number;
  /** Sets of this many values are turned into bits by the GPU, smaller ones by the CPU. Tests make it small. */
  readonly fewestBinarized?: number;
  /** A k up to this is found by kernels, a larger one by sorting on the CPU; by the size of the set unless told. Tests make it large. */
  readonly mostNeighbors?: number;
  /** The name of a tile that many rows are measured with (`kernelCandidates`); the fastest, found by trial, unless told. */
  readonly kernel?: string;
}

// 16 MiB of distances: some megabytes keep a GPU busy, and more would only cost memory.
const MAX_PAIRS = 4 * 2 ** 20;
// Below this the CPU is done before kernels have started; and what a software adapter does, it does ten times as fast.
const FEWEST_BINARIZED = { fallback: Infinity, gpu: 2 ** 18 };
// Real rows on the GPU at once, on their way to bits: larger sets go some dimensions at a time.
const MOST_BINARIZED_BYTES = 256 * 2 ** 20;
// Elements a millisecond to start with: 1 GFLOP/s on a software adapter, 40 on the slowest GPUs in use.
const FIRST_PACE = { fallback: 5e5, gpu: 2e7 };

/** What only an engine on the GPU can do. */
export interface GpuMetricEngine extends MetricEngine {
  /**
   * n × m distances that stay on the engine's device.
   *
   * @throws {InvalidVectors} when they do not fit one storage binding
   */
  distancesOnGpu(rows: MetricSet, options: DistancesOptions, job?: Job): Promise<GpuDistances>;
}

/**
 * The engine that runs the WGSL kernels. Uploaded sets are kept by the identity of their `vectors` array, so that
 * search after search of one collection uploads nothing: do not change an array after giving it.
 *
 * After a device loss the running job gets a new device, uploads again and starts over, once.
 */
export function createGpuEngine(gpu: Gpu, options: GpuEngineOptions = {}): GpuMetricEngine {
  const paces = new Map<string, Pace>();
  const maxPairs = options.maxPairs ?? MAX_PAIRS;

  function paceOf(name: string): Pace {
    const pace = paces.get(name) ?? new Pace(gpu.adapter.isFallback ? FIRST_PACE.fallback : FIRST_PACE.gpu);
    paces.set(name, pace);
    return pace;
  }

  const cache = new MatrixCache({
    gpu,
    pace: paceOf('bits'),
    fewestValues: options.fewestBinarized ?? FEWEST_BINARIZED[gpu.adapter.isFallback ? 'fallback' : 'gpu'],
    mostBytes: MOST_BINARIZED_BYTES,
    maxChunkBytes: options.maxChunkBytes,
  });

  /** What a job needs to end well: a new device after a loss, and the room that idle sets take. */
  function run<T>(job: Job, work: () => Promise<T>): Promise<T> {
    return surviveLoss(gpu, job, async () => {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof GpuOutOfMemory) || !(await cache.makeRoom())) throw error;
        job.signal?.throwIfAborted();
        return work();
      }
    });
  }

  async function pair<T>(
    rows: NamedSet,
    columns: NamedSet,
    { metric: id, threshold, storage: wanted = 'float32' }: MetricOptions,
    job: Job,
    measure: (pairing: Pairing) => Promise<T>,
  ): Promise<T> {
    checkComparable(id, rows, columns);
    const { metric, kind: form } = await chooseForm(catalogue[id], rows, columns, threshold, job);
    const { kind, storage } = storeAs(form, wanted);
    return cache.withPair(rows, columns, kind, job, (onRows, onColumns) =>
      measure({
        gpu,
        metric,
        rows: onRows,
        columns: onColumns,
        isSameSet: isSameSet(rows.set, columns.set),
        storage,
        pace: paceOf(`${metric.id} ${storage} ${onRows.rows === 1 ? 'one' : 'many'}`),
        maxPairs,
        kernel: options.kernel ?? 'auto',
      }),
    );
  }

  function askPair(rows: MetricSet, columns: MetricSet | undefined) {
    const first = { set: rows, what: 'The vectors' };
    const second = columns ? { set: columns, what: 'The columns' } : first;
    const size = {
      rows: countRows(first.set, first.what),
      columns: countRows(second.set, second.what),
    };
    checkSameDimension(first.set, first.what, second.set, second.what);
    return { first, second, size };
  }

  function pairSimilarity<T>(
    pictures: VectorSet,
    labels: VectorSet,
    scale: number,
    job: Job,
    compare: (pairing: SimilarityPairing) => Promise<T>,
  ): Promise<T> {
    const rows = { set: pictures, what: 'The pictures' };
    const columns = { set: labels, what: 'The labels' };
    checkComparable('cosine', rows, columns);
    checkSameDimension(pictures, rows.what, labels, columns.what);
    checkScale(scale);
    return run(job, () =>
      cache.withPair(rows, columns, 'split', job, (onPictures, onLabels) =>
        compare({ gpu, pictures: onPictures, labels: onLabels, scale, paceOf, maxPairs }),
      ),
    );
  }

  return {
    path: 'webgpu',

    async neighbors(base, question, job = {}) {
      checkOptions(question);
      const { k, queries, allowed, metric } = question;
      const columns = { set: base, what: 'The vectors' };
      const asked = queries ? { set: queries, what: 'The queries' } : columns;
      checkK(countRows(base, columns.what), question);
      const size = { rows: countRows(asked.set, asked.what), columns: countRows(base, columns.what) };
      checkSameDimension(base, columns.what, asked.set, asked.what);
      const lend = <T>(use: (pairing: Pairing) => Promise<T>) => pair(asked, columns, question, job, use);
      const search = { k, leaveOutSelf: !queries, allowed };
      if (k > (options.mostNeighbors ?? mostNeighbors(size.columns, gpu.adapter.isFallback))) {
        const renamed = { ...job, onProgress: renameProgress(job, 'Finding neighbors') };
        const pieces = streamDistanceRows(gpu, size, lend, renamed);
        const isLargestNearest = catalogue[metric].nearest === 'largest';
        return sortNeighbors(pieces, { ...size, ...search, isLargestNearest }, job);
      }
      const selectPace = paceOf(`${metric} neighbors`);
      return run(job, () => lend((pairing) => computeNeighbors(pairing, { ...search, selectPace }, job)));
    },

    async distances(rows, { columns, ...question }, job = {}) {
      checkOptions(question);
      const { first, second, size } = askPair(rows, columns);
      checkPairs(size.rows, size.columns);
      return run(job, () => pair(first, second, question, job, (pairing) => computeDistances(pairing, job)));
    },

    async *distanceRows(rows, { columns, ...question }, job = {}) {
      checkOptions(question);
      const { first, second, size } = askPair(rows, columns);
      yield* streamDistanceRows(gpu, size, (use) => pair(first, second, question, job, use), job);
    },

    async distancesOnGpu(rows, { columns, ...question }, job = {}) {
      checkOptions(question);
      const { first, second, size } = askPair(rows, columns);
      return run(job, () => {
        checkFitsBinding(gpu, size.rows, size.columns);
        return pair(first, second, question, job, (pairing) => computeDistancesOnGpu(pairing, job));
      });
    },

    async summarize(rows, { columns, ...question }, job = {}) {
      checkOptions(question);
      const { first, second, size } = askPair(rows, columns);
      const shape = checkSummary(size.rows, size.columns, question);
      const pace = paceOf(`summary ${question.metric}`);
      return run(job, () =>
        pair(first, second, question, job, (pairing) =>
          computeSummary({ ...pairing, pace }, question, shape, job),
        ),
      );
    },

    async rankSimilarity(pictures, labels, { scale = 100, ...wanted }, job = {}) {
      countRows(pictures, 'The pictures');
      countRows(labels, 'The labels');
      checkRanking(wanted);
      return pairSimilarity(pictures, labels, scale, job, (pairing) => computeRanking(pairing, wanted, job));
    },

    async similarity(pictures, labels, { scale = 100 } = {}, job = {}) {
      checkPairs(countRows(pictures, 'The pictures'), countRows(labels, 'The labels'));
      return pairSimilarity(pictures, labels, scale, job, (pairing) => computeSimilarity(pairing, job));
    },

    dispose() {
      cache.dispose();
    },
  };
}

function renameProgress({ onProgress }: Job, what: string): OnProgress | undefined {
  return onProgress && ((done, total) => onProgress(done, total, what));
}
