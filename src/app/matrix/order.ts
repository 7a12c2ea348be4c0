import type { Job } from '../../common/job.ts';
import { findClusterOrder } from '../../compare/order/find-order.ts';
import type { Dendrogram } from '../../compare/order/linkage.ts';
import type { Id } from '../../data/item.ts';
import type { OpenMatrixWork } from '../../matrix/open-matrix-work.ts';
import { orderByLabel, orderByMap } from '../../matrix/orders.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import { labelRgba } from '../label-colors.ts';
import { rowsIn } from '../map-marks.ts';
import { type LabelsState, readApp } from '../store.ts';
import type { MatrixSetting } from './state.ts';

export interface MatrixOrder {
  readonly order: Uint32Array<ArrayBuffer>;
  readonly tree?: Dendrogram | undefined;
  /** RGBA of each place's label. */
  readonly colors?: Uint8Array<ArrayBuffer> | undefined;
}

/** Hierarchies take long, and stay right as long as their items are the same. */
const clustered = new WeakMap<readonly Id[], Map<string, MatrixOrder>>();

/**
 * Which item stands at each place of the matrix.
 *
 * @param ids of the rows of the distances
 * @param name of the upper metric's distances in `work`
 */
export async function findOrder(
  ids: readonly Id[],
  setting: MatrixSetting,
  work: OpenMatrixWork,
  name: string,
  job: Job,
): Promise<MatrixOrder> {
  switch (setting.order) {
    case 'label':
      return byLabel(ids);
    case 'map':
      return byMap(ids);
    case 'cluster':
      return byCluster(ids, setting, work, name, job);
    case 'added':
      return { order: Uint32Array.from(ids.keys()) };
  }
}

async function byCluster(
  ids: readonly Id[],
  { metric, linkage }: MatrixSetting,
  work: OpenMatrixWork,
  name: string,
  job: Job,
): Promise<MatrixOrder> {
  const known = clustered.get(ids) ?? new Map<string, MatrixOrder>();
  clustered.set(ids, known);
  const key = `${metric} ${linkage}`;
  const before = known.get(key);
  if (before) return before;
  const count = ids.length;
  const isSimilarity = catalogue[metric].nearest === 'largest';
  const found = await findClusterOrder(work.rows(name, count), { count, linkage, isSimilarity }, job);
  known.set(key, found);
  return found;
}

/** @throws {RangeError} where no labels are shown */
export function labelTable(): LabelsState {
  const { labels } = readApp();
  if (!labels) {
    throw new RangeError(
      'There are no labels to order by. Type some, separated by commas, into the search box.',
    );
  }
  return labels;
}

function byLabel(ids: readonly Id[]): MatrixOrder {
  const table = labelTable();
  const width = table.labels.length;
  const labels = new Int32Array(ids.length).fill(-1);
  const shares = new Float32Array(ids.length);
  table.ids.forEach((id, row) => {
    const at = rowsIn(ids, [id])[0];
    if (at === undefined) return;
    const own = table.overLabels.subarray(row * width, (row + 1) * width);
    shares[at] = Math.max(...own);
    labels[at] = own.indexOf(shares[at] ?? 0);
  });
  const order = orderByLabel(labels, shares);
  const colors = new Uint8Array(ids.length * 4).fill(128);
  order.forEach((item, place) => {
    const label = labels[item] ?? -1;
    if (label >= 0) colors.set(labelRgba(label), place * 4);
  });
  return { order, colors };
}

function byMap(ids: readonly Id[]): MatrixOrder {
  const { placement } = readApp();
  const dimensions = placement?.dimensions ?? 2;
  const positions = new Float32Array(ids.length * dimensions).fill(Number.NaN);
  if (placement) {
    ids.forEach((id, row) => {
      const at = rowsIn(placement.ids, [id])[0];
      if (at === undefined) return;
      positions.set(placement.positions.subarray(at * dimensions, (at + 1) * dimensions), row * dimensions);
    });
  }
  return { order: orderByMap(positions, dimensions) };
}
