import { isAbort } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { forgetNeighbors } from '../compare/layouts.ts';
import { notify } from '../jobs.ts';
import { rowsOf } from '../rows-of.ts';
import { collection, library } from '../services.ts';
import { type Placement, readApp, writeApp } from '../store.ts';
import { count } from '../words.ts';
import { stopAdding } from './add.ts';
import { arrange } from './arrange.ts';
import { collectionChanged, keep } from './keep.ts';
import { clearSearch, refreshSearch } from './search.ts';
import { select } from './select.ts';

/** Takes items off the page and out of the library. Their embeddings stay cached; the notice can undo it. */
export async function remove(ids: readonly Id[]): Promise<void> {
  const opened = await library();
  const removed = collection.remove(ids);
  if (removed.length === 0) return;
  await opened.remove(removed.map((entry) => entry.item.id));
  forgetNeighbors();
  afterRemoval();
  notify('info', `Removed ${count(removed.length, 'item')}.`, {
    label: 'Undo',
    run: () => {
      keep(removed.map((entry) => ({ entry })))
        .then(refreshSearch)
        .then(() => arrange())
        .catch((error: unknown) => {
          if (!isAbort(error)) notify('error', `The items could not be put back: ${String(error)}`);
        });
    },
  });
  await arrange();
}

/** Empties the page and the library; the notice can undo it. */
export async function clear(): Promise<void> {
  await stopAdding();
  clearSearch();
  await remove(collection.items().map((item) => item.id));
  writeApp({ failures: [], placement: undefined });
}

/** What is gone leaves the map, the lists and the selection at once; the new layout follows. */
function afterRemoval(): void {
  collectionChanged();
  if (readApp().labels) clearSearch();
  const { search, selection, placement } = readApp();
  const stays = (id: Id) => collection.has(id);
  writeApp({
    hovered: undefined,
    ...(placement && { placement: without(placement, stays) }),
    ...(search && { search: { ...search, ranked: search.ranked.filter(({ id }) => stays(id)) } }),
  });
  if (!selection.every(stays)) select(selection.filter(stays));
}

function without(placement: Placement, stays: (id: Id) => boolean): Placement {
  const { dimensions } = placement;
  const rows = placement.ids.map((_, row) => row).filter((row) => stays(placement.ids[row] ?? ''));
  const { vectors } = rowsOf({ vectors: placement.positions, dimension: dimensions }, rows);
  return { ...placement, ids: rows.map((row) => placement.ids[row] ?? ''), positions: vectors };
}
