import { isAbort } from '../../common/job.ts';
import type { Item } from '../../data/item.ts';
import type { EmbedderInfo } from '../../models/embedder.ts';
import { DimensionMismatch, type Entry } from '../collection.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { rememberedModel } from '../model-choice.ts';
import { modelChanges } from '../one-model.ts';
import { chosenModel, collection, embedder, library } from '../services.ts';
import { writeApp } from '../store.ts';
import { count } from '../words.ts';
import { VECTORS_KEY } from './add-vectors.ts';
import { arrange, restorePlacement } from './arrange.ts';
import { bare, embedAgain, fits, toEntry } from './embed.ts';
import { collectionChanged } from './keep.ts';

/** Items read at a time. */
const AT_ONCE = 200;

/** Items embedded again at a time. */
const BATCH = 8;

let begun = false;

/** Brings back what the page held when it was last closed. What the model has not seen (it changed) is embedded again. */
export async function restore(): Promise<void> {
  if (begun) return;
  begun = true;
  try {
    const opened = await library();
    const { items, dropped } = await opened.items();
    await opened.sweep();
    if (!opened.persistent) {
      notify(
        'info',
        'This browser keeps nothing here (a private window?). The collection goes when the page is closed.',
      );
    }
    if (dropped > 0)
      notify('error', `${count(dropped, 'item')} in the library could not be read and were left out.`);
    if (items.length > 0) await bringBack(items);
  } catch (error) {
    notify('error', `The collection of last time could not be read: ${messageOf(error)}`);
  } finally {
    writeApp({ restoring: false });
  }
  if (collection.size === 0) return;
  const whole = await restorePlacement();
  if (!whole) arrange().catch(tell);
  // Whoever comes back will soon search, and the first answer should not wait for the model.
  if (collection.items().some(({ kind }) => kind !== 'vector')) embedder().catch(tell);
}

async function bringBack(items: readonly Item[]): Promise<void> {
  const missing = await runJob(
    { title: 'Opening the collection', unit: 'items' },
    undefined,
    async ({ signal, onProgress }) => {
      const opened = await library();
      const unseen: Item[] = [];
      let changes = modelChanges();
      let { key, dimensions } = await modelBefore();
      for (let at = 0; at < items.length; ) {
        signal.throwIfAborted();
        const batch = items.slice(at, at + AT_ONCE);
        const ids = batch.map(({ id }) => id);
        const [embeddings, vectors] = await Promise.all([
          opened.embeddings(key, ids),
          opened.embeddings(VECTORS_KEY, ids),
        ]);
        // Another model may have come into use meanwhile: then that one's vectors are asked for.
        if (modelChanges() !== changes) {
          changes = modelChanges();
          ({ key, dimensions } = await modelBefore());
          continue;
        }
        const entries = batch.flatMap((item) => {
          const embedding = (item.kind === 'vector' ? vectors : embeddings).get(item.id);
          if (embedding && (item.kind === 'vector' || fits(embedding, dimensions)))
            return [toEntry(item, embedding)];
          unseen.push(item);
          return [];
        });
        addEach(entries);
        at += batch.length;
        onProgress(at, items.length, 'Items');
      }
      return unseen;
    },
  );
  collectionChanged();
  if (missing.length > 0) embedMissing(missing).catch(tell);
}

/** One vector of another length than the rest costs that item only. */
function addEach(entries: readonly Entry[]): void {
  const odd = entries.filter((entry) => {
    try {
      collection.add([entry]);
      return false;
    } catch (error) {
      if (error instanceof DimensionMismatch) return true;
      throw error;
    }
  });
  if (odd.length > 0) {
    notify('error', `${count(odd.length, 'vector')} of another length than the others could not be shown.`);
  }
}

function tell(error: unknown): void {
  if (!isAbort(error)) notify('error', `The collection is not whole again: ${messageOf(error)}`);
}

async function embedMissing(missing: readonly Item[]): Promise<void> {
  await runJob({ title: 'Embedding again', unit: 'items' }, undefined, async (job) => {
    let done = 0;
    while (done < missing.length) {
      job.signal.throwIfAborted();
      job.onProgress(done, missing.length, 'Items');
      const model = embedder();
      const batch = missing.slice(done, done + BATCH);
      const entries = await embedAgain(batch, await model, job);
      // Another model may have come into use meanwhile: then they are embedded with that.
      if (embedder.current() !== model) continue;
      collection.add(entries);
      // What cannot be embedded stays in the collection: another model may.
      collection.add(batch.map(bare));
      collectionChanged();
      done += BATCH;
    }
  });
  await arrange();
}

/** What the model in use, which need not be loaded for it, keeps its embeddings under, and how long they are. */
async function modelBefore(): Promise<Pick<EmbedderInfo, 'key' | 'dimensions'>> {
  const choice = (await chosenModel()) && rememberedModel();
  if (choice) {
    const { key, dimension } = choice;
    return { key, dimensions: { joint: dimension, picture: dimension, text: dimension } };
  }
  const { fetchManifest } = await import('../../models/model-files.ts');
  const { key, joint, picture, text } = await fetchManifest();
  return {
    key,
    dimensions: { joint: joint.dimension, picture: picture.dimension, text: text.dimension },
  };
}
