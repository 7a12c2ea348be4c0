import * as Comlink from 'comlink';
import { optimalLeafOrder } from './leaf-order.ts';
import { cluster, type Dendrogram, type Linkage } from './linkage.ts';

export interface ClusterOrder {
  /** The hierarchy, whose leaves are items by their row. */
  readonly tree: Dendrogram;
  /** Which item stands at each place. */
  readonly order: Uint32Array<ArrayBuffer>;
}

/** Share of the merging in the time of both steps, about. */
const MERGING = 0.2;

/** What the order worker does; its state is that of one job. */
export function createOrderWork() {
  let count = 0;
  let distances = new Float32Array(0);
  return {
    begin(items: number): void {
      count = items;
      distances = new Float32Array(items * items);
    },

    take(firstRow: number, rows: Float32Array<ArrayBuffer>): void {
      distances.set(rows, firstRow * count);
    },

    /**
     * @param isSimilarity the largest is nearest: how far each falls behind the largest of all is then its distance
     * @param tell hears of the share that is done, a few times a second
     */
    order(
      linkage: Linkage,
      isSimilarity: boolean,
      tell: (share: number, what: string) => unknown,
    ): ClusterOrder {
      if (isSimilarity) turnAround(distances, count);
      const now = atTimes(tell);
      const tree = cluster(distances, count, linkage, (done, total) =>
        now((MERGING * done) / total, 'Clustering'),
      );
      const order = optimalLeafOrder(distances, tree, (done, total) =>
        now(MERGING + ((1 - MERGING) * done) / total, 'Best order of the leaves'),
      );
      const answer = { tree, order };
      return Comlink.transfer(answer, [order.buffer]);
    },
  };
}

export type OrderWork = ReturnType<typeof createOrderWork>;

function turnAround(distances: Float32Array, count: number): void {
  const largest = distances.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  for (let at = 0; at < distances.length; at++) {
    const isOwn = at % (count + 1) === 0;
    distances[at] = isOwn ? 0 : largest - (distances[at] ?? 0);
  }
}

const EVERY_MS = 100;

function atTimes<Told extends unknown[]>(tell: (...told: Told) => unknown): (...told: Told) => void {
  let last = performance.now();
  return (...told) => {
    if (performance.now() - last < EVERY_MS) return;
    last = performance.now();
    tell(...told);
  };
}
