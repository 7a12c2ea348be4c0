/** The models that this browser keeps: what they are, more of them, fewer of them. */
import { create } from 'zustand';
import type { Job } from '../../common/job.ts';
import { reasonFor } from '../../data/errors.ts';
import { LIMITS } from '../../data/limits.ts';
import { readZip, type ZipEntry } from '../../data/readers/zip.ts';
import { architectureOf, signsOf } from '../../models/architectures.ts';
import { UnusableModel } from '../../models/errors.ts';
import { hubFiles } from '../../models/hub/hub-files.ts';
import { hubOrigin, installModel, localOrigin, type ModelOrigin } from '../../models/hub/install.ts';
import { type LocalFile, listLocalFiles, pickModel, unpackZips } from '../../models/hub/local-files.ts';
import { nameLocalModel } from '../../models/hub/local-name.ts';
import { HUB, isModelAddress, parseRepository } from '../../models/hub/repository.ts';
import { fetchManifest } from '../../models/model-files.ts';
import type { OpenedModel, StoredModel } from '../../models/store/model-store.ts';
import { precisionOf, type StoredPrecision } from '../../models/store/stored-weights.ts';
import { embeddingKey } from '../../models/stored-embedder.ts';
import { isFaultOfFiles } from '../../models/worker-embedder.ts';
import type { ModelReport } from '../handle.ts';
import { runJob } from '../jobs.ts';
import { EMBEDDED } from '../model-choice.ts';
import { speedOf } from '../model-speed.ts';
import { modelIsNow } from '../model-versions.ts';
import { chosenModel, modelStore, openModel } from '../services.ts';
import { readApp } from '../store.ts';
import { inTurn } from './model-turns.ts';

interface ModelsState {
  /** Undefined until they have been read. */
  readonly models: readonly ModelReport[] | undefined;
  /** False where they are kept only until the page is closed. */
  readonly persistent: boolean;
}

/** What the page shows of the models; `refreshModels` brings it up to date. */
export const useModels = create<ModelsState>(() => ({ models: undefined, persistent: true }));

/** The embedded model first, then the stored ones, newest first. */
export async function models(): Promise<ModelReport[]> {
  // So that the one in use is known.
  await chosenModel();
  const [manifest, stored] = await Promise.all([fetchManifest(), modelStore().then((store) => store.list())]);
  const embedded: ModelReport = {
    id: EMBEDDED,
    source: 'embedded',
    revision: manifest.key,
    bytes: Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0),
    precision: 'mixed',
    smaller: [],
    complete: true,
    inUse: readApp().modelId === EMBEDDED,
    picturesPerSecond: speedOf(manifest.key),
  };
  return [embedded, ...(await Promise.all(stored.map(reportOf)))];
}

export async function refreshModels(): Promise<void> {
  const { persistent } = await modelStore();
  useModels.setState({ models: await models(), persistent });
}

/**
 * Puts a model into the store: from the hub, by its repository (`owner/name`, `owner/name@revision` or its page's address), from the
 * address of a tfjs model's `model.json`, or from files, those of one model, a folder's or a zip. A newer version takes the place of
 * the one that was downloaded when it is complete; files take the place of nothing but their own copy.
 *
 * @param host another hub: a mirror, or a server of files in the same layout
 */
export function addModel(
  source: string | readonly File[],
  { host, ...job }: Job & { readonly host?: string } = {},
): Promise<ModelReport> {
  if (typeof source === 'string')
    return add('Downloading a model', (signal) => fromHub(source, host, signal), job);
  return add('Storing a model', async () => fromFiles(await listLocalFiles(source, listZip)), job);
}

/**
 * Goes on with a download that was interrupted, of the same version and from where it came. Files that are complete are not loaded again.
 *
 * @throws {RangeError} where there is none
 */
export async function continueDownload(id: string, revision: string): Promise<ModelReport> {
  const stored = await (await modelStore()).list();
  const begun = stored.find(
    (model) => !model.complete && model.source === 'hub' && model.id === id && model.revision === revision,
  );
  if (!begun) throw new RangeError(`No download of “${id}” waits to be finished. Add the model again.`);
  const { address } = begun;
  if (isModelAddress(address)) return addModel(address);
  return addModel(`${id}@${revision}`, { host: address.slice(0, -`/${id}`.length) });
}

/** {@link addModel} for files that were dropped, which know their path in the folder. */
export function addOwnModel(files: readonly LocalFile[]): Promise<ModelReport> {
  return add('Storing a model', async () => fromFiles(await unpackZips(files, listZip)), {});
}

async function add(
  title: string,
  find: (signal: AbortSignal) => Promise<ModelOrigin>,
  job: Job,
): Promise<ModelReport> {
  try {
    const model = await runJob({ title, unit: 'bytes' }, job, async ({ signal, onProgress }) => {
      const origin = await find(signal);
      return installModel(origin, await modelStore(), { signal, onProgress, tryOut });
    });
    // The one in use stays what it was until it is used anew.
    if (model.id !== readApp().modelId) modelIsNow(model.id, embeddingKey(model));
    return await reportOf(model);
  } finally {
    await refreshModels();
  }
}

/** Opens the model as its use would, so that files which can never be run are refused while the person has them at hand. */
async function tryOut(model: OpenedModel, job: Job): Promise<void> {
  try {
    (await openModel(model, job)).dispose();
  } catch (error) {
    job.signal?.throwIfAborted();
    if (isFaultOfFiles(error)) throw new UnusableModel(error.message);
    // A full memory or a lost GPU is no fault of the files: they are kept, and using them tells.
    console.warn(error);
  }
}

async function fromHub(source: string, host: string | undefined, signal: AbortSignal): Promise<ModelOrigin> {
  if (isModelAddress(source)) {
    const { tfjsOrigin } = await import('../../models/hub/tfjs-address.ts');
    return tfjsOrigin(source.trim(), { signal });
  }
  const { id, revision } = parseRepository(source);
  if (!id.includes('/')) {
    throw new UnusableModel(
      `“${id}” has no owner. A model on the hub is called like sentence-transformers/all-MiniLM-L6-v2, an owner and a name: look the whole name up on ${HUB}/models.`,
    );
  }
  return hubOrigin(await hubFiles({ repository: id, revision, host, signal }));
}

async function fromFiles(files: readonly LocalFile[]): Promise<ModelOrigin> {
  const picked = await pickModel(files);
  return localOrigin(await nameLocalModel(picked, await (await modelStore()).list(), [EMBEDDED]));
}

async function listZip(zip: Blob): Promise<ZipEntry[]> {
  try {
    return await readZip(zip, LIMITS.packedModelBytes);
  } catch (error) {
    throw new UnusableModel(reasonFor(zip instanceof File ? zip.name : 'The zip', error));
  }
}

/**
 * Deletes a stored model, or only what was begun of it and not finished. The embeddings that it made stay, for the day it comes back.
 *
 * @throws {RangeError} for the model in use and for one that is not there
 */
export async function removeModel(id: string, which: 'all' | 'unfinished' = 'all'): Promise<void> {
  const [store] = await Promise.all([modelStore(), chosenModel()]);
  if (id === EMBEDDED) throw new RangeError('The embedded model is part of the page and stays.');
  // Not while it comes into use, nor while it is made smaller.
  await inTurn(async () => {
    if (id === readApp().modelId && which === 'all')
      throw new RangeError(`${id} is in use. Use another model first, then delete this one.`);
    if (!(await store.list()).some((model) => model.id === id)) throw unknownModel(id);
    await store.delete(id, which);
  }, undefined);
  await refreshModels();
}

export function unknownModel(id: string): RangeError {
  return new RangeError(`"${id}" is not among the stored models. Add it first; models() lists what is here.`);
}

/** What the headers of weights tell, by model and time of storing: they do not change. */
const precisions = new Map<string, StoredPrecision>();

const UNKNOWN: StoredPrecision = { type: undefined, smaller: [] };

async function storedPrecision({ id, at }: StoredModel): Promise<StoredPrecision> {
  const key = `${id} ${at}`;
  const known = precisions.get(key);
  if (known) return known;
  try {
    const opened = await (await modelStore()).open(id);
    const found = opened ? await precisionOf(opened) : UNKNOWN;
    precisions.set(key, found);
    return found;
  } catch {
    // Weights in another format, or damaged ones: using them says so, and the list is of the others, too.
    return UNKNOWN;
  }
}

/** By model and time of storing. */
const kinds = new Map<string, ModelReport['takes']>();

async function takesOnly({ id, at }: StoredModel): Promise<ModelReport['takes']> {
  const key = `${id} ${at}`;
  if (kinds.has(key)) return kinds.get(key);
  try {
    const opened = await (await modelStore()).open(id);
    if (!opened) return undefined;
    const config = (await opened.file('config.json')) ?? (await opened.file('open_clip_config.json'));
    const signs = signsOf(
      opened.model.files.map(({ path }) => path),
      JSON.parse((await config?.text()) ?? 'null'),
    );
    const takes = architectureOf(signs, id).takes?.(signs);
    kinds.set(key, takes);
    return takes;
  } catch {
    // Damaged settings: using the model says so, and the list is of the others, too.
    return undefined;
  }
}

/** Whether just these files are in use: a newer version may have taken the place of the one that is. */
export async function isInUse(model: StoredModel): Promise<boolean> {
  const chosen = await chosenModel();
  return chosen?.model.id === model.id && embeddingKey(chosen.model) === embeddingKey(model);
}

/** A stored model as it is told of. */
export async function reportOf(model: StoredModel): Promise<ModelReport> {
  const { id, source, revision, bytes, complete } = model;
  const { type, smaller } = complete ? await storedPrecision(model) : UNKNOWN;
  const takes = complete ? await takesOnly(model) : undefined;
  return {
    id,
    source,
    revision,
    bytes,
    takes,
    // An unfinished conversion is told from an unfinished download by what it was to become.
    precision: complete || model.precision === 'as published' ? type : model.precision,
    smaller,
    complete,
    inUse: complete && (await isInUse(model)),
    picturesPerSecond: complete ? speedOf(embeddingKey(model)) : undefined,
  };
}
