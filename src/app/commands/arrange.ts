import { isAbort } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { align } from '../../projection/align.ts';
import { Kept } from '../compare/kept.ts';
import { knownLayout, makeLayout } from '../compare/layouts.ts';
import { mainSetting } from '../compare/main-setting.ts';
import { checkLayout, layoutKey, type PaneLayout, type PaneSetting } from '../compare/setting.ts';
import type { LaidOut, LayoutRequest } from '../handle.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { mapSettings, varianceOf, varianceRecord } from '../map-settings.ts';
import { EMBEDDED } from '../model-choice.ts';
import { collection, library } from '../services.ts';
import { DEFAULT_SETTINGS, type MapSettings, type Placement, readApp, writeApp } from '../store.ts';
import { currentSpace } from './measure.ts';
import { warmSearch } from './search.ts';

/** Maps as they were shown under a setting, grown in steps or not, so that going back to it shows the very same. */
const shownBefore = new Kept<Placement>(12);

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

/**
 * Changes how the map is made; what depends on it is laid out anew, or shown again where it was before.
 *
 * @throws {RangeError} when no map can be made so
 */
export async function changeSettings(change: Partial<MapSettings>): Promise<void> {
  const settings = { ...readApp().settings, ...change };
  checkLayout(settings);
  writeApp({ settings });
  const kept = mapBefore(settings);
  await (kept ? showPlacement(kept) : arrange({ fresh: true }));
}

/** The map of what is here now as it was shown under these settings, if it was. */
export function mapBefore(settings: MapSettings): Placement | undefined {
  const setting = mainSetting(settings);
  return shownBefore.get(layoutKey(setting), collection.members(setting.space).ids);
}

async function settle(fresh: boolean, signal: AbortSignal): Promise<void> {
  const setting = mainSetting();
  const { space, dimensions } = setting;
  const members = collection.members(space);
  const { ids } = members;
  const before = readApp().placement;
  if (ids.length === 0) {
    writeApp({ placement: { ids, positions: new Float32Array(0), dimensions, space } });
    return;
  }
  const comparable = before && before.space === space && before.dimensions === dimensions;
  const umap = setting.projection === 'umap';
  const initial = umap && comparable && !fresh ? positionsFor(ids, before) : undefined;
  const show = ({ positions, ...rest }: PaneLayout) => {
    // The directions of PCA and of scaling have a meaning, and stay where they are.
    const placed = umap && comparable && fresh ? aligned(ids, positions, before) : positions;
    writeApp({ placement: { ...rest, positions: placed, space } });
  };
  writeApp({ settling: true });
  try {
    const known = initial ? undefined : knownLayout(setting, ids);
    show(
      known ??
        (await runJob({ title: 'Arranging the map' }, { signal }, (job) =>
          makeLayout(setting, members, job, {
            initial,
            onPositions: (positions) => !signal.aborted && show({ ids, positions, dimensions }),
          }),
        )),
    );
    keepShown(setting);
    await keepPlacement();
    await warmSearch();
  } catch (error) {
    if (!isAbort(error)) notify('error', `The map could not be arranged: ${messageOf(error)}`);
  } finally {
    writeApp({ settling: false });
  }
}

/** So that coming back to how it was made shows this very map. */
function keepShown(setting: PaneSetting): void {
  const { placement } = readApp();
  if (placement) shownBefore.set(layoutKey(setting), placement.ids, placement);
}

/** So that a reload shows this very map. A full disk costs that and nothing else. */
async function keepPlacement(): Promise<void> {
  const { placement, settings, modelId } = readApp();
  if (!placement) return;
  try {
    const record = { ...settings, model: modelId, ...varianceRecord(placement) };
    await (await library()).putPlacement({ ...placement, settings: record });
  } catch (error) {
    console.warn('The map will be laid out anew after a reload:', error);
  }
}

/** Shows a map that was made before, instead of making it again. */
export function showPlacement(placement: Placement): Promise<void> {
  return newest(async () => {
    await Promise.all([stopRunning(), scripted]);
    // It takes the place of whatever was on its way.
    owesFresh = false;
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
  const placement = { ids, positions, dimensions, space, ...varianceOf(stored.settings) };
  writeApp({ placement });
  keepShown(mainSetting());
  return ids.length === collection.members(space).ids.length;
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
export function layout(request: LayoutRequest = {}): Promise<LaidOut> {
  const before = scripted;
  const wish = newest(() => layoutAfter(before, request));
  scripted = wish.catch(() => undefined);
  return wish;
}

async function layoutAfter(before: Promise<unknown>, request: LayoutRequest): Promise<LaidOut> {
  const wished = wishedSettings(request);
  checkLayout(wished);
  await Promise.all([stopRunning(), before]);
  const setting = mainSetting(wished);
  const { space } = setting;
  const members = collection.members(space);
  if (members.ids.length === 0) {
    throw new RangeError(`There is nothing to lay out in the ${space} space any more.`);
  }
  const made = await runJob({ title: 'Arranging the map' }, request, (job) =>
    makeLayout(setting, members, job),
  );
  writeApp({ settings: wished, placement: { ...made, space } });
  keepShown(setting);
  await keepPlacement();
  const { ids, positions, explained, negativeShare } = made;
  return { ids: [...ids], positions: positions.slice(), explained, negativeShare };
}

function wishedSettings({
  method,
  metric,
  space,
  dimensions,
  seed,
  neighbors,
  minDist,
}: LayoutRequest): MapSettings {
  const { settings } = readApp();
  return {
    space: space ?? settings.space,
    metric: metric ?? settings.metric,
    projection: method ?? settings.projection,
    dimensions: dimensions ?? settings.dimensions,
    seed: seed ?? DEFAULT_SETTINGS.seed,
    neighbors: neighbors ?? settings.neighbors,
    minDist: minDist ?? settings.minDist,
  };
}
