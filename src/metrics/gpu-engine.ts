import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { Pace } from '../gpu/pace.ts';
import { surviveLoss } from '../gpu/survive.ts';
import { catalogue, type Metric } from './catalogue.ts';
import { checkK, checkPairs, checkSameDimension, checkScale, countRows } from './check.ts';
import { computeDistances, type Pairing } from './distances.ts';
import type { BitThreshold, MetricEngine } from './engine.ts';
import { MatrixCache } from './matrix-cache.ts';
import { computeNeighbors } from './neighbors.ts';
import { isSameSet, type NamedSet } from './sets.ts';
import { computeSimilarity } from './similarity.ts';

export interface GpuEngineOptions {
  /** Bytes of rows in one buffer, at most; what a binding takes unless told. Tests make it small. */
  readonly maxChunkBytes?: number;
  /** Distances held on the GPU at once, at most. Tests make it small. */
  readonly maxPairs?: number;
}

// 16 MiB of distances: some megabytes keep a GPU busy, and more would only cost memory.
const MAX_PAIRS = 4 * 2 ** 20;
// Elements a millisecond to start with: 1 GFLOP/s on a software adapter, 40 on the slowest GPUs in use.
const FIRST_PACE = { fallback: 5e5, gpu: 2e7 };

/**
 * The engine that runs the WGSL kernels. Uploaded sets are kept by the identity of their `vectors` array, so that
 * search after search of one collection uploads nothing: do not change an array after giving it.
 *
 * After a device loss the running job gets a new device, uploads again and starts over, once.
 */
export function createGpuEngine(gpu: Gpu, options: GpuEngineOptions = {}): MetricEngine {
  const cache = new MatrixCache(gpu, options.maxChunkBytes);
  const paces = new Map<string, Pace>();
  const maxPairs = options.maxPairs ?? MAX_PAIRS;

  function paceOf(name: string): Pace {
    const pace = paces.get(name) ?? new Pace(gpu.adapter.isFallback ? FIRST_PACE.fallback : FIRST_PACE.gpu);
    paces.set(name, pace);
    return pace;
  }

  function pair<T>(
    rows: NamedSet,
    columns: NamedSet,
    { metric, threshold }: { readonly metric: Metric; readonly threshold?: BitThreshold | undefined },
    job: Job,
    measure: (pairing: Pairing) => Promise<T>,
  ): Promise<T> {
    const kind = metric.rows === 'bits' ? (threshold ?? 'median') : metric.rows;
    return cache.withPair(rows, columns, kind, job, (onRows, onColumns) =>
      measure({
        gpu,
        metric,
        rows: onRows,
        columns: onColumns,
        isSameSet: isSameSet(rows.set, columns.set),
        storage: 'float32',
        pace: paceOf(`${metric.id} ${onRows.rows === 1 ? 'one' : 'many'}`),
        maxPairs,
      }),
    );
  }

  return {
    path: 'webgpu',

    async neighbors(base, { metric, k, queries, threshold }, job = {}) {
      const rows = countRows(base, 'The vectors');
      checkK(rows, { metric, k, queries });
      const columns = { set: base, what: 'The vectors' };
      const asked = queries ? { set: queries, what: 'The queries' } : columns;
      countRows(asked.set, asked.what);
      checkSameDimension(base, 'The vectors', asked.set, asked.what);
      return surviveLoss(gpu, job, () =>
        pair(asked, columns, { metric: catalogue[metric], threshold }, job, (pairing) =>
          computeNeighbors(pairing, { k, leaveOutSelf: !queries }, job),
        ),
      );
    },

    async distances(rows, { metric, columns, threshold }, job = {}) {
      const first = { set: rows, what: 'The vectors' };
      const second = columns ? { set: columns, what: 'The columns' } : first;
      checkPairs(countRows(first.set, first.what), countRows(second.set, second.what));
      checkSameDimension(rows, 'The vectors', second.set, second.what);
      return surviveLoss(gpu, job, () =>
        pair(first, second, { metric: catalogue[metric], threshold }, job, (pairing) =>
          computeDistances(pairing, job),
        ),
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
      checkSameDimension(pictures, 'The pictures', labels, 'The labels');
      checkScale(scale);
      return surviveLoss(gpu, job, () =>
        cache.withPair(rows, columns, 'split', job, (onRows, onColumns) =>
          computeSimilarity(
            { gpu, pictures: onRows, labels: onColumns, scale, pace: paceOf('similarity'), maxPairs },
            job,
          ),
        ),
      );
    },

    dispose() {
      cache.dispose();
    },
  };
}
