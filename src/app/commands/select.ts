import type { Id } from '../../data/item.ts';
import { shownMap } from '../shown-map.ts';
import { readApp, writeApp } from '../store.ts';

/** Makes `ids` the selection; with one, its details; with several, their list. */
export function select(ids: readonly Id[]): void {
  const only = ids[0];
  if (ids.length === 0) {
    writeApp({ selection: [], focus: restingFocus() });
    return;
  }
  const focus =
    ids.length === 1 && only !== undefined
      ? ({ type: 'item', id: only } as const)
      : ({ type: 'selection' } as const);
  writeApp((state) => ({
    selection: [...ids],
    focus,
    // The measures speak of what is selected, and stay.
    panel: state.panel === 'collection' ? 'details' : state.panel,
  }));
}

/** Adds items to the selection, or takes out those that are in it. */
export function toggle(ids: readonly Id[]): void {
  const chosen = new Set(readApp().selection);
  const allIn = ids.every((id) => chosen.has(id));
  for (const id of ids) {
    if (allIn) chosen.delete(id);
    else chosen.add(id);
  }
  select([...chosen]);
}

/** Selects an item from a list and brings it into view on the map. */
export function focusItem(id: Id): void {
  select([id]);
  shownMap()?.reveal(id);
}

export function hover(id: Id | undefined): void {
  if (readApp().hovered !== id) writeApp({ hovered: id });
}

/** Where the panel returns to when the selection goes. */
function restingFocus() {
  const { search, labels } = readApp();
  if (labels) return { type: 'labels' } as const;
  return search ? ({ type: 'search' } as const) : ({ type: 'none' } as const);
}
