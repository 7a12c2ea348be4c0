import type { Job } from '../../common/job.ts';
import { Sha256 } from '../../common/sha256.ts';
import { architectureOf, checkNeeds, signsOf } from '../architectures.ts';
import { InvalidModelFile, UnusableModel } from '../errors.ts';
import {
  type Draft,
  type FileSink,
  type ModelDescription,
  type ModelStore,
  type OpenedModel,
  type StoredModel,
  sameDescription,
} from '../store/model-store.ts';
import { openWeights } from '../store/stored-weights.ts';
import { InvalidWeights } from '../weights/errors.ts';
import { contentFault, HEAD_BYTES, MAX_JSON_BYTES } from './content.ts';
import { downloadFile } from './download.ts';
import type { HubModel, KnownFile } from './hub-files.ts';
import type { LocalFile, LocalModel } from './local-files.ts';
import type { Ask } from './receive.ts';
import { reasonOf } from './request.ts';

/** A model that can be put into the store, wherever its files come from. */
export interface ModelOrigin {
  readonly description: ModelDescription;
  readonly files: readonly OriginFile[];
  /** Of all files, where that is known though it is not of each. */
  readonly bytes?: number | undefined;
}

export interface OriginFile extends KnownFile {
  /** True when the file is the same at every attempt, so that one that is complete from an earlier attempt need not come again. */
  readonly lasting: boolean;
  /** Writes its bytes into the sink and closes it, or aborts it and throws. Progress is in bytes. */
  copy(sink: FileSink, job: Job): Promise<unknown>;
}

/** The files of a model on the hub. */
export function hubOrigin(model: HubModel, options: Pick<Ask, 'fetch' | 'patience'> = {}): ModelOrigin {
  const { id, revision, pinned, page, files } = model;
  return {
    description: { id, revision, source: 'hub', address: page, precision: 'as published' },
    files: files.map(({ path, url, bytes, sha256 }) => ({
      path,
      bytes,
      sha256,
      lasting: pinned || sha256 !== undefined,
      copy: (sink, job) =>
        downloadFile({ ...job, ...options, url, file: path, expectedBytes: bytes, sha256 }, sink),
    })),
  };
}

/** The files of a model that a person gave. */
export function localOrigin({ name, files }: LocalModel): ModelOrigin {
  return {
    description: {
      id: name,
      revision: 'unpinned',
      source: 'files',
      address: name,
      precision: 'as published',
    },
    files: files.map((file) => ({
      path: file.path,
      bytes: file.bytes,
      lasting: false,
      copy: (sink, job) => copyLocal(file, sink, job),
    })),
  };
}

export interface InstallOptions extends Job {
  /** Runs the model once, before it counts as stored. @throws {UnusableModel} when its files can never be run; then they are dropped */
  readonly tryOut?: ((model: OpenedModel, job: Job) => Promise<void>) | undefined;
}

/**
 * Puts a model into the store: every file, small ones first, then a check that the weights and settings can be read, a trial where the
 * caller has one, and the manifest last. Until then the model stored under that id before stays in use. After a failure or a cancel the files that are complete are
 * kept for the next attempt; a model whose files turn out to be unusable is dropped whole.
 *
 * A version that can not have changed and is stored already is not loaded again.
 *
 * Progress is in bytes over all files; the total is 0 while the size of one is not known.
 *
 * @throws {DownloadFailed} for a file that did not come
 * @throws {UnusableModel}, {InvalidModelFile} or {InvalidWeights} when the files came and are no model
 * @throws {StoreFull} or {ModelBusy}, and what the signal's reason is
 */
export async function installModel(
  { description, files, bytes: known }: ModelOrigin,
  store: ModelStore,
  { signal, onProgress, tryOut }: InstallOptions = {},
): Promise<StoredModel> {
  signal?.throwIfAborted();
  const stored = (await store.open(description.id))?.model;
  if (stored && files.every(({ lasting }) => lasting) && sameDescription(stored, description)) return stored;
  const isEachKnown = files.every(({ bytes }) => bytes !== undefined);
  const total = known ?? (isEachKnown ? files.reduce((sum, { bytes = 0 }) => sum + bytes, 0) : 0);
  const draft = await store.draft(description, total === 0 ? undefined : total);
  let done = 0;
  try {
    const paths = files.map(({ path }) => path);
    let isKnown = false;
    for (const file of files) {
      const { path } = file;
      checkLength(path, file.bytes);
      // What it is told by the small files, which come first: a network that cannot be run is not worth a long download.
      if (!isKnown && !path.endsWith('.json')) {
        isKnown = true;
        await checkKind(draft, paths);
      }
      if (!(await isComplete(draft, file))) {
        const job: Job = { signal, onProgress: (bytes, _, what) => onProgress?.(done + bytes, total, what) };
        await file.copy(await draft.create(path), job);
      }
      const has = (await draft.has(path))?.bytes ?? 0;
      checkLength(path, has);
      done += has;
      onProgress?.(done, total, `Loaded ${path}`);
    }
    signal?.throwIfAborted();
    await checkFiles(draft, paths);
    if (tryOut) {
      onProgress?.(done, total, 'Trying it out');
      await tryOut(await openDraft(draft, paths), { signal });
    }
    return await draft.finish(paths);
  } catch (error) {
    const isUseless =
      error instanceof InvalidWeights || error instanceof UnusableModel || error instanceof InvalidModelFile;
    const kept = await Promise.all(files.map(({ path }) => draft.has(path)));
    await (isUseless || !kept.some(Boolean) ? draft.discard() : draft.release());
    throw error;
  }
}

async function isComplete(draft: Draft, { path, bytes, sha256, lasting }: OriginFile): Promise<boolean> {
  const found = lasting ? await draft.has(path) : undefined;
  if (!found) return false;
  return (bytes ?? found.bytes) === found.bytes && (sha256 ?? found.sha256).toLowerCase() === found.sha256;
}

/** The model as it would be opened if it were finished. */
async function openDraft(draft: Draft, paths: readonly string[]): Promise<OpenedModel> {
  const files = (await Promise.all(paths.map((path) => draft.has(path)))).filter(
    (file) => file !== undefined,
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const model = { ...draft.description, files, bytes, at: Date.now(), complete: false };
  return { model, file: (path) => draft.file(path) };
}

/** That its network is of a kind that can be run, and has what that kind needs. */
async function checkKind(draft: Draft, paths: readonly string[]): Promise<void> {
  const config = paths.find((path) => path === 'config.json' || path === 'open_clip_config.json');
  const json = config && parsed(await (await draft.file(config))?.text(), config);
  checkNeeds(architectureOf(signsOf(paths, json), draft.description.id), paths, draft.description);
}

/** @throws {UnusableModel} for settings that are too long to be parsed */
function checkLength(path: string, bytes = 0): void {
  if (bytes > MAX_JSON_BYTES && path.endsWith('.json'))
    throw new UnusableModel(
      `${path} is too long to be that of a model (${bytes} bytes). Choose another model.`,
    );
}

function parsed(text: string | undefined, path: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new UnusableModel(
      `${path} is not JSON (it begins with ${JSON.stringify((text ?? '').slice(0, 20))}). Get the model anew, or choose another.`,
    );
  }
}

/** That the weights have a sound header, or the sizes they should, and the settings are JSON; what those say is the model's business. */
async function checkFiles(draft: Draft, paths: readonly string[]): Promise<void> {
  const settings = new Map<string, unknown>();
  for (const path of paths.filter((path) => path.endsWith('.json'))) {
    settings.set(path, parsed(await (await draft.file(path))?.text(), path));
  }
  const tfjs = settings.get('model.json');
  if (tfjs === undefined) {
    await openWeights(paths, (path) => draft.file(path));
    return;
  }
  const { readModelJson } = await import('../tfjs/model-json.ts');
  const { checkShards } = await import('../tfjs/shards.ts');
  await checkShards(readModelJson(tfjs), async (path) => (await draft.has(path))?.bytes);
}

async function copyLocal(
  { path, blob }: LocalFile,
  sink: FileSink,
  { signal, onProgress }: Job,
): Promise<void> {
  try {
    const content = await read(path, blob);
    const fault = contentFault(new Uint8Array(await readPart(path, content.slice(0, HEAD_BYTES))));
    if (fault === 'pointer') {
      throw new UnusableModel(
        `${path} is a Git LFS pointer and not the file itself. Run "git lfs pull" in its folder, or download the file.`,
      );
    }
    if (fault) throw new UnusableModel(`${path} is a web page and not the file itself. Download it again.`);
    const hash = new Sha256();
    for (let at = 0; at < content.size; at += PART_BYTES) {
      signal?.throwIfAborted();
      const part = new Uint8Array(await readPart(path, content.slice(at, at + PART_BYTES)));
      hash.update(part);
      await sink.write(part);
      onProgress?.(hash.length, content.size, `Reading ${path}`);
    }
    await sink.close({ bytes: hash.length, sha256: hash.hex() });
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

// Large enough that the parts' own cost does not matter, small enough to stop and to tell progress often.
const PART_BYTES = 2 ** 22;

function readPart(path: string, part: Blob): Promise<ArrayBuffer> {
  return read(path, () => part.arrayBuffer());
}

async function read<T>(path: string, from: () => Promise<T>): Promise<T> {
  try {
    return await from();
  } catch (error) {
    throw new UnusableModel(
      `${path} could not be read (${reasonOf(error)}). Check the file and give it again.`,
    );
  }
}
