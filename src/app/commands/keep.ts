import type { RgbaImage } from '../../common/image.ts';
import type { Id, ItemKind } from '../../data/item.ts';
import { LibraryFull } from '../../data/library.ts';
import type { Entry } from '../collection.ts';
import { notify } from '../jobs.ts';
import { collection, library } from '../services.ts';
import { readApp, writeApp } from '../store.ts';
import { keepThumbnail } from '../thumbnails.ts';

/** An entry and the files that the library keeps of it. */
export interface Kept {
  readonly entry: Entry;
  readonly thumbnail?: RgbaImage | undefined;
  readonly thumbnailFile?: Blob | undefined;
  readonly preview?: Blob | undefined;
}

/** Puts entries into the collection and into the library. @returns the ids that are new */
export async function keep(entries: readonly Kept[]): Promise<Id[]> {
  const added = collection.add(entries.map(({ entry }) => entry));
  for (const { entry, thumbnail } of entries) if (thumbnail) keepThumbnail(entry.item.id, thumbnail);
  collectionChanged();
  const isNew = new Set(added);
  try {
    await (await library()).putItems(
      entries
        .filter(({ entry }) => isNew.has(entry.item.id))
        .map(({ entry, thumbnailFile, preview }) => ({
          item: entry.item,
          ...(thumbnailFile && { thumbnail: thumbnailFile }),
          ...(preview && { preview }),
        })),
    );
  } catch (error) {
    tellFull(error);
  }
  return added;
}

/** A full disk is said once; what is on the page stays there. */
export function tellFull(error: unknown): void {
  if (!(error instanceof LibraryFull)) throw error;
  const said = readApp().notices.some((notice) => notice.kind === 'error' && notice.text === error.message);
  if (!said) notify('error', error.message);
}

/** Brings the counts on the page in line with the collection. */
export function collectionChanged(): void {
  const kinds: Record<ItemKind, number> = { picture: 0, text: 0, vector: 0 };
  for (const item of collection.items()) kinds[item.kind]++;
  writeApp((state) => ({ revision: state.revision + 1, count: collection.size, kinds }));
}
