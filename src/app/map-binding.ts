import type { MapView } from '../map/types.ts';
import { messageOf, notify } from './jobs.ts';
import { followPointer, handsOf } from './map-hands.ts';
import { giveThumbnails, reveal, rowsIn, showItems, showMarks } from './map-marks.ts';
import { gpu } from './services.ts';
import { showMap } from './shown-map.ts';
import { type AppState, readApp, useApp, writeApp } from './store.ts';
import { onThumbnails } from './thumbnails.ts';

/** The tools lie over the map's top, with some room below them. */
const TOOLS_HEIGHT = 44;

/** Opens the map in `container` and keeps it in step with the state until the signal ends. */
export async function bindMap(container: HTMLElement, signal: AbortSignal): Promise<void> {
  const [{ createMap }, opened] = await Promise.all([import('../map/create-map.ts'), gpu()]);
  if (signal.aborted) return;
  const idsOf = () => readApp().placement?.ids ?? [];
  let made: MapView | undefined;
  const map = await createMap({
    container,
    device: opened?.device ?? null,
    theme: readApp().theme,
    coveredTop: TOOLS_HEIGHT,
    ...handsOf(idsOf),
    onThumbnailsWanted: (rows) => made && giveThumbnails(made, idsOf(), rows),
    onError: (error) => console.warn(error),
  });
  if (signal.aborted) return map.dispose();
  made = map;
  followPointer(map, signal);
  watchView(map, signal);
  const hide = showMap({
    zoomBy: (factor) => map.zoomBy(factor),
    fitAll: () => map.flyTo('all'),
    panes: () => [{ map, ids: idsOf() }],
    reveal: (id) => reveal(map, idsOf(), id),
  });
  apply(map, readApp(), undefined);
  const unsubscribe = useApp.subscribe((state, before) => apply(map, state, before));
  const endThumbnails = onThumbnails((ids) => giveThumbnails(map, idsOf(), rowsIn(idsOf(), ids)));
  const endRecovery = rebuildWhenLost(opened, (device) => map.rebuild(device));
  signal.addEventListener('abort', () => {
    unsubscribe();
    endThumbnails();
    endRecovery();
    hide();
    map.dispose();
  });
}

/** The services recover the device; here it is only waited for. Without one a map goes on with WebGL. */
export function rebuildWhenLost(
  opened: Awaited<ReturnType<typeof gpu>>,
  rebuild: (device: GPUDevice | null) => Promise<void>,
): () => void {
  const end = opened?.onLost(() => {
    opened
      .recover()
      .then(
        () => rebuild(opened.device),
        () => rebuild(null),
      )
      .catch((error: unknown) => notify('error', `The map could not be drawn again: ${messageOf(error)}`));
  });
  return () => end?.();
}

/** What is out of view is said once the map rests. */
function watchView(map: MapView, signal: AbortSignal): void {
  const look = async () => {
    await map.settled();
    const outOfView = map.stats().points > 0 && map.visibleItems().length === 0;
    if (!signal.aborted && readApp().outOfView !== outOfView) writeApp({ outOfView });
  };
  for (const name of ['wheel', 'keyup', 'pointerup', 'dblclick'] as const) {
    map.element.addEventListener(name, () => void look(), { signal, passive: true });
  }
}

/** Brings the map from one state to the next; each part only when what it shows has changed. */
function apply(map: MapView, state: AppState, before: AppState | undefined): void {
  const { placement } = state;
  const itemsChanged = placement?.ids !== before?.placement?.ids;
  if (placement && (itemsChanged || placement !== before?.placement)) {
    if (itemsChanged) showItems(map, placement.ids);
    map.setPositions(placement.positions, placement.dimensions, { animate: before?.placement !== undefined });
    if (itemsChanged && !before?.placement?.ids.length) map.flyTo('all');
  }
  showMarks(map, placement?.ids ?? [], itemsChanged, state, before);
}
