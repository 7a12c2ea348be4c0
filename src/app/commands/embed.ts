import type { RgbaImage } from '../../common/image.ts';
import type { Job } from '../../common/job.ts';
import type { Id, Item } from '../../data/item.ts';
import type { StoredEmbedding } from '../../data/library.ts';
import type { Embedder, EmbedderInfo } from '../../models/embedder.ts';
import type { Entry } from '../collection.ts';
import { recordSpeed } from '../model-speed.ts';
import { library } from '../services.ts';
import { takes } from '../takes.ts';
import { type Kept, tellFull } from './keep.ts';
import { preparePicture } from './prepare-picture.ts';

/** An item on its way in; `model` is the picture as the model wants it. */
export interface Waiting {
  readonly item: Item;
  readonly thumbnail?: RgbaImage;
  readonly thumbnailFile?: Blob;
  readonly preview?: Blob;
  readonly model?: RgbaImage;
}

/**
 * Vectors for a batch: from the library where it has them, from the model where not, and those go to the library. Items of a kind that the
 * model does not take are kept without.
 */
export async function embedAll(waiting: readonly Waiting[], embedder: Embedder, job: Job): Promise<Kept[]> {
  const opened = await library();
  const { key } = embedder.info;
  const cached = await opened.embeddings(
    key,
    waiting.map(({ item }) => item.id),
  );
  for (const [id, embedding] of cached) if (!fits(embedding, embedder.info.dimensions)) cached.delete(id);
  const missing = waiting.filter(({ item }) => !cached.has(item.id) && takes(embedder.info, item.kind));
  const fresh = await embedMissing(missing, embedder, job);
  if (fresh.size > 0) await opened.putEmbeddings(key, fresh).catch(tellFull);
  return waiting.flatMap((each) => {
    const embedding = cached.get(each.item.id) ?? fresh.get(each.item.id);
    if (embedding) return [toKept(each, toEntry(each.item, embedding))];
    return takes(embedder.info, each.item.kind) ? [] : [toKept(each, bare(each.item))];
  });
}

/**
 * Entries for items that are here already and that the model may not have seen: what the library has of them, else made from the
 * pictures' previews, which hold more than a model looks at. Items whose preview is gone are left out.
 */
export async function embedAgain(items: readonly Item[], embedder: Embedder, job: Job): Promise<Entry[]> {
  const opened = await library();
  const { key, preparation } = embedder.info;
  const cached = await opened.embeddings(
    key,
    items.map(({ id }) => id),
  );
  const waiting = items.map(async (item): Promise<Waiting> => {
    const isWanted = item.kind === 'picture' && embedder.info.takes.pictures && !cached.has(item.id);
    const preview = isWanted ? await opened.preview(item.id) : undefined;
    // A preview that cannot be read is as good as gone.
    const model = preview && (await preparePicture(preview, item.name, preparation).catch(() => undefined));
    return { item, ...(model && { model }) };
  });
  const kept = await embedAll(await Promise.all(waiting), embedder, job);
  return kept.map(({ entry }) => entry);
}

/** False for a record of another length: it was damaged, and its item is embedded again. */
export function fits(embedding: StoredEmbedding, dimensions: EmbedderInfo['dimensions']): boolean {
  return (['joint', 'picture', 'text'] as const).every(
    (space) => (embedding[space]?.length ?? dimensions[space]) === dimensions[space],
  );
}

/** What the library and the model say of an item, as the collection holds it. */
export function toEntry(item: Item, embedding: StoredEmbedding): Entry {
  const { joint, picture, text, guesses } = embedding;
  return {
    item,
    guesses,
    vectors:
      item.kind === 'vector'
        ? { vectors: joint }
        : { joint, ...(picture && { picture }), ...(text && { text }) },
  };
}

/** An item that has no vector under the model in use. */
export function bare(item: Item): Entry {
  return { item, vectors: {} };
}

function toKept(each: Waiting, entry: Entry): Kept {
  return {
    entry,
    thumbnail: each.thumbnail,
    thumbnailFile: each.thumbnailFile,
    preview: each.preview,
  };
}

async function embedMissing(
  missing: readonly Waiting[],
  embedder: Embedder,
  job: Job,
): Promise<Map<Id, StoredEmbedding>> {
  const found = new Map<Id, StoredEmbedding>();
  const pictures = missing.flatMap(({ item, model }) => (model ? [{ id: item.id, model }] : []));
  const texts = missing.flatMap(({ item }) => (item.kind === 'text' ? [item] : []));
  if (pictures.length > 0) {
    const start = performance.now();
    const embeddings = await embedder.embedPictures(
      pictures.map(({ model }) => model),
      { signal: job.signal },
    );
    recordSpeed(embedder.info.key, pictures.length, performance.now() - start);
    pictures.forEach(({ id }, index) => {
      const embedding = embeddings[index];
      if (embedding) found.set(id, embedding);
    });
  }
  if (texts.length > 0) {
    const embeddings = await embedder.embedTexts(
      texts.map(({ text }) => text),
      { signal: job.signal },
    );
    texts.forEach(({ id }, index) => {
      const embedding = embeddings[index];
      if (embedding) found.set(id, embedding);
    });
  }
  return found;
}
