/** What the page shows on any map: its items, and what of them is selected, hovered, found or labelled. */
import type { Id } from '../data/item.ts';
import type { MapPane } from '../map/types.ts';
import { highlightsOf } from './highlights.ts';
import { labelRgba } from './label-colors.ts';
import { collection } from './services.ts';
import type { AppState } from './store.ts';
import { thumbnailOf, wantThumbnails } from './thumbnails.ts';

/** Gives a map its items, row by row. */
export function showItems(map: MapPane, ids: readonly Id[]): void {
  const items = ids.map((id) => collection.get(id)?.item);
  map.setItems(items.map((item, row) => ({ id: ids[row] ?? '', kind: item?.kind ?? 'vector' })));
  map.setTexts(items.map((item) => (item?.kind === 'picture' ? undefined : item?.name)));
}

/**
 * Brings a map's marks from one state to the next; each only when what it shows has changed, or the items have.
 *
 * @param pane of a comparison
 */
export function showMarks(
  map: MapPane,
  ids: readonly Id[],
  itemsChanged: boolean,
  state: AppState,
  before: AppState | undefined,
  pane: number | 'main' = 'main',
): void {
  if (itemsChanged || state.selection !== before?.selection || state.paired !== before?.paired) {
    map.setSelection(
      rowsIn(ids, state.paired === undefined ? state.selection : [...state.selection, state.paired]),
    );
  }
  if (itemsChanged || state.hovered !== before?.hovered) {
    map.setHovered(rowsIn(ids, state.hovered === undefined ? [] : [state.hovered])[0] ?? null);
  }
  if (itemsChanged || state.search !== before?.search) map.setHighlights(highlights(ids, state));
  if (itemsChanged || state.labels !== before?.labels || state.coloring !== before?.coloring) {
    map.setColors(valueColors(ids, state, pane) ?? labelColors(ids, state));
  }
  if (!before || state.tool !== before.tool) map.setMode(state.tool);
  if (before && state.theme !== before.theme) map.setTheme(state.theme);
}

/** Gives the map the thumbnails that are in memory, and has the others read. */
export function giveThumbnails(map: MapPane, ids: readonly Id[], rows: Iterable<number>): void {
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

/** Brings an item into view where it is not. */
export function reveal(map: MapPane, ids: readonly Id[], id: Id): void {
  const row = rowsIn(ids, [id])[0];
  if (row === undefined) return;
  const at = map.screenPosition(row);
  const { width, height } = map.element.getBoundingClientRect();
  const inView = at && at.x > 20 && at.y > 20 && at.x < width - 20 && at.y < height - 20;
  if (!inView) map.flyTo(row);
}

/** Row of each id; made once for each list of ids. */
const rowMaps = new WeakMap<readonly Id[], Map<Id, number>>();

/** Rows of those that are in the list. */
export function rowsIn(list: readonly Id[], ids: readonly Id[]): number[] {
  if (ids.length === 0) return [];
  let rows = rowMaps.get(list);
  if (!rows) {
    rows = new Map(list.map((id, row) => [id, row]));
    rowMaps.set(list, rows);
  }
  return ids.map((id) => rows.get(id)).filter((row) => row !== undefined);
}

function highlights(ids: readonly Id[], { search }: AppState): Float32Array<ArrayBuffer> | null {
  if (!search) return null;
  const weights = highlightsOf(search.ranked, (id) => collection.get(id)?.item.kind);
  return Float32Array.from(ids, (id) => weights.get(id) ?? 0);
}

/** The colors of this map by a number, where there are some; gray for what has none. */
function valueColors(
  ids: readonly Id[],
  { coloring }: AppState,
  pane: number | 'main',
): Uint8Array<ArrayBuffer> | null {
  const layer = coloring?.layers.find((each) => each.pane === pane || each.pane === 'all');
  if (!layer) return null;
  const colors = new Uint8Array(ids.length * 4).fill(128);
  ids.forEach((id, row) => {
    const from = rowsIn(layer.ids, [id])[0];
    if (from !== undefined) colors.set(layer.rgba.subarray(from * 4, from * 4 + 4), row * 4);
  });
  return colors;
}

/** The likeliest label's color; gray for what has no probabilities. */
function labelColors(ids: readonly Id[], { labels }: AppState): Uint8Array<ArrayBuffer> | null {
  if (!labels) return null;
  const colors = new Uint8Array(ids.length * 4).fill(128);
  const width = labels.labels.length;
  labels.ids.forEach((id, row) => {
    const at = rowsIn(ids, [id])[0];
    if (at === undefined) return;
    const shares = labels.overLabels.subarray(row * width, (row + 1) * width);
    colors.set(labelRgba(shares.indexOf(Math.max(...shares))), at * 4);
  });
  return colors;
}
