/** Where models are kept between visits: files by model, in the browser's own file system or in memory. */

/** A file of a stored model, complete and checked. */
export interface StoredFile {
  /** Within the model's folder, with `/` between folders: `config.json`, `1_Pooling/config.json`. */
  readonly path: string;
  readonly bytes: number;
  /** Of what was written, in hex; counted while it was. */
  readonly sha256: string;
}

/** Where a model came from, and which of its versions it is. */
export interface ModelDescription {
  /**
   * What it is asked for by: a repository on the hub, an address without its `https://` and `model.json`, or the name of a folder that a
   * person dropped. One complete model is kept by it.
   */
  readonly id: string;
  /** The commit on the hub, `unpinned` where that is not known, or a mark of a dropped folder's content. */
  readonly revision: string;
  /** `hub` for all that was downloaded. */
  readonly source: 'hub' | 'files';
  /** Where to look at it: an address, or the folder's name. */
  readonly address: string;
  /** What its weights are kept as: as they came, or what they were converted to here. */
  readonly precision: 'as published' | 'float16' | 'int8';
}

export interface StoredModel extends ModelDescription {
  readonly files: readonly StoredFile[];
  /** Of all files, also of those of an unfinished model. */
  readonly bytes: number;
  /** Milliseconds since 1970: when it was completed, or begun. */
  readonly at: number;
  /** False for one whose download or conversion was interrupted: it cannot be used, takes room, and can be gone on with or deleted. */
  readonly complete: boolean;
}

/** A complete model, ready to be read. */
export interface OpenedModel {
  readonly model: StoredModel;
  /**
   * A file of it, read only where it is asked for its bytes; undefined where the model has none of that path.
   *
   * @throws {StoreFault} when it is gone
   */
  file(path: string): Promise<Blob | undefined>;
}

/** Takes the bytes of one file. Until `close`, the file does not count; what was there of that name before is gone. */
export interface FileSink {
  /** @throws {StoreFull} */
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Ends the file and says what it holds: from now on it counts, also after the page was closed. @throws {StoreFull} */
  close(content: { readonly bytes: number; readonly sha256: string }): Promise<void>;
  /** Drops what was written. Never throws. */
  abort(): Promise<void>;
}

/**
 * A model that is being put together. It counts as a model only when `finish` has written its manifest, which is the last thing
 * written; until then the one stored before under the same id stays what it was. Ends with `finish`, `discard` or `release`.
 */
export interface Draft {
  readonly description: ModelDescription;
  /** A file that is complete, from this attempt or one before it. */
  has(path: string): Promise<StoredFile | undefined>;
  /** Its content. */
  file(path: string): Promise<Blob | undefined>;
  create(path: string): Promise<FileSink>;
  /** Makes it a model; others of the same id are deleted afterwards. Files that are not among `paths` are dropped. @throws {StoreFull} */
  finish(paths: readonly string[]): Promise<StoredModel>;
  /** Deletes all of it. */
  discard(): Promise<void>;
  /** Stops here and keeps the files that are complete, for the next draft of the same description. */
  release(): Promise<void>;
}

export interface StoreUsage {
  /** Bytes of all models, unfinished ones too. */
  readonly models: number;
  /** Bytes this page uses and may use, as the browser estimates them; undefined where it does not say. */
  readonly used: number | undefined;
  readonly quota: number | undefined;
}

export interface ModelStore {
  /** False when models are kept only until the page is closed, because the browser gives this page no storage. */
  readonly persistent: boolean;
  /** Newest first. An unfinished update stands beside the model that it is to replace. */
  list(): Promise<StoredModel[]>;
  /** The complete model of that id. */
  open(id: string): Promise<OpenedModel | undefined>;
  /**
   * Begins a model, or goes on with an unfinished one of the same description.
   *
   * @param bytes of the whole model, where known, so that too little room is said before the download and not at its end
   * @throws {StoreFull} when there is less room than it needs
   * @throws {ModelBusy} when this model is being put together already, here or in another tab
   */
  draft(description: ModelDescription, bytes?: number): Promise<Draft>;
  /** Deletes a model and everything unfinished of that id, or only what is unfinished. @throws {ModelBusy} while it is being put together */
  delete(id: string, which?: 'all' | 'unfinished'): Promise<void>;
  usage(): Promise<StoreUsage>;
}

/** True when both say the same. */
export function sameDescription(a: ModelDescription, b: ModelDescription): boolean {
  return a.id === b.id && a.revision === b.revision && a.source === b.source && a.precision === b.precision;
}

/** Newest first; of complete models with one id only the newest, for an older one is on its way out. */
export function inOrder(models: readonly StoredModel[]): StoredModel[] {
  const seen = new Set<string>();
  return [...models]
    .sort((a, b) => b.at - a.at)
    .filter(({ id, complete }) => {
      if (!complete) return true;
      if (seen.has(id)) return false;
      seen.add(id);
      return true;
    });
}
