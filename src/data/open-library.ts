import type { Id, Item } from './item.ts';
import type { Library, StoredEmbedding, StoredItem, StoredPlacement } from './library.ts';

/**
 * Opens the library, or one in memory where the browser has no storage.
 *
 * @param name  of the database; another name is another library
 */
export async function openLibrary(name = 'nearfield'): Promise<Library> {
  const { openStoredLibrary } = await import('./stored-library.ts');
  try {
    return await openStoredLibrary(name);
  } catch (error) {
    console.warn('Nothing will be kept after a reload, because the browser gives no storage:', error);
    return createMemoryLibrary();
  }
}

/** The same library, without a disk. */
export function createMemoryLibrary(): Library {
  const items = new Map<Id, Item>();
  const pictures = new Map<Id, Omit<StoredItem, 'item'>>();
  const embeddings = new Map<string, Map<Id, StoredEmbedding>>();
  let placement: StoredPlacement | undefined;
  return {
    persistent: false,
    items: async () => ({ items: [...items.values()], dropped: 0 }),
    async thumbnails(ids) {
      const found = new Map<Id, Blob>();
      for (const id of ids) {
        const thumbnail = pictures.get(id)?.thumbnail;
        if (thumbnail) found.set(id, thumbnail);
      }
      return found;
    },
    preview: async (id) => pictures.get(id)?.preview,
    async putItems(entries) {
      for (const { item, ...files } of entries) {
        items.set(item.id, item);
        pictures.set(item.id, { ...pictures.get(item.id), ...files });
      }
    },
    async remove(ids) {
      for (const id of ids) items.delete(id);
    },
    async sweep() {
      for (const id of pictures.keys()) if (!items.has(id)) pictures.delete(id);
    },
    async embeddings(key, ids) {
      const all = embeddings.get(key);
      return new Map(
        ids.flatMap((id) => {
          const found = all?.get(id);
          return found ? [[id, found] as const] : [];
        }),
      );
    },
    async putEmbeddings(key, entries) {
      const all = embeddings.get(key) ?? new Map<Id, StoredEmbedding>();
      embeddings.set(key, all);
      for (const [id, embedding] of entries) all.set(id, embedding);
    },
    forgetEmbeddings: async () => embeddings.clear(),
    placement: async () => placement,
    async putPlacement(latest) {
      placement = latest;
    },
    usage: async () => ({ used: 0, quota: 0 }),
    close: () => undefined,
  };
}
