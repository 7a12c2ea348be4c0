import * as Comlink from 'comlink';
import { type Job, orAborted } from '../../common/job.ts';
import { createWorkerJobs } from '../../common/worker-jobs.ts';
import type { Linkage } from './linkage.ts';
import type { ClusterOrder, OrderWork } from './order-work.ts';

export interface OrderQuestion {
  /** Items. */
  readonly count: number;
  readonly linkage: Linkage;
  /** The largest value is the nearest. */
  readonly isSimilarity: boolean;
}

/** Some whole rows of the distances. */
interface Rows {
  readonly firstRow: number;
  readonly distances: Float32Array<ArrayBuffer>;
}

const workers = createWorkerJobs<OrderWork>(
  'order',
  () => new Worker(new URL('./order-worker.ts', import.meta.url), { type: 'module', name: 'order' }),
);

/**
 * Hierarchical clusters and the optimal order of their leaves, in a worker of this job: an abort ends it at once. Takes O(n²) at
 * best and O(n³) at worst, and 16 bytes for each pair of items twice over.
 *
 * @param rows all count × count distances, from the first row to the last; handed over, not copied
 */
export function findClusterOrder(
  rows: AsyncIterable<Rows>,
  { count, linkage, isSimilarity }: OrderQuestion,
  job: Job = {},
): Promise<ClusterOrder> {
  return workers.run(job, async ({ worker, guard, signal }) => {
    await orAborted(worker.begin(count), signal);
    for await (const { firstRow, distances } of rows) {
      await orAborted(worker.take(firstRow, Comlink.transfer(distances, [distances.buffer])), signal);
    }
    const tell = guard((share: number, what: string) => job.onProgress?.(share, 1, what));
    return orAborted(worker.order(linkage, isSimilarity, tell), signal);
  });
}
