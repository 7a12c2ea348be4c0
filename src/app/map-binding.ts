import type { Id } from '../data/item.ts';
import type { MapView } from '../map/types.ts';
import { hover, select, toggle } from './commands/select.ts';
import { highlightsOf } from './highlights.ts';
import { messageOf, notify } from './jobs.ts';
import { labelRgba } from './label-colors.ts';
import { usePointer } from './pointer.ts';
import { collection, gpu } from './services.ts';
import { showMap, shownMap } from './shown-map.ts';
import { type AppState, type Placement, readApp, useApp, writeApp } from './store.ts';
import { onThumbnails, thumbnailOf, wantThumbnails } from './thumbnails.ts';

/** The tools lie over the map's top, with some room below them. */
const TOOLS_HEIGHT = 44;

/** Opens the map in `container` and keeps it in step with the state until the signal ends. */
export async function bindMap(container: HTMLElement, signal: AbortSignal): Promise<void> {
  const [{ createMap }, opened] = await Promise.all([import('../map/create-map.ts'), gpu()]);
  if (signal.aborted) return;
  const idAt = (index: number): Id | undefined => readApp().placement?.ids[index];
  const map = await createMap({
    container,
    device: opened?.device ?? null,
    theme: readApp().theme,
    coveredTop: TOOLS_HEIGHT,
    onHover(index, clientPoint) {
      usePointer.setState({ at: index === null ? undefined : clientPoint });
      hover(index === null ? undefined : idAt(index));
    },
    onPick(index, { additive }) {
      const id = index === null ? undefined : idAt(index);
      if (id === undefined) select([]);
      else if (additive) toggle([id]);
      else select([id]);
    },
    onSelect(indices, additive) {
      const ids = Array.from(indices, idAt).filter((id) => id !== undefined);
      if (additive) select([...new Set([...readApp().selection, ...ids])]);
      else select(ids);
    },
    onThumbnailsWanted(indices) {
      const shown = shownMap();
      if (shown) giveThumbnails(shown, indices);
    },
    onError(error) {
      console.warn(error);
    },
  });
  if (signal.aborted) return map.dispose();
  followHand(map, signal);
  showMap(map);
  apply(map, readApp(), undefined);
  const unsubscribe = useApp.subscribe((state, before) => apply(map, state, before));
  const endThumbnails = onThumbnails((ids) => giveThumbnails(map, rowsIn(readApp().placement, ids)));
  // The services recover the device; here it is only waited for. Without one the map goes on with WebGL.
  const endRecovery = opened?.onLost(() => {
    opened
      .recover()
      .then(
        () => map.rebuild(opened.device),
        () => map.rebuild(null),
      )
      .catch((error: unknown) => notify('error', `The map could not be drawn again: ${messageOf(error)}`));
  });
  signal.addEventListener('abort', () => {
    unsubscribe();
    endThumbnails();
    endRecovery?.();
    if (shownMap() === map) showMap(undefined);
    map.dispose();
  });
}

/** The card follows the pointer, and goes when the map moves under it; what is out of view is said once the map rests. */
function followHand(map: MapView, signal: AbortSignal): void {
  const move = (event: PointerEvent) => {
    const over = readApp().hovered !== undefined && event.buttons === 0;
    usePointer.setState({ at: over ? { x: event.clientX, y: event.clientY } : undefined });
  };
  const hide = () => usePointer.setState({ at: undefined });
  const look = async () => {
    await map.settled();
    const outOfView = map.stats().points > 0 && map.visibleItems().length === 0;
    if (!signal.aborted && readApp().outOfView !== outOfView) writeApp({ outOfView });
  };
  const passive = { signal, passive: true };
  map.element.addEventListener('pointermove', move, passive);
  map.element.addEventListener('pointerleave', hide, passive);
  map.element.addEventListener(
    'keydown',
    (event) => {
      if (!['n', 'p', '[', ']', 'Enter'].includes(event.key)) hide();
    },
    passive,
  );
  map.element.addEventListener('wheel', hide, passive);
  map.element.addEventListener('pointerdown', hide, passive);
  for (const name of ['wheel', 'keyup', 'pointerup', 'dblclick'] as const) {
    map.element.addEventListener(name, () => void look(), passive);
  }
}

/** Gives the map the thumbnails that are in memory, and has the others read. */
function giveThumbnails(map: MapView, rows: Iterable<number>): void {
  const ids = readApp().placement?.ids ?? [];
  const entries = [];
  const missing = [];
  for (const index of rows) {
    const id = ids[index];
    const item = id === undefined ? undefined : collection.get(id)?.item;
    if (item?.kind !== 'picture') continue;
    const image = thumbnailOf(item.id);
    if (image) entries.push({ index, image });
    else missing.push(item.id);
  }
  if (entries.length > 0) map.setThumbnails(entries);
  wantThumbnails(missing);
}

/** Brings the map from one state to the next; each part only when what it shows has changed. */
function apply(map: MapView, state: AppState, before: AppState | undefined): void {
  const { placement } = state;
  const itemsChanged = placement?.ids !== before?.placement?.ids;
  if (placement && (itemsChanged || placement !== before?.placement)) {
    if (itemsChanged) showItems(map, placement);
    map.setPositions(placement.positions, placement.dimensions, { animate: before?.placement !== undefined });
    if (itemsChanged && !before?.placement?.ids.length) map.flyTo('all');
  }
  if (itemsChanged || state.selection !== before?.selection) {
    map.setSelection(rowsIn(placement, state.selection));
  }
  if (itemsChanged || state.hovered !== before?.hovered) {
    map.setHovered(rowsIn(placement, state.hovered === undefined ? [] : [state.hovered])[0] ?? null);
  }
  if (itemsChanged || state.search !== before?.search) map.setHighlights(highlights(placement, state));
  if (itemsChanged || state.labels !== before?.labels) map.setColors(labelColors(placement, state));
  if (!before || state.tool !== before.tool) map.setMode(state.tool);
  if (before && state.theme !== before.theme) map.setTheme(state.theme);
}

function showItems(map: MapView, placement: Placement): void {
  const items = placement.ids.map((id) => collection.get(id)?.item);
  map.setItems(items.map((item, row) => ({ id: placement.ids[row] ?? '', kind: item?.kind ?? 'vector' })));
  map.setTexts(items.map((item) => (item?.kind === 'picture' ? undefined : item?.name)));
}

/** Row of each id; made once for each list of ids. */
const rowMaps = new WeakMap<readonly Id[], Map<Id, number>>();

function rowsIn(placement: Placement | undefined, ids: readonly Id[]): number[] {
  if (!placement || ids.length === 0) return [];
  let rows = rowMaps.get(placement.ids);
  if (!rows) {
    rows = new Map(placement.ids.map((id, row) => [id, row]));
    rowMaps.set(placement.ids, rows);
  }
  return ids.map((id) => rows.get(id)).filter((row) => row !== undefined);
}

function highlights(placement: Placement | undefined, state: AppState): Float32Array<ArrayBuffer> | null {
  if (!placement || !state.search) return null;
  const weights = highlightsOf(state.search.ranked, (id) => collection.get(id)?.item.kind);
  return Float32Array.from(placement.ids, (id) => weights.get(id) ?? 0);
}

/** The likeliest label's color; gray for what has no probabilities. */
function labelColors(placement: Placement | undefined, state: AppState): Uint8Array<ArrayBuffer> | null {
  const { labels } = state;
  if (!placement || !labels) return null;
  const colors = new Uint8Array(placement.ids.length * 4).fill(128);
  const width = labels.labels.length;
  labels.ids.forEach((id, row) => {
    const at = rowsIn(placement, [id])[0];
    if (at === undefined) return;
    const shares = labels.overLabels.subarray(row * width, (row + 1) * width);
    colors.set(labelRgba(shares.indexOf(Math.max(...shares))), at * 4);
  });
  return colors;
}
