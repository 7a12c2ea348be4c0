import * as Comlink from 'comlink';
import { type Job, orAborted } from '../common/job.ts';
import { catalogue } from '../metrics/catalogue.ts';
import type { MetricEngine, MetricId, MetricOptions, MetricSet, Neighbors } from '../metrics/engine.ts';
import { isSymbols } from '../metrics/sets.ts';
import type { PairDraw } from './pair-scan.ts';
import type { AskedWork, Tell } from './work.ts';

/** What a comparison measures with. */
export interface Tools {
  readonly engine: Pick<MetricEngine, 'neighbors' | 'distanceRows'>;
  /** Its state is that of one job. */
  readonly work: AskedWork;
  /** Makes a callback that the worker can call. */
  readonly guard: (tell: Tell) => Tell;
}

/** Items whose ranks are wanted. */
export interface RankTargets {
  /** The items that the rows are of; null for all. */
  readonly rows: Uint32Array<ArrayBuffer> | null;
  /** Each rows × width: for each row items whose ranks are wanted, never itself. All are counted in one go. */
  readonly lists: readonly Uint32Array<ArrayBuffer>[];
  readonly width: number;
}

/**
 * For each item and each of its targets: which rank the target has among all others, by distance, then by index. The rows
 * of distances come from the engine, and the worker counts.
 *
 * @returns for each list its ranks, rows × width, 1 for the nearest
 */
export async function rankTargets(
  { engine, work }: Tools,
  set: MetricSet,
  options: MetricOptions,
  targets: RankTargets,
  job: Job = {},
): Promise<Uint32Array<ArrayBuffer>[]> {
  const isLargestNearest = nearestIsLargest(options.metric);
  await orAborted(work.beginRanks({ n: countItems(set), ...targets, isLargestNearest }), job.signal);
  await feedRows(engine, set, options, targets.rows, job, (first, distances) =>
    work.takeRankRows(first, distances),
  );
  return orAborted(work.endRanks(), job.signal);
}

/** Has the worker pick the distances of some pairs, and the nearest and farthest of each row. */
export async function pickPairs(
  { engine, work }: Tools,
  set: MetricSet,
  options: MetricOptions,
  rows: Uint32Array<ArrayBuffer> | null,
  draws: readonly PairDraw[],
  job: Job = {},
): Promise<void> {
  const isLargestNearest = nearestIsLargest(options.metric);
  await orAborted(work.beginPairs({ n: countItems(set), rows, isLargestNearest, draws }), job.signal);
  await feedRows(engine, set, options, rows, job, (first, distances) => work.takePairRows(first, distances));
}

/**
 * The k nearest of some items among all, each itself left out.
 *
 * @param rows null for all
 */
export async function nearestOf(
  engine: Tools['engine'],
  set: MetricSet,
  options: MetricOptions,
  k: number,
  rows: Uint32Array<ArrayBuffer> | null,
  job: Job = {},
): Promise<Neighbors> {
  if (!rows) return engine.neighbors(set, { ...options, k }, job);
  // As queries they find themselves, too, but behind duplicates of a lower index.
  const found = await engine.neighbors(set, { ...options, k: k + 1, queries: subsetOf(set, rows) }, job);
  const indices = new Uint32Array(rows.length * k);
  const distances = new Float32Array(rows.length * k);
  rows.forEach((self, row) => {
    const start = row * (k + 1);
    const own = found.indices.subarray(start, start + k).indexOf(self);
    for (let place = 0; place < k; place++) {
      const from = start + (own >= 0 && place >= own ? place + 1 : place);
      indices[row * k + place] = found.indices[from] ?? 0;
      distances[row * k + place] = found.distances[from] ?? 0;
    }
  });
  return { k, indices, distances };
}

export function countItems(set: MetricSet): number {
  return (isSymbols(set) ? set.symbols : set.vectors).length / set.dimension;
}

export function nearestIsLargest(metric: MetricId): boolean {
  return catalogue[metric].nearest === 'largest';
}

/** Some rows of a set, copied. */
export function subsetOf(set: MetricSet, rows: Uint32Array<ArrayBuffer>): MetricSet {
  const { dimension } = set;
  const copy = <T extends { subarray(from: number, to: number): T; set(values: T, at: number): void }>(
    values: T,
    into: T,
  ): T => {
    rows.forEach((row, i) => {
      into.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension);
    });
    return into;
  };
  const length = rows.length * dimension;
  if (!isSymbols(set)) return { vectors: copy(set.vectors, new Float32Array(length)), dimension };
  const { symbols } = set;
  if (symbols instanceof Uint8Array) return { symbols: copy(symbols, new Uint8Array(length)), dimension };
  if (symbols instanceof Int8Array) return { symbols: copy(symbols, new Int8Array(length)), dimension };
  if (symbols instanceof Uint16Array) return { symbols: copy(symbols, new Uint16Array(length)), dimension };
  if (symbols instanceof Int16Array) return { symbols: copy(symbols, new Int16Array(length)), dimension };
  if (symbols instanceof Uint32Array) return { symbols: copy(symbols, new Uint32Array(length)), dimension };
  return { symbols: copy(symbols, new Int32Array(length)), dimension };
}

/** Streams rows to the worker; while one piece is counted, the next is measured. */
async function feedRows(
  engine: Tools['engine'],
  set: MetricSet,
  options: MetricOptions,
  rows: Uint32Array<ArrayBuffer> | null,
  job: Job,
  take: (firstRow: number, distances: Float32Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  let taken: Promise<void> = Promise.resolve();
  const columns = rows ? set : undefined;
  const stream = engine.distanceRows(rows ? subsetOf(set, rows) : set, { ...options, columns }, job);
  for await (const { firstRow, distances } of stream) {
    await orAborted(taken, job.signal);
    taken = take(firstRow, Comlink.transfer(distances, [distances.buffer]));
    // Heard of at the next piece or the end.
    taken.catch(() => undefined);
  }
  await orAborted(taken, job.signal);
}
