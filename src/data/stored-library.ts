import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { z } from 'zod';
import type { Id, Item } from './item.ts';
import { type Library, LibraryFull, type StoredEmbedding, type StoredItem } from './library.ts';
import { keepOpen, type Schema } from './stored-connection.ts';

/** A picture's file. Bytes rather than a Blob: a browser keeps every Blob as a file of its own, which is slow by the thousand. */
const pictureRecord = z.object({ id: z.string(), type: z.string(), bytes: z.instanceof(ArrayBuffer) });

const base = {
  id: z.string().min(1),
  name: z.string(),
  source: z.string(),
  addedAt: z.number(),
  tags: z.array(z.string()).exactOptional(),
};
const itemSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('picture'),
    width: z.number().positive(),
    height: z.number().positive(),
    type: z.string(),
  }),
  z.object({ ...base, kind: z.literal('text'), text: z.string() }),
  z.object({ ...base, kind: z.literal('vector') }),
]) satisfies z.ZodType<Item>;
const itemRecord = z.object({ order: z.number(), item: itemSchema });

const vector = z.instanceof(Float32Array<ArrayBuffer>);
/** A vector that is damaged would be at no distance from anything; one that is missing is made again. */
const wholeVector = vector.refine((values) => values.length > 0 && isAllFinite(values));
const embeddingRecord = z.object({
  joint: wholeVector,
  picture: wholeVector.exactOptional(),
  text: wholeVector.exactOptional(),
  guesses: z.array(z.object({ label: z.string(), probability: z.number() })).exactOptional(),
});

const placementRecord = z
  .object({
    ids: z.array(z.string()),
    positions: vector,
    dimensions: z.union([z.literal(2), z.literal(3)]),
    space: z.string(),
    settings: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .refine(
    ({ ids, positions, dimensions }) =>
      positions.length === ids.length * dimensions && isAllFinite(positions),
  );

type ItemStore = 'items' | 'thumbnails' | 'previews';
const ITEM_STORES: ItemStore[] = ['items', 'thumbnails', 'previews'];

/** Records in one transaction: enough that committing costs little, few enough that a full disk loses little. */
const BATCH = 200;
/** From so many ids on it is faster to read a store whole than record by record. */
const WHOLE = 500;

/** @throws what IndexedDB throws where it is missing or forbidden */
export async function openStoredLibrary(name: string): Promise<Library> {
  const connection = await keepOpen(name);
  const { use } = connection;
  let order = Date.now();

  return {
    persistent: true,
    items: () => use(readItems),
    async thumbnails(ids) {
      const records = await use((database) => readMany(database, 'thumbnails', ids));
      const found = new Map<Id, Blob>();
      for (const [id, value] of records) {
        const record = pictureRecord.safeParse(value);
        if (record.success) found.set(id, new Blob([record.data.bytes], { type: record.data.type }));
      }
      return found;
    },
    async preview(id) {
      const record = pictureRecord.safeParse(await use((database) => database.get('previews', id)));
      return record.success ? new Blob([record.data.bytes], { type: record.data.type }) : undefined;
    },
    async putItems(items) {
      await inBatches(items, 'items', async (batch) => {
        // Bytes are read before the transaction opens: it would close itself while waiting for them.
        const records = await Promise.all(batch.map(toRecords));
        await use((database) =>
          write(database, ITEM_STORES, (transaction, requests) => {
            for (const { item, thumbnail, preview } of records) {
              requests.push(transaction.objectStore('items').put({ order: order++, item }, item.id));
              if (thumbnail) requests.push(transaction.objectStore('thumbnails').put(thumbnail, item.id));
              if (preview) requests.push(transaction.objectStore('previews').put(preview, item.id));
            }
          }),
        );
      });
    },
    remove: (ids) =>
      use((database) =>
        write(database, ['items'], (transaction, requests) => {
          for (const id of ids) requests.push(transaction.objectStore('items').delete(id));
        }),
      ),
    sweep: () => use(sweep),
    async embeddings(key, ids) {
      return use(async (database) => {
        const transaction = database.transaction('embeddings');
        const found = new Map<Id, StoredEmbedding>();
        await Promise.all(
          ids.map(async (id) => {
            const record = embeddingRecord.safeParse(await transaction.store.get([key, id]));
            if (record.success) found.set(id, record.data);
          }),
        );
        return found;
      });
    },
    async putEmbeddings(key, embeddings) {
      await inBatches([...embeddings], 'embeddings', async (batch) => {
        await use((database) =>
          write(database, ['embeddings'], (transaction, requests) => {
            for (const [id, embedding] of batch)
              requests.push(transaction.objectStore('embeddings').put(embedding, [key, id]));
          }),
        );
      });
    },
    forgetEmbeddings: () => use((database) => database.clear('embeddings')),
    async placement() {
      const record = placementRecord.safeParse(await use((database) => database.get('placements', 'last')));
      return record.success ? record.data : undefined;
    },
    async putPlacement(placement) {
      await use((database) => database.put('placements', placement, 'last'));
    },
    async usage() {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate();
      return { used: usage, quota };
    },
    close: connection.close,
  };
}

/** A damaged one holds NaN or infinities; times zero, those are NaN. */
function isAllFinite(values: Float32Array): boolean {
  let sum = 0;
  for (const value of values) sum += value * 0;
  return sum === 0;
}

async function sweep(database: IDBPDatabase<Schema>): Promise<void> {
  const transaction = database.transaction(ITEM_STORES, 'readwrite');
  const items = new Set(await transaction.objectStore('items').getAllKeys());
  for (const store of ['thumbnails', 'previews'] as const) {
    const pictures = transaction.objectStore(store);
    const orphans = (await pictures.getAllKeys()).filter((id) => !items.has(id));
    await Promise.all(orphans.map((id) => pictures.delete(id)));
  }
  await transaction.done;
}

async function readItems(database: IDBPDatabase<Schema>): Promise<{ items: Item[]; dropped: number }> {
  const transaction = database.transaction('items');
  const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
  const good: z.infer<typeof itemRecord>[] = [];
  const bad: Id[] = [];
  keys.forEach((key, i) => {
    const record = itemRecord.safeParse(values[i]);
    if (record.success && record.data.item.id === key) good.push(record.data);
    else bad.push(key);
  });
  await Promise.all(bad.map((key) => database.delete('items', key)));
  good.sort((a, b) => a.order - b.order);
  return { items: good.map(({ item }) => item), dropped: bad.length };
}

async function readMany(
  database: IDBPDatabase<Schema>,
  store: 'thumbnails',
  ids: readonly Id[],
): Promise<[Id, unknown][]> {
  const transaction = database.transaction(store);
  if (ids.length < WHOLE)
    return Promise.all(ids.map(async (id): Promise<[Id, unknown]> => [id, await transaction.store.get(id)]));
  const wanted = new Set(ids);
  const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()]);
  return keys.flatMap((key, i): [Id, unknown][] => (wanted.has(key) ? [[key, values[i]]] : []));
}

async function toRecords({ item, thumbnail, preview }: StoredItem) {
  const toRecord = async (file: Blob | undefined) =>
    file && { id: item.id, type: file.type, bytes: await file.arrayBuffer() };
  return { item, thumbnail: await toRecord(thumbnail), preview: await toRecord(preview) };
}

/** One transaction, that lands whole or not at all. `act` puts every request that it makes into `requests`. */
async function write<Stores extends StoreNames<Schema>[]>(
  database: IDBPDatabase<Schema>,
  stores: Stores,
  act: (transaction: IDBPTransaction<Schema, Stores, 'readwrite'>, requests: Promise<unknown>[]) => void,
): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite');
  const requests: Promise<unknown>[] = [];
  try {
    act(transaction, requests);
  } catch (error) {
    // What was asked so far would be committed otherwise.
    transaction.abort();
    await Promise.allSettled([...requests, transaction.done]);
    throw error;
  }
  // The transaction comes last, and its error is the reason for all the others.
  const results = await Promise.allSettled([...requests, transaction.done]);
  const failure = results.findLast((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

async function inBatches<T>(
  all: readonly T[],
  what: string,
  put: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < all.length; start += BATCH) {
    try {
      await put(all.slice(start, start + BATCH));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError')
        throw new LibraryFull(start, all.length, what);
      throw error;
    }
  }
}
