import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Id } from './item.ts';
import { LibraryClosed } from './library.ts';

/** What is read back is unknown until it has been checked: another version, or another tab, may have written it. */
export interface Schema extends DBSchema {
  items: { key: Id; value: unknown };
  thumbnails: { key: Id; value: unknown };
  previews: { key: Id; value: unknown };
  embeddings: { key: [string, Id]; value: unknown };
  /** One record, under the key `last`. */
  placements: { key: string; value: unknown };
}

const STORES = ['items', 'thumbnails', 'previews', 'embeddings', 'placements'] as const;

interface Connection {
  /** Runs the action; if the connection turns out to be closed, opens it anew and runs the action once more. */
  use<T>(act: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * Browsers close a connection when another tab deletes or upgrades the database, when storage is cleared, and when a disk fails.
 *
 * @throws what IndexedDB throws where it is missing or forbidden
 */
export async function keepOpen(name: string): Promise<Connection> {
  const lost = new WeakSet<IDBPDatabase<Schema>>();
  const connect = async () => {
    const database = await openDB<Schema>(name, 2, {
      upgrade(opened) {
        for (const store of STORES)
          if (!opened.objectStoreNames.contains(store)) opened.createObjectStore(store);
      },
      // A newer version of the page in another tab wants to change the database: let it.
      blocking: (_current, _blocked, event) => {
        if (event.target instanceof IDBDatabase) event.target.close();
      },
    });
    database.addEventListener('close', () => lost.add(database));
    return database;
  };
  let current = await connect();
  let reopening: Promise<IDBPDatabase<Schema>> | undefined;
  let done = false;

  const reopen = (closed: IDBPDatabase<Schema>): Promise<IDBPDatabase<Schema>> => {
    if (current !== closed) return Promise.resolve(current);
    reopening ??= connect()
      .then((opened) => {
        if (done) opened.close();
        current = opened;
        return opened;
      })
      .finally(() => {
        reopening = undefined;
      });
    return reopening;
  };
  const isClosed = (error: unknown, database: IDBPDatabase<Schema>): boolean =>
    error instanceof DOMException &&
    (error.name === 'InvalidStateError' || (error.name === 'AbortError' && lost.has(database)));

  return {
    async use(act) {
      const before = current;
      try {
        return await act(before);
      } catch (error) {
        if (!isClosed(error, before)) throw error;
        if (done) throw new LibraryClosed(error);
      }
      const again = await reopen(before).catch((error: unknown) => {
        throw new LibraryClosed(error);
      });
      try {
        return await act(again);
      } catch (error) {
        throw isClosed(error, again) ? new LibraryClosed(error) : error;
      }
    },
    close() {
      done = true;
      current.close();
    },
  };
}
