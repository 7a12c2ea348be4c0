/** SHA-256 of the bytes (a picture) or of the UTF-8 text, in hex: the same content is the same item. */
export type Id = string;

export type ItemKind = 'picture' | 'text' | 'vector';

interface ItemBase {
  readonly id: Id;
  readonly kind: ItemKind;
  /** File name, the text itself, or the row's name. */
  readonly name: string;
  /** Where it came from: path in the folder or zip, `typed`, `pasted`, `sample`. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  /** Words that came with it (a sample's tags). */
  readonly tags?: readonly string[];
}

export interface PictureItem extends ItemBase {
  readonly kind: 'picture';
  /** Size of the original in pixels. */
  readonly width: number;
  readonly height: number;
  readonly type: string;
}

export interface TextItem extends ItemBase {
  readonly kind: 'text';
  readonly text: string;
}

export interface VectorItem extends ItemBase {
  readonly kind: 'vector';
}

export type Item = PictureItem | TextItem | VectorItem;

/** What could not be taken in, and why, in words a person can act on. */
export interface Failure {
  readonly name: string;
  readonly reason: string;
}
