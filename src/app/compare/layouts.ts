/** Makes layouts, for panes and for the main map, and keeps what was made. */
import type { Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Neighbors } from '../../metrics/engine.ts';
import { extendNeighbors } from '../../metrics/extend-neighbors.ts';
import type { Members } from '../collection.ts';
import { engine, layoutWorker } from '../services.ts';
import { Costs, type Step, type StepName, stepsOf } from './costs.ts';
import { Kept } from './kept.ts';
import { checkLayout, layoutKey, neighborsKey, type PaneLayout, type PaneSetting } from './setting.ts';

// A layout of 10,000 items is about 0.1 MB beside its list of ids, neighbors of so many about 1.2 MB.
const layouts = new Kept<PaneLayout>(48);
const graphs = new Kept<Neighbors>(12);

/** What layouts took on this device. */
export const costs = new Costs();

/** How a layout of the main map differs from a pane's. */
export interface Unfolding {
  /** ids × dimensions, NaN where unknown: where UMAP begins. Such a layout is not kept, for it depends on what was there before. */
  readonly initial?: Float32Array<ArrayBuffer> | undefined;
  /** Hears of UMAP's positions as they settle. */
  readonly onPositions?: ((positions: Float32Array<ArrayBuffer>) => void) | undefined;
}

/** The layout that a setting gave of these items, where it was made before. */
export function knownLayout(setting: PaneSetting, ids: readonly Id[]): PaneLayout | undefined {
  return layouts.get(layoutKey(setting), ids);
}

/** Whether the neighbors that a layout stands on are there already. */
export function knowsNeighbors(setting: PaneSetting, ids: readonly Id[]): boolean {
  return graphs.get(neighborsKey(setting), ids) !== undefined;
}

/** Forgets neighbors of items that are gone. */
export function forgetNeighbors(): void {
  graphs.clear();
}

/**
 * Lays the items out anew, so that the same setting and items give the same map whatever was there before; and keeps it.
 *
 * @throws {RangeError} for classical scaling under a similarity
 */
export async function makeLayout(
  setting: PaneSetting,
  members: Members,
  job: Job,
  unfolding: Unfolding = {},
): Promise<PaneLayout> {
  checkLayout(setting);
  const { initial } = unfolding;
  const made = await layOut(setting, members, job, unfolding);
  if (!initial) layouts.set(layoutKey(setting), members.ids, made);
  return made;
}

async function layOut(
  setting: PaneSetting,
  members: Members,
  job: Job,
  unfolding: Unfolding,
): Promise<PaneLayout> {
  const { ids, set } = members;
  const { dimensions } = setting;
  // One item has no neighbors and no directions.
  if (ids.length < 2 && !unfolding.initial) {
    return { ids, positions: new Float32Array(ids.length * dimensions), dimensions };
  }
  switch (setting.projection) {
    case 'umap':
      return { ids, positions: await settleMap(setting, members, job, unfolding), dimensions };
    case 'pca': {
      const worker = await layoutWorker();
      const steps = stepsOf(setting, ids.length, set.dimension);
      const { positions, explained } = await timed(steps, 'pca', () => worker.pca(set, dimensions, job));
      return { ids, positions, dimensions, explained };
    }
    case 'scaling':
      return scale(setting, members, job);
  }
}

async function settleMap(
  setting: PaneSetting,
  members: Members,
  job: Job,
  { initial, onPositions }: Unfolding,
): Promise<Float32Array<ArrayBuffer>> {
  const { dimensions, seed, minDist } = setting;
  const graph = await graphOf(setting, members, job);
  const worker = await layoutWorker();
  const settle = () => worker.umap(graph, { dimensions, seed, minDist, initial, onPositions }, job);
  // A map that only grows settles in fewer rounds.
  if (initial) return settle();
  return timed(stepsOf(setting, members.ids.length, members.set.dimension), 'umap', settle);
}

async function scale(setting: PaneSetting, { ids, set }: Members, job: Job): Promise<PaneLayout> {
  const { metric, dimensions } = setting;
  const [{ distancesForScaling }, metricEngine, worker] = await Promise.all([
    import('../../compare/distances-for-scaling.ts'),
    engine(),
    layoutWorker(),
  ]);
  const began = performance.now();
  const distances = await distancesForScaling(metricEngine, set, { metric }, {}, job);
  const measuredMs = performance.now() - began;
  const landmarks = distances.landmarks?.length;
  const steps = stepsOf(setting, ids.length, set.dimension, landmarks);
  for (const step of steps) if (step.name === 'distances') costs.record(step, measuredMs);
  const { positions, explained, negativeShare } = await timed(steps, 'scaling', () =>
    worker.classicalScaling(distances, dimensions, job),
  );
  return { ids, positions, dimensions, explained, negativeShare, landmarks };
}

/** Neighbors of all members, from what is known of those that were there before. */
async function graphOf(setting: PaneSetting, { ids, set }: Members, job: Job): Promise<Neighbors> {
  const key = neighborsKey(setting);
  const exact = graphs.get(key, ids);
  if (exact) return exact;
  const { metric, neighbors: k } = setting;
  const start = graphs.startOf(key, ids);
  const grown = start && { known: start.value, knownRows: start.ids.length };
  const measure = async () => extendNeighbors(await engine(), set, { metric, k, ...grown }, job);
  const made = start
    ? await measure()
    : await timed(stepsOf(setting, ids.length, set.dimension), 'neighbors', measure);
  if (start) graphs.delete(key, start.ids);
  graphs.set(key, ids, made);
  return made;
}

async function timed<T>(steps: readonly Step[], name: StepName, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  const step = steps.find((each) => each.name === name);
  if (step) costs.record(step, performance.now() - began);
  return result;
}
