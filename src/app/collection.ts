import type { Id, Item } from '../data/item.ts';
import type { VectorSet } from '../metrics/engine.ts';
import type { SpaceId } from '../models/embedder.ts';
import { rowsOf } from './rows-of.ts';

/** The spaces an item can have a vector in: the embedder's three, and `vectors` for vectors that came ready-made. */
export type CollectionSpace = SpaceId | 'vectors';

export const SPACES: readonly CollectionSpace[] = ['joint', 'picture', 'text', 'vectors'];

export interface Guess {
  readonly label: string;
  readonly probability: number;
}

/** An item with all that is known of it. */
export interface Entry {
  readonly item: Item;
  readonly vectors: Readonly<Partial<Record<CollectionSpace, Float32Array<ArrayBuffer>>>>;
  readonly guesses?: readonly Guess[] | undefined;
}

/** The items that have a vector in one space, in the order they were added; `set` is n × dimension. */
export interface Members {
  readonly ids: readonly Id[];
  readonly set: VectorSet;
}

/** Vectors of one collection must share a dimension; this says which two met. */
export class DimensionMismatch extends Error {
  override name = 'DimensionMismatch';
  constructor(space: CollectionSpace, expected: number, found: number) {
    const which = space === 'vectors' ? 'vectors' : `${space} vectors`;
    super(
      `The collection holds ${which} of ${expected} numbers, and these have ${found}. Clear the collection first, or bring vectors of ${expected} numbers.`,
    );
  }
}

/** The items of the page in memory, in the order they came, each with its vectors. Knows nothing of files, models or views. */
export class Collection {
  #entries = new Map<Id, Entry>();
  #members = new Map<CollectionSpace, Members>();
  /** Of the spaces that have a member. */
  #dimensions = new Map<CollectionSpace, number>();

  get size(): number {
    return this.#entries.size;
  }

  has(id: Id): boolean {
    return this.#entries.has(id);
  }

  get(id: Id): Entry | undefined {
    return this.#entries.get(id);
  }

  entries(): Entry[] {
    return [...this.#entries.values()];
  }

  items(): Item[] {
    return this.entries().map((entry) => entry.item);
  }

  /**
   * Adds entries whose id is new; all or, when a dimension does not fit, none.
   * @returns the ids that were added
   * @throws {DimensionMismatch}
   */
  add(entries: readonly Entry[]): Id[] {
    const dimensions = new Map(this.#dimensions);
    for (const entry of entries) {
      for (const space of SPACES) {
        const length = entry.vectors[space]?.length;
        if (length === undefined) continue;
        const expected = dimensions.get(space) ?? length;
        if (expected !== length) throw new DimensionMismatch(space, expected, length);
        dimensions.set(space, expected);
      }
    }
    const added: Id[] = [];
    for (const entry of entries) {
      if (this.#entries.has(entry.item.id)) continue;
      this.#entries.set(entry.item.id, entry);
      added.push(entry.item.id);
    }
    if (added.length > 0) {
      this.#members.clear();
      this.#dimensions = dimensions;
    }
    return added;
  }

  /** @returns what was removed, so that it can be put back */
  remove(ids: readonly Id[]): Entry[] {
    const removed: Entry[] = [];
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (!entry) continue;
      this.#entries.delete(id);
      removed.push(entry);
    }
    if (removed.length > 0) {
      this.#members.clear();
      for (const space of SPACES) {
        if (!this.entries().some((entry) => entry.vectors[space])) this.#dimensions.delete(space);
      }
    }
    return removed;
  }

  clear(): Entry[] {
    return this.remove([...this.#entries.keys()]);
  }

  /** The members of a space. The same object, and the same array, until the collection changes: uploads are cached by it. */
  members(space: CollectionSpace): Members {
    const cached = this.#members.get(space);
    if (cached) return cached;
    const rows = this.entries().filter((entry) => entry.vectors[space]);
    const dimension = rows[0]?.vectors[space]?.length ?? 0;
    const vectors = new Float32Array(rows.length * dimension);
    rows.forEach((entry, row) => {
      const vector = entry.vectors[space];
      if (vector) vectors.set(vector, row * dimension);
    });
    const members = { ids: rows.map((entry) => entry.item.id), set: { vectors, dimension } };
    this.#members.set(space, members);
    return members;
  }

  /** Members of a space, one kind only. */
  membersOfKind(space: CollectionSpace, kind: Item['kind']): Members {
    const { ids, set } = this.members(space);
    const rows = [...ids.keys()].filter((row) => this.get(ids[row] ?? '')?.item.kind === kind);
    if (rows.length === ids.length) return { ids, set };
    return { ids: rows.map((row) => ids[row] ?? ''), set: rowsOf(set, rows) };
  }

  /** The space that suits what is here: ready-made vectors have their own, all else meets in the joint space, so that what comes later joins the map. */
  suitedSpace(): CollectionSpace {
    return this.entries().some(({ item }) => item.kind === 'vector') ? 'vectors' : 'joint';
  }
}
