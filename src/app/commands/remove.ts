import { isAbort } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { notify } from '../jobs.ts';
import { collection, library } from '../services.ts';
import { readApp, writeApp } from '../store.ts';
import { count } from '../words.ts';
import { arrange, forgetNeighbors } from './arrange.ts';
import { collectionChanged, keep } from './keep.ts';
import { clearSearch } from './search.ts';

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
  clearSearch();
  await remove(collection.items().map((item) => item.id));
  writeApp({ failures: [], placement: undefined });
}

function afterRemoval(): void {
  collectionChanged();
  const { search, labels } = readApp();
  if (labels) clearSearch();
  writeApp((state) => ({
    selection: state.selection.filter((id) => collection.has(id)),
    hovered: undefined,
    ...(search
      ? { search: { ...search, ranked: search.ranked.filter(({ id }) => collection.has(id)) } }
      : {}),
    focus:
      state.focus.type === 'item' && !collection.has(state.focus.id)
        ? { type: 'none' as const }
        : state.focus,
  }));
}
