import { z } from 'zod';
import { incomplete, ModelBusy, StoreFault, StoreFull, writeFault } from './errors.ts';
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
import { fileIn, openWriter, quietly, remove, writeText } from './opfs-files.ts';

/*
 * A folder a model, under a random name:
 *   draft.json     what it is to become; the first thing written
 *   file-PATH      a file of the model, its path URI-encoded
 *   seal-PATH      its size and SHA-256, written when it is complete: a file without one does not count
 *   model.json     the manifest, the last thing written: a folder without a valid one is unfinished
 * So nothing that is half written is ever taken for whole, wherever a page, a worker or the machine stops. Renaming would do the
 * same, but not every browser can rename here.
 */
const DRAFT = 'draft.json';
const MANIFEST = 'model.json';

const fileSchema = z.object({
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const descriptionSchema = z.object({
  id: z.string(),
  revision: z.string(),
  source: z.enum(['hub', 'files']),
  address: z.string(),
  precision: z.enum(['as published', 'float16', 'int8']),
});
const draftSchema = descriptionSchema.extend({ format: z.literal('nearfield-draft-1'), at: z.number() });
const manifestSchema = descriptionSchema.extend({
  format: z.literal('nearfield-model-1'),
  at: z.number(),
  files: z.array(fileSchema),
});

/** A stored model and the folder it lies in. */
interface Place {
  readonly folder: FileSystemDirectoryHandle;
  readonly model: StoredModel;
}

/**
 * Keeps models in the browser's own file system, in a folder of this name. Works on the page and in workers; several tabs can share it.
 *
 * @throws what `navigator.storage.getDirectory` throws where the browser gives this page no storage
 */
export async function openOpfsStore(name: string): Promise<ModelStore> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
  const places = () => readPlaces(root);
  const free = async () => {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
  };
  return {
    persistent: true,
    list: async () => inOrder((await places()).map(({ model }) => model)),
    async open(id) {
      const found = await places();
      const model = inOrder(found.map((place) => place.model)).find((one) => one.id === id && one.complete);
      const folder = found.find((place) => place.model === model)?.folder;
      return model && folder && { model, file: (path) => readFile(folder, path) };
    },
    async draft(description, bytes) {
      const unlock = await lock(name, description.id);
      try {
        const begun = await navigator.locks.request(name, () => begin(root, description));
        const room = await free();
        const needed = bytes === undefined ? 0 : bytes - begun.model.bytes;
        if (room !== undefined && needed > room) throw new StoreFull(description.id, needed, room);
        return toDraft(root, begun.folder, description, unlock);
      } catch (error) {
        unlock();
        throw writeFault(error, description.id);
      }
    },
    async delete(id, which = 'all') {
      const unlock = await lock(name, id);
      try {
        for (const { folder, model } of await places()) {
          if (model.id === id && !(model.complete && which === 'unfinished')) await remove(root, folder.name);
        }
      } finally {
        unlock();
      }
    },
    async usage() {
      const models = (await places()).reduce((sum, { model }) => sum + model.bytes, 0);
      const { quota, usage } = await navigator.storage.estimate();
      return { models, used: usage, quota };
    },
  };
}

function toDraft(
  root: FileSystemDirectoryHandle,
  folder: FileSystemDirectoryHandle,
  description: ModelDescription,
  unlock: () => void,
): Draft {
  return {
    description,
    has: (path) => readSeal(folder, path),
    file: async (path) => ((await readSeal(folder, path)) ? readFile(folder, path) : undefined),
    create: (path) => createSink(folder, path),
    async finish(paths) {
      const files: StoredFile[] = [];
      for (const path of paths) {
        const file = await readSeal(folder, path);
        if (!file) throw incomplete(path);
        files.push(file);
      }
      const at = Date.now();
      const manifest: z.infer<typeof manifestSchema> = {
        format: 'nearfield-model-1',
        ...description,
        at,
        files,
      };
      try {
        await writeText(folder, MANIFEST, JSON.stringify(manifest));
      } catch (error) {
        throw writeFault(error, description.id);
      }
      await quietly(tidy(root, folder, description.id, paths));
      unlock();
      return toModel(manifest, files, sizeOf(files), true);
    },
    async discard() {
      await quietly(remove(root, folder.name));
      unlock();
    },
    release: async () => unlock(),
  };
}

/** Behind a finished model: its seals, files it does not use, and what it replaces. */
async function tidy(
  root: FileSystemDirectoryHandle,
  folder: FileSystemDirectoryHandle,
  id: string,
  paths: readonly string[],
): Promise<void> {
  const keep = new Set([MANIFEST, ...paths.map(fileName)]);
  for (const name of await namesIn(folder)) if (!keep.has(name)) await remove(folder, name);
  for (const { folder: other, model } of await readPlaces(root)) {
    if (model.id === id && other.name !== folder.name) await remove(root, other.name);
  }
}

async function createSink(folder: FileSystemDirectoryHandle, path: string): Promise<FileSink> {
  try {
    await remove(folder, sealName(path));
    const writer = await openWriter(folder, fileName(path));
    return {
      async write(chunk) {
        try {
          await writer.write(chunk);
        } catch (error) {
          throw writeFault(error, path);
        }
      },
      async close({ bytes, sha256 }) {
        try {
          await writer.close();
          const seal: StoredFile = { path, bytes, sha256 };
          await writeText(folder, sealName(path), JSON.stringify(seal));
        } catch (error) {
          throw writeFault(error, path);
        }
      },
      async abort() {
        await quietly(writer.abort());
        await quietly(remove(folder, fileName(path)));
      },
    };
  } catch (error) {
    throw writeFault(error, path);
  }
}

/** The unfinished folder of this description, or a new one. Folders that say nothing of themselves are the remains of a crash: they go. */
async function begin(root: FileSystemDirectoryHandle, description: ModelDescription): Promise<Place> {
  const found = await readPlaces(root);
  const known = new Set(found.map(({ folder }) => folder.name));
  for (const name of await namesIn(root)) if (!known.has(name)) await quietly(remove(root, name));
  const unfinished = found.find(({ model }) => !model.complete && sameDescription(model, description));
  const folder = unfinished?.folder ?? (await root.getDirectoryHandle(crypto.randomUUID(), { create: true }));
  const draft: z.infer<typeof draftSchema> = { format: 'nearfield-draft-1', ...description, at: Date.now() };
  await writeText(folder, DRAFT, JSON.stringify(draft));
  // Of a model that has lost files: with the manifest there, a file would count as soon as it has its size again.
  await remove(folder, MANIFEST);
  return unfinished ?? { folder, model: toModel(draft, [], 0, false) };
}

async function readPlaces(root: FileSystemDirectoryHandle): Promise<Place[]> {
  const places: Place[] = [];
  for (const name of await namesIn(root)) {
    const folder = await root.getDirectoryHandle(name).catch(() => undefined);
    const model = folder && (await readModel(folder));
    if (folder && model) places.push({ folder, model });
  }
  return places;
}

async function readModel(folder: FileSystemDirectoryHandle): Promise<StoredModel | undefined> {
  const names = await namesIn(folder);
  const sizes = new Map<string, number>();
  for (const name of names.filter((name) => name.startsWith(FILE_PREFIX))) {
    const file = await fileIn(folder, name);
    if (file) sizes.set(name, file.size);
  }
  const manifest = manifestSchema.safeParse(await readJson(folder, MANIFEST));
  if (
    manifest.success &&
    manifest.data.files.every(({ path, bytes }) => sizes.get(fileName(path)) === bytes)
  ) {
    return toModel(manifest.data, manifest.data.files, sizeOf(manifest.data.files), true);
  }
  // A complete model whose files the browser has lost is an unfinished one: it can be loaded again or deleted.
  const draft = manifest.success ? manifest : draftSchema.safeParse(await readJson(folder, DRAFT));
  if (!draft.success) return undefined;
  const files: StoredFile[] = [];
  for (const name of names.filter((name) => name.startsWith(SEAL_PREFIX))) {
    const seal = fileSchema.safeParse(await readJson(folder, name));
    if (seal.success && sizes.get(fileName(seal.data.path)) === seal.data.bytes) files.push(seal.data);
  }
  const bytes = Array.from(sizes.values()).reduce((sum, size) => sum + size, 0);
  return toModel(draft.data, files, bytes, false);
}

async function readSeal(folder: FileSystemDirectoryHandle, path: string): Promise<StoredFile | undefined> {
  const seal = fileSchema.safeParse(await readJson(folder, sealName(path)));
  if (!seal.success) return undefined;
  const file = await fileIn(folder, fileName(path));
  return file?.size === seal.data.bytes ? seal.data : undefined;
}

async function readFile(folder: FileSystemDirectoryHandle, path: string): Promise<File | undefined> {
  try {
    return await fileIn(folder, fileName(path));
  } catch (error) {
    throw new StoreFault(`${path} could not be read from the browser's storage`, error);
  }
}

async function readJson(folder: FileSystemDirectoryHandle, name: string): Promise<unknown> {
  try {
    const file = await fileIn(folder, name);
    return file && JSON.parse(await file.text());
  } catch {
    // Cut off by a crash, or being written at this moment: it says nothing.
    return undefined;
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const name of folder.keys()) names.push(name);
  } catch {
    // Deleted by another tab while it was read.
  }
  return names;
}

/** Holds this model until the returned function is called, or the tab is closed. @throws {ModelBusy} when it is held already */
function lock(store: string, id: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${store}/${id}`, { ifAvailable: true }, (held) => {
        if (held) return new Promise<void>((release) => resolve(release));
        reject(new ModelBusy(id));
        return undefined;
      })
      .catch(reject);
  });
}

function toModel(
  { id, revision, source, address, precision, at }: ModelDescription & { readonly at: number },
  files: readonly StoredFile[],
  bytes: number,
  complete: boolean,
): StoredModel {
  return { id, revision, source, address, precision, files, bytes, at, complete };
}

function sizeOf(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

const FILE_PREFIX = 'file-';
const SEAL_PREFIX = 'seal-';

function fileName(path: string): string {
  return `${FILE_PREFIX}${encodeURIComponent(path)}`;
}

function sealName(path: string): string {
  return `${SEAL_PREFIX}${encodeURIComponent(path)}`;
}
