import type { PictureEmbedding, TextEmbedding } from '../models/embedder.ts';
import type { Id, Item } from './item.ts';

/** An item with the pictures made of it; texts and vectors have none. */
export interface StoredItem {
  readonly item: Item;
  /** JPEG or PNG, longest side 128. */
  readonly thumbnail?: Blob;
  /** A picture file, longest side 512. */
  readonly preview?: Blob;
}

/** What an embedder made of one item, in every space it has for its kind. */
export type StoredEmbedding = Pick<PictureEmbedding, 'joint'> & Partial<PictureEmbedding & TextEmbedding>;

/** The map as it was last seen, so that a reload shows the same one at once. */
export interface StoredPlacement {
  readonly ids: readonly Id[];
  /** ids × dimensions, row-major. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly dimensions: 2 | 3;
  readonly space: string;
  /** What it was made with, as the page's own words for it. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/** The collection and the embeddings' cache, kept over reloads. All calls answer in the order of asking, or throw {@link LibraryClosed}. */
export interface Library {
  /** False where the browser keeps nothing (private windows): the collection then lives until the page closes. */
  readonly persistent: boolean;
  /** In the order they came in. `dropped` counts records that were damaged and have been removed. */
  items(): Promise<{ readonly items: Item[]; readonly dropped: number }>;
  /** Of those that have one. */
  thumbnails(ids: readonly Id[]): Promise<Map<Id, Blob>>;
  preview(id: Id): Promise<Blob | undefined>;
  /** @throws {LibraryFull} what was put before stays */
  putItems(items: readonly StoredItem[]): Promise<void>;
  /** Their pictures stay until `sweep`, so that a removal can be undone by putting the items; their embeddings stay for good. */
  remove(ids: readonly Id[]): Promise<void>;
  /** Takes out the pictures of items that are gone. */
  sweep(): Promise<void>;
  /** Of those that this embedder (`EmbedderInfo.key`) has seen. */
  embeddings(key: string, ids: readonly Id[]): Promise<Map<Id, StoredEmbedding>>;
  /** @throws {LibraryFull} what was put before stays */
  putEmbeddings(key: string, embeddings: ReadonlyMap<Id, StoredEmbedding>): Promise<void>;
  forgetEmbeddings(): Promise<void>;
  placement(): Promise<StoredPlacement | undefined>;
  putPlacement(placement: StoredPlacement): Promise<void>;
  /** Bytes used by this page and bytes it may use, as the browser estimates them. */
  usage(): Promise<{ readonly used: number; readonly quota: number }>;
  close(): void;
}

/** The browser's storage is full. `kept` of `of` records were stored. */
export class LibraryFull extends Error {
  override readonly name = 'LibraryFull';
  readonly kept: number;
  readonly of: number;

  constructor(kept: number, of: number, what: string) {
    super(
      `The browser's storage is full: ${kept} of ${of} ${what} were kept and will be there after a reload. ` +
        'The others are on the map until the page is closed. Free disk space or remove items to keep more.',
    );
    this.kept = kept;
    this.of = of;
  }
}

/** The browser has closed the library under the page, and it could not be opened again. */
export class LibraryClosed extends Error {
  override readonly name = 'LibraryClosed';

  constructor(cause: unknown) {
    super(
      'The library was closed by the browser (its storage was cleared, or another tab has a newer version of this page). ' +
        'What is on the map stays until the page is closed. Reload the page to open the library again.',
      { cause },
    );
  }
}
