import { incomplete, ModelBusy } from './errors.ts';
import {
  type Draft,
  type FileSink,
  inOrder,
  type ModelDescription,
  type ModelStore,
  type StoredFile,
  type StoredModel,
  sameDescription,
} from './model-store.ts';

interface Kept {
  readonly description: ModelDescription;
  readonly contents: Map<string, { readonly file: StoredFile; readonly blob: Blob }>;
  at: number;
  complete: boolean;
  busy: boolean;
}

/** Keeps models until the page is closed: for pages that the browser gives no storage, and for tests. */
export function createMemoryStore(): ModelStore {
  let kept: Kept[] = [];
  return {
    persistent: false,
    list: async () => inOrder(kept.map(describe)),
    async open(id) {
      const found = inOrder(kept.map(describe)).find((model) => model.id === id && model.complete);
      const held = kept.find(({ description, complete }) => complete && description.id === id);
      if (!found || !held) return undefined;
      return { model: found, file: async (path) => held.contents.get(path)?.blob };
    },
    async draft(description) {
      if (kept.some(({ description: { id }, busy }) => busy && id === description.id))
        throw new ModelBusy(description.id);
      let held = kept.find((one) => !one.complete && sameDescription(one.description, description));
      if (!held) {
        held = { description, contents: new Map(), at: Date.now(), complete: false, busy: false };
        kept.push(held);
      }
      held.busy = true;
      return toDraft(held, (keep) => {
        kept = kept.filter(keep);
      });
    },
    async delete(id, which = 'all') {
      if (kept.some(({ description, busy }) => busy && description.id === id)) throw new ModelBusy(id);
      kept = kept.filter(
        ({ description, complete }) => description.id !== id || (complete && which === 'unfinished'),
      );
    },
    usage: async () => ({
      models: kept.reduce((sum, held) => sum + describe(held).bytes, 0),
      used: undefined,
      quota: undefined,
    }),
  };
}

function toDraft(held: Kept, filter: (keep: (one: Kept) => boolean) => void): Draft {
  const { description, contents } = held;
  return {
    description,
    has: async (path) => contents.get(path)?.file,
    file: async (path) => contents.get(path)?.blob,
    async create(path) {
      contents.delete(path);
      return toSink(path, contents);
    },
    async finish(paths) {
      for (const path of paths) if (!contents.has(path)) throw incomplete(path);
      for (const path of contents.keys()) if (!paths.includes(path)) contents.delete(path);
      Object.assign(held, { at: Date.now(), complete: true, busy: false });
      filter((one) => one === held || one.description.id !== description.id);
      return describe(held);
    },
    discard: async () => filter((one) => one !== held),
    async release() {
      held.busy = false;
    },
  };
}

function toSink(path: string, contents: Kept['contents']): FileSink {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  return {
    async write(chunk) {
      // The caller may use the chunk's memory again.
      pieces.push(chunk.slice());
    },
    async close({ bytes, sha256 }) {
      contents.set(path, { file: { path, bytes, sha256 }, blob: new Blob(pieces) });
      pieces = [];
    },
    async abort() {
      pieces = [];
    },
  };
}

function describe({ description, contents, at, complete }: Kept): StoredModel {
  const files = Array.from(contents.values(), ({ file }) => file);
  return { ...description, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), at, complete };
}
