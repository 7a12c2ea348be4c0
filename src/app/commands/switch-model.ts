import type { Job, OnProgress } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { Embedder } from '../../models/embedder.ts';
import type { OpenedModel } from '../../models/store/model-store.ts';
import type { Entry } from '../collection.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { EMBEDDED, rememberModel } from '../model-choice.ts';
import { chosenModel, collection, embedder, modelStore, openModel } from '../services.ts';
import { type Placement, readApp, writeApp } from '../store.ts';
import { count } from '../words.ts';
import { addingEnds, isAdding } from './add.ts';
import { arrange, forgetNeighbors, showPlacement } from './arrange.ts';
import { embedAgain } from './embed.ts';
import { collectionChanged } from './keep.ts';
import { showLabels } from './label.ts';
import { refreshModels, unknownModel } from './models.ts';
import { clearSearch, searchAgain } from './search.ts';

/** Items embedded at a time: few enough that a cancel bites. */
const BATCH = 8;

/** The last map of each model, so that going back shows it at once. */
const maps = new Map<string, Placement>();

/** One change at a time. */
let latest: Promise<unknown> = Promise.resolve();

/**
 * Uses another model from now on: `embedded`, or a stored one. Every item is embedded with it first, while the page goes on with the model
 * before; then both change places. A failure or a cancel leaves the model before in use; what was embedded until then is kept.
 *
 * Progress is in items.
 */
export function switchModel(id: string, job: Job = {}): Promise<void> {
  const turn = latest.then(() => change(id, job));
  latest = turn.catch(() => undefined);
  return turn;
}

async function change(id: string, job: Job): Promise<void> {
  job.signal?.throwIfAborted();
  // So that the page has settled on a model before it is asked for another.
  await chosenModel();
  if (id === readApp().modelId) return;
  const stored = id === EMBEDDED ? undefined : await (await modelStore()).open(id);
  if (id !== EMBEDDED && !stored) throw unknownModel(id);
  const model = await runJob(
    { title: 'Loading the model', unit: stored ? 'share' : 'bytes' },
    { signal: job.signal },
    (loading) => openModel(stored, loading),
  );
  try {
    await runJob({ title: 'Embedding with the other model', unit: 'items' }, job, (embedding) =>
      embedAll(model, embedding, (found) => swap(id, stored, model, found)),
    );
  } catch (error) {
    model.dispose();
    throw error;
  }
  await Promise.all([showMap(id), searchOrLabelsAgain(), refreshModels()]);
}

/**
 * Embeds every item with the other model.
 *
 * @param whole is called with all of them at a moment when nothing is on its way into the collection
 */
async function embedAll(
  model: Embedder,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
  whole: (found: ReadonlyMap<Id, Entry>) => void,
): Promise<void> {
  const found = new Map<Id, Entry>();
  const seen = new Set<Id>();
  for (;;) {
    // One that is just being opened would come into use after this one.
    await embedder.current()?.catch(() => undefined);
    const missing = collection.items().filter(({ id, kind }) => kind !== 'vector' && !seen.has(id));
    if (missing.length === 0 && !isAdding()) {
      whole(found);
      return;
    }
    for (let at = 0; at < missing.length; at += BATCH) {
      signal.throwIfAborted();
      onProgress(seen.size, seen.size + missing.length - at, 'Items');
      const batch = missing.slice(at, at + BATCH);
      for (const entry of await embedAgain(batch, model, { signal })) found.set(entry.item.id, entry);
      for (const { id } of batch) seen.add(id);
    }
    if (isAdding()) await addingEnds();
    signal.throwIfAborted();
  }
}

/** At one stroke, so that no vector of one model meets one of the other. */
function swap(
  id: string,
  stored: OpenedModel | undefined,
  model: Embedder,
  found: ReadonlyMap<Id, Entry>,
): void {
  const { modelId, placement, notices } = readApp();
  if (placement) maps.set(modelId, placement);
  const entries = collection
    .entries()
    .map((entry) => (entry.item.kind === 'vector' ? entry : (found.get(entry.item.id) ?? bare(entry))));
  collection.clear();
  collection.add(entries);
  forgetNeighbors();
  const before = embedder.current();
  embedder.set(model);
  chosenModel.set(stored);
  const { key, dimensions, name } = model.info;
  rememberModel(stored && { id, key, dimension: dimensions.joint });
  writeApp({
    model: model.info,
    modelId: id,
    modelError: undefined,
    // What they would bring back has vectors of the model before.
    notices: notices.filter(({ action }) => action?.label !== 'Undo'),
  });
  collectionChanged();
  before?.then(
    (old) => old.dispose(),
    () => undefined,
  );
  const lost = entries.filter(({ vectors }) => Object.keys(vectors).length === 0).length;
  const left =
    lost === 0
      ? ''
      : ` ${count(lost, 'item')} could not be embedded with it, for want of a picture that can be read, and will be back on the map with the model before.`;
  notify(lost === 0 ? 'success' : 'error', `${stored ? name : 'The embedded model'} is in use.${left}`);
}

function bare({ item }: Entry): Entry {
  return { item, vectors: {} };
}

/** The map that this model had when it was last in use, where it still fits; else a new one, turned to lie like the one that is shown. */
async function showMap(id: string): Promise<void> {
  const known = maps.get(id);
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
  const { labels } = readApp();
  try {
    if (labels) await showLabels(labels.labels);
    else await searchAgain();
  } catch (error) {
    clearSearch();
    notify('error', messageOf(error));
  }
}
