import type { Job } from '../common/job.ts';
import { createWorkerJobs } from '../common/worker-jobs.ts';
import type { VectorSet } from '../metrics/engine.ts';
import type { LandmarkDistances, ScalingResult } from './classical-scaling.ts';
import type { Layout } from './layout.ts';
import type { PcaResult } from './pca.ts';
import type { UmapWorker } from './umap-worker.ts';

/** A layout that can also project vectors onto their principal directions, and scale distances. */
export interface LayoutWorker extends Layout {
  /**
   * @returns positions n × dims, centered and scaled to ±10, and the share of the variance that each direction explains
   */
  pca(set: VectorSet, dims: 2 | 3, job?: Job): Promise<PcaResult>;
  /** Classical scaling, under any metric; `distancesForScaling` in src/compare measures what it takes. */
  classicalScaling(distances: LandmarkDistances, dims: 2 | 3, job?: Job): Promise<ScalingResult>;
}

/** Lays out in workers, one for each job: an abort ends the worker at once, whatever it is busy with. */
export function createLayout(): LayoutWorker {
  const workers = createWorkerJobs<UmapWorker>(
    'layout',
    () => new Worker(new URL('./umap-worker.ts', import.meta.url), { type: 'module' }),
  );
  return {
    umap(neighbors, options, job) {
      const { onPositions, ...plain } = options;
      return workers.run(job, ({ worker, guard }) =>
        worker.umap(
          neighbors,
          plain,
          onPositions !== undefined,
          guard((epoch, epochs, positions, what) => {
            job?.onProgress?.(epoch, epochs, what);
            if (positions) onPositions?.(positions, epoch, epochs);
          }),
        ),
      );
    },
    pca(set, dims, job) {
      return workers.run(job, ({ worker, guard }) =>
        worker.pca(
          set.vectors,
          set.dimension,
          dims,
          guard((done, total, _positions, what) => job?.onProgress?.(done, total, what)),
        ),
      );
    },
    classicalScaling(distances, dims, job) {
      return workers.run(job, ({ worker, guard }) =>
        worker.classicalScaling(
          distances,
          dims,
          guard((done, total, _positions, what) => job?.onProgress?.(done, total, what)),
        ),
      );
    },
    dispose() {
      workers.dispose();
    },
  };
}
