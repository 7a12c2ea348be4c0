import type { Job } from '../../common/job.ts';
import { Sha256 } from '../../common/sha256.ts';
import { sourceOfBlob } from '../weights/byte-source.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import { convertCheckpoint, type Precision } from '../weights/convert.ts';
import { InvalidWeights } from '../weights/errors.ts';
import { INDEX_SUFFIX, readSafetensors, readSharded } from '../weights/safetensors.ts';
import { StoreFault } from './errors.ts';
import type { Draft, ModelStore, StoredModel } from './model-store.ts';

/**
 * The weights among a model's files: those of an index, or of the one file there is.
 *
 * @param paths of the model's files
 * @param file gives their content
 * @throws {InvalidWeights} when they are none, or parts are missing
 */
export async function openWeights(
  paths: readonly string[],
  file: (path: string) => Promise<Blob | undefined>,
): Promise<Checkpoint> {
  const open = async (path: string) => {
    const blob = await file(path);
    return blob && sourceOfBlob(blob, path);
  };
  const path = paths.find((path) => path.endsWith(INDEX_SUFFIX)) ?? paths.find(isWeights);
  const source = path === undefined ? undefined : await open(path);
  if (!source) {
    throw new InvalidWeights('The model', 'it has no .safetensors file', 'Load it again, or choose another.');
  }
  return source.name.endsWith(INDEX_SUFFIX) ? readSharded(source, open) : readSafetensors(source);
}

/**
 * Makes a stored model smaller: its weights in float16 or int8, with the errors that {@link convertCheckpoint} states, in one file. The
 * converted model takes the place of the one there was when it is complete; until then, and after a failure, that one stays.
 *
 * Progress is in bytes: first looked at, then written.
 *
 * @returns the model as it is stored now, and the tensors that stayed float32
 * @throws {StoreFull}, {ModelBusy}, {InvalidWeights}, {StoreFault}, and what the signal's reason is
 */
export async function convertStoredModel(
  store: ModelStore,
  id: string,
  precision: Precision,
  job: Job = {},
): Promise<{ readonly model: StoredModel; readonly keptFloat32: readonly string[] }> {
  const opened = await store.open(id);
  if (!opened) throw new StoreFault(`${id} is not among the stored models`, undefined);
  const { model } = opened;
  const paths = model.files.map(({ path }) => path);
  const weights = await openWeights(paths, opened.file);
  const converted = await convertCheckpoint(weights, precision, job);
  const others = model.files.filter(({ path }) => !isWeights(path) && !path.endsWith(INDEX_SUFFIX));
  const bytes = others.reduce((sum, file) => sum + file.bytes, converted.bytes);
  const { revision, source, address } = model;
  const draft = await store.draft({ id, revision, source, address, precision }, bytes);
  const target = paths.find((path) => path.endsWith(INDEX_SUFFIX))
    ? 'model.safetensors'
    : paths.find(isWeights);
  const weightsPath = target ?? 'model.safetensors';
  try {
    for (const { path } of others) {
      const blob = await opened.file(path);
      if (!blob) throw new StoreFault(`${path} of ${id} is gone`, undefined);
      await fill(draft, path, [new Uint8Array(await blob.arrayBuffer())]);
    }
    await fill(draft, weightsPath, converted.pieces(job));
    const finished = await draft.finish([...others.map(({ path }) => path), weightsPath]);
    return { model: finished, keptFloat32: converted.keptFloat32 };
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

async function fill(
  draft: Draft,
  path: string,
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  const sink = await draft.create(path);
  const hash = new Sha256();
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      await sink.write(piece);
    }
    await sink.close({ bytes: hash.length, sha256: hash.hex() });
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

function isWeights(path: string): boolean {
  return /^[^/]+\.safetensors$/.test(path);
}
