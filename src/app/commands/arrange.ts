import { isAbort, type Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { MetricId, Neighbors, VectorSet } from '../../metrics/engine.ts';
import { extendNeighbors } from '../../metrics/extend-neighbors.ts';
import { align } from '../../projection/align.ts';
import type { CollectionSpace } from '../collection.ts';
import type { LayoutRequest } from '../handle.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { mapSettings } from '../map-settings.ts';
import { EMBEDDED } from '../model-choice.ts';
import { collection, engine, layoutWorker, library } from '../services.ts';
import { DEFAULT_SETTINGS, type MapSettings, type Placement, readApp, writeApp } from '../store.ts';
import { currentSpace } from './measure.ts';
import { warmSearch } from './search.ts';

/** Neighbors as last computed for a space and metric, so that new items cost only their own distances. */
const known = new Map<string, { readonly ids: readonly Id[]; readonly neighbors: Neighbors }>();

/** One layout at a time: a new wish replaces the one that runs. */
let running: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;
let turn = 0;
/** The newest wish: what it replaced is done when it is. */
let latest: Promise<unknown> = Promise.resolve();
/** The layout that a script asked for last: it is not replaced, for the script wants its answer. */
let scripted: Promise<unknown> = Promise.resolve();
/** Whether a wish that was replaced before it was done asked for a fresh map: the next one makes it. */
let owesFresh = false;

/**
 * Lays out what is in the current space and shows it as it settles. Items that have a place keep it, unless `fresh`.
 * Replaces a layout that still runs. Ends when the map shows what was there when it was called, or what came since.
 */
export function arrange(options: { readonly fresh?: boolean } = {}): Promise<void> {
  owesFresh ||= options.fresh ?? false;
  return newest(arrangeIn);
}

/** Begins a wish as the newest one. */
function newest<T>(begin: (mine: number) => Promise<T>): Promise<T> {
  const wish = begin(++turn);
  latest = wish.catch(() => undefined);
  return wish;
}

async function arrangeIn(mine: number): Promise<void> {
  await Promise.all([stopRunning(), scripted]);
  if (mine !== turn) {
    await latest;
    return;
  }
  const fresh = owesFresh;
  owesFresh = false;
  const controller = new AbortController();
  const done = settle(fresh, controller.signal).finally(() => {
    if (running?.controller === controller) running = undefined;
    if (controller.signal.aborted) owesFresh ||= fresh;
  });
  running = { controller, done };
  await done;
  if (mine !== turn) await latest;
}

async function stopRunning(): Promise<void> {
  const before = running;
  before?.controller.abort(new DOMException('Replaced by a newer layout.', 'AbortError'));
  await before?.done;
}

/** Whether a layout is being computed now. */
export const isArranging = (): boolean => running !== undefined;

/** Changes how the map is made; what depends on it is laid out anew. */
export async function changeSettings(change: Partial<MapSettings>): Promise<void> {
  writeApp((state) => ({ settings: { ...state.settings, ...change } }));
  await arrange({ fresh: true });
}

async function settle(fresh: boolean, signal: AbortSignal): Promise<void> {
  const { settings } = readApp();
  const space = currentSpace();
  const { ids, set } = collection.members(space);
  const before = readApp().placement;
  if (ids.length === 0) {
    writeApp({ placement: { ids, positions: new Float32Array(0), dimensions: settings.dimensions, space } });
    return;
  }
  const comparable = before && before.space === space && before.dimensions === settings.dimensions;
  const initial = comparable && !fresh ? positionsFor(ids, before) : undefined;
  const show = (positions: Float32Array<ArrayBuffer>) => {
    const placed = comparable && fresh ? aligned(ids, positions, before) : positions;
    writeApp({ placement: { ids, positions: placed, dimensions: settings.dimensions, space } });
  };
  writeApp({ settling: true });
  try {
    await runJob({ title: 'Arranging the map' }, { signal }, async (job) => {
      const graph = await graphOf(space, settings.metric, settings.neighbors, ids, set, job);
      const worker = await layoutWorker();
      const final = await worker.umap(
        graph,
        {
          dimensions: settings.dimensions,
          seed: settings.seed,
          minDist: settings.minDist,
          initial,
          onPositions: (positions) => !signal.aborted && show(positions),
        },
        job,
      );
      show(final);
    });
    await keepPlacement();
    await warmSearch();
  } catch (error) {
    if (!isAbort(error)) notify('error', `The map could not be arranged: ${messageOf(error)}`);
  } finally {
    writeApp({ settling: false });
  }
}

/** So that a reload shows this very map. A full disk costs that and nothing else. */
async function keepPlacement(): Promise<void> {
  const { placement, settings, modelId } = readApp();
  if (!placement) return;
  try {
    await (await library()).putPlacement({ ...placement, settings: { ...settings, model: modelId } });
  } catch (error) {
    console.warn('The map will be laid out anew after a reload:', error);
  }
}

/** Shows a map that was made before, instead of making it again. */
export function showPlacement(placement: Placement): Promise<void> {
  return newest(async () => {
    await Promise.all([stopRunning(), scripted]);
    writeApp({ placement });
    await keepPlacement();
  });
}

/** Shows the map of last time. @returns whether it shows all that is in its space */
export async function restorePlacement(): Promise<boolean> {
  const stored = await (await library()).placement();
  const settings = mapSettings(stored?.settings ?? {});
  if (!stored || !settings) return false;
  writeApp({ settings });
  const { model = EMBEDDED } = stored.settings;
  if (model !== readApp().modelId) return false;
  const space = currentSpace();
  if (stored.space !== space || !stored.ids.every((id) => collection.has(id))) return false;
  const { ids, positions, dimensions } = stored;
  writeApp({ placement: { ids, positions, dimensions, space } });
  return ids.length === collection.members(space).ids.length;
}

/** Neighbors of all members, from what is known of those that were there before. */
async function graphOf(
  space: CollectionSpace,
  metric: MetricId,
  k: number,
  ids: readonly Id[],
  set: VectorSet,
  job: Job,
): Promise<Neighbors> {
  const key = `${space} ${metric} ${k}`;
  const last = known.get(key);
  const stillFirst = last?.ids.every((id, row) => ids[row] === id) ?? false;
  if (last && stillFirst && last.ids.length === ids.length) return last.neighbors;
  const neighbors = await extendNeighbors(
    await engine(),
    set,
    { metric, k, ...(last && stillFirst ? { known: last.neighbors, knownRows: last.ids.length } : {}) },
    job,
  );
  known.set(key, { ids, neighbors });
  return neighbors;
}

/** Forgets neighbors of items that are gone. */
export function forgetNeighbors(): void {
  known.clear();
}

/** Last positions of `ids`; NaN where there was none. */
function positionsFor(ids: readonly Id[], placement: Placement): Float32Array<ArrayBuffer> | undefined {
  const { dimensions } = placement;
  const rowOf = new Map(placement.ids.map((id, row) => [id, row]));
  const positions = new Float32Array(ids.length * dimensions).fill(Number.NaN);
  let placed = 0;
  ids.forEach((id, row) => {
    const from = rowOf.get(id);
    if (from === undefined) return;
    placed++;
    positions.set(placement.positions.subarray(from * dimensions, (from + 1) * dimensions), row * dimensions);
  });
  return placed > 0 ? positions : undefined;
}

/** Turns a new map so that items stay near where they were on the old one. */
function aligned(
  ids: readonly Id[],
  positions: Float32Array<ArrayBuffer>,
  before: Placement,
): Float32Array<ArrayBuffer> {
  const target = positionsFor(ids, before);
  return target ? align(positions, target, before.dimensions) : positions;
}

/** The layout of the scripting handle: always anew, so that the same seed gives the same map; the page then shows it and takes over its settings. */
export function layout(request: LayoutRequest = {}): Promise<{ ids: Id[]; positions: Float32Array }> {
  const before = scripted;
  const wish = newest(() => layoutAfter(before, request));
  scripted = wish.catch(() => undefined);
  return wish;
}

async function layoutAfter(
  before: Promise<unknown>,
  request: LayoutRequest,
): Promise<{ ids: Id[]; positions: Float32Array }> {
  const settings = readApp().settings;
  const { method = 'umap', metric = settings.metric, dimensions = settings.dimensions } = request;
  const {
    seed = DEFAULT_SETTINGS.seed,
    neighbors = settings.neighbors,
    minDist = settings.minDist,
  } = request;
  const space = request.space ?? currentSpace();
  await Promise.all([stopRunning(), before]);
  const { ids, set } = collection.members(space);
  if (ids.length === 0) throw new RangeError(`There is nothing to lay out in the ${space} space any more.`);
  const positions = await runJob({ title: 'Arranging the map' }, request, async (job) => {
    const worker = await layoutWorker();
    if (method === 'pca') return (await worker.pca(set, dimensions, job)).positions;
    const graph = await graphOf(space, metric, neighbors, ids, set, job);
    return worker.umap(graph, { dimensions, seed, minDist }, job);
  });
  writeApp((state) => ({
    settings: {
      ...state.settings,
      metric,
      dimensions,
      seed,
      neighbors,
      minDist,
      space: request.space ?? state.settings.space,
    },
    placement: { ids, positions, dimensions, space },
  }));
  await keepPlacement();
  return { ids: [...ids], positions: positions.slice() };
}
