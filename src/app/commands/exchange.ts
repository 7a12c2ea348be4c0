/** Another model takes the place of the one in use, with all that stands on its vectors. */
import type { Id } from '../../data/item.ts';
import type { Embedder } from '../../models/embedder.ts';
import type { OpenedModel } from '../../models/store/model-store.ts';
import type { Entry } from '../collection.ts';
import { forgetNeighbors } from '../compare/layouts.ts';
import { messageOf, notify } from '../jobs.ts';
import { EMBEDDED, rememberModel } from '../model-choice.ts';
import { modelIsNow, versionOf } from '../model-versions.ts';
import { modelChanged } from '../one-model.ts';
import { chosenModel, collection } from '../services.ts';
import { type Placement, readApp, writeApp } from '../store.ts';
import { onlyTakes, takes } from '../takes.ts';
import { count } from '../words.ts';
import { arrange, showPlacement } from './arrange.ts';
import { bare, embedAgain } from './embed.ts';
import { collectionChanged } from './keep.ts';
import { showLabels } from './label.ts';
import { clearSearch, searchAgain } from './search.ts';

/** Items embedded at a time: few enough that a cancel bites. */
const BATCH = 8;

/** The last map of each version of a model, so that going back shows it at once. */
const maps = new Map<string, Placement>();

const mapKey = (id: string): string => `${id} ${versionOf(id)}`;

/** A model and the vectors that it made. */
export interface Successor {
  /** Undefined for the embedded model. */
  readonly stored: OpenedModel | undefined;
  readonly model: Embedder;
  readonly found: ReadonlyMap<Id, Entry>;
}

/**
 * Embeds the items that are not in `found` yet, and puts them there; those that cannot be are marked as seen all the same.
 *
 * @returns how many that were; 0 when every item has been seen
 */
export async function embedUnseen(
  model: Embedder,
  found: Map<Id, Entry>,
  seen: Set<Id>,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; onProgress(done: number, total: number, what: string): void },
): Promise<number> {
  const missing = collection.items().filter(({ id, kind }) => kind !== 'vector' && !seen.has(id));
  for (let at = 0; at < missing.length; at += BATCH) {
    signal.throwIfAborted();
    onProgress(seen.size, seen.size + missing.length - at, 'Items');
    const batch = missing.slice(at, at + BATCH);
    for (const entry of await embedAgain(batch, model, { signal })) found.set(entry.item.id, entry);
    for (const { id } of batch) seen.add(id);
  }
  return missing.length;
}

/**
 * At one stroke, so that no vector of one model meets one of the other. The caller sees to the embedder itself, before and after.
 *
 * @returns a sentence on items that have no vector now; empty where all have
 */
export function exchange({ stored, model, found }: Successor): string {
  const { modelId, placement, notices } = readApp();
  if (placement) maps.set(mapKey(modelId), placement);
  const entries = collection
    .entries()
    .map((entry) => (entry.item.kind === 'vector' ? entry : (found.get(entry.item.id) ?? bare(entry.item))));
  collection.clear();
  collection.add(entries);
  forgetNeighbors();
  chosenModel.set(stored);
  const { key, dimensions } = model.info;
  const id = stored?.model.id ?? EMBEDDED;
  rememberModel(stored && { id, key, dimension: dimensions.joint });
  writeApp({
    model: model.info,
    modelId: id,
    modelError: undefined,
    // What they would bring back has vectors of the model before.
    notices: notices.filter(({ action }) => action?.label !== 'Undo'),
  });
  modelIsNow(id, key);
  modelChanged();
  collectionChanged();
  const without = entries.filter(({ vectors }) => Object.keys(vectors).length === 0);
  const lost = without.filter(({ item }) => takes(model.info, item.kind)).length;
  const apart = without.length - lost;
  return [
    lost > 0 &&
      ` ${count(lost, 'item')} could not be embedded with it, for want of a picture that can be read, and will be back on the map with the model before.`,
    apart > 0 &&
      ` ${onlyTakes(model.info)}: ${count(apart, 'item')} kept off the map until another model is used.`,
  ]
    .filter(Boolean)
    .join('');
}

/** Shows on the map and in the lists what the model that came into use says. */
export async function showAnew(): Promise<void> {
  await Promise.all([showMap(readApp().modelId), searchOrLabelsAgain()]);
}

/** The map that this model had when it was last in use, where it still fits; else a new one, turned to lie like the one that is shown. */
async function showMap(id: string): Promise<void> {
  const known = maps.get(mapKey(id));
  const space = known && collection.members(known.space);
  const { placement } = readApp();
  const fits =
    known &&
    space?.ids.length === known.ids.length &&
    space.ids.every((member, row) => member === known.ids[row]) &&
    placement?.space === known.space &&
    placement.dimensions === known.dimensions;
  if (fits) await showPlacement(known);
  else await arrange({ fresh: true });
}

async function searchOrLabelsAgain(): Promise<void> {
  const { labels, searching } = readApp();
  try {
    if (labels && searching === undefined) {
      await showLabels(labels.labels);
      return;
    }
    // A search that runs takes their place, and they are of the model before.
    writeApp({ labels: undefined });
    await searchAgain();
  } catch (error) {
    clearSearch();
    notify('error', messageOf(error));
  }
}
