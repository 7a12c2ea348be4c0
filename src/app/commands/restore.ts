import { isAbort } from '../../common/job.ts';
import type { Item } from '../../data/item.ts';
import { DimensionMismatch, type Entry } from '../collection.ts';
import { messageOf, notify, runJob } from '../jobs.ts';
import { collection, embedder, library } from '../services.ts';
import { writeApp } from '../store.ts';
import { count } from '../words.ts';
import { VECTORS_KEY } from './add-vectors.ts';
import { arrange, restorePlacement } from './arrange.ts';
import { embedAll, fits, toEntry, type Waiting } from './embed.ts';
import { collectionChanged } from './keep.ts';
import { preparePicture } from './prepare-picture.ts';

/** Items read at a time. */
const AT_ONCE = 200;

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
  const { fetchManifest } = await import('../../models/model-files.ts');
  const manifest = await fetchManifest();
  const dimensions = {
    joint: manifest.joint.dimension,
    picture: manifest.picture.dimension,
    text: manifest.text.dimension,
  };
  const missing = await runJob(
    { title: 'Opening the collection', unit: 'items' },
    undefined,
    async ({ signal, onProgress }) => {
      const opened = await library();
      const unseen: Waiting[] = [];
      for (let at = 0; at < items.length; at += AT_ONCE) {
        signal.throwIfAborted();
        const batch = items.slice(at, at + AT_ONCE);
        const ids = batch.map(({ id }) => id);
        const [embeddings, vectors] = await Promise.all([
          opened.embeddings(manifest.key, ids),
          opened.embeddings(VECTORS_KEY, ids),
        ]);
        const entries = batch.flatMap((item) => {
          const embedding = (item.kind === 'vector' ? vectors : embeddings).get(item.id);
          if (embedding && (item.kind === 'vector' || fits(embedding, dimensions)))
            return [toEntry(item, embedding)];
          unseen.push({ item });
          return [];
        });
        addEach(entries);
        onProgress(at + batch.length, items.length, 'Items');
      }
      return unseen;
    },
  );
  collectionChanged();
  if (missing.length > 0) embedAgain(missing).catch(tell);
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

/** From their previews, which hold more than the model looks at. */
async function embedAgain(missing: readonly Waiting[]): Promise<void> {
  const [model, opened] = await Promise.all([embedder(), library()]);
  await runJob({ title: 'Embedding again', unit: 'items' }, undefined, async (job) => {
    for (const [done, each] of missing.entries()) {
      job.signal.throwIfAborted();
      job.onProgress(done, missing.length, 'Items');
      const preview = await opened.preview(each.item.id);
      const picture = preview && (await preparePicture(preview, each.item.name, model.info.preparation));
      const kept = await embedAll([{ ...each, ...(picture && { model: picture }) }], model, job);
      collection.add(kept.map(({ entry }) => entry));
      collectionChanged();
    }
  });
  await arrange();
}
