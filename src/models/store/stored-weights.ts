import type { Job } from '../../common/job.ts';
import { Sha256 } from '../../common/sha256.ts';
import { sourceOfBlob } from '../weights/byte-source.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import { convertCheckpoint, expectedBytes, type Precision } from '../weights/convert.ts';
import { InvalidWeights } from '../weights/errors.ts';
import { countOf, type Dtype } from '../weights/header.ts';
import { INDEX_SUFFIX, readSafetensors, readSharded } from '../weights/safetensors.ts';
import { StoreFault } from './errors.ts';
import type { Draft, ModelStore, OpenedModel, StoredModel } from './model-store.ts';

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

/** A type that weights are kept in. */
export type WeightType = 'float32' | 'bfloat16' | 'float16' | 'int8';

const WEIGHT_TYPES: Readonly<Partial<Record<Dtype, WeightType>>> = {
  F32: 'float32',
  BF16: 'bfloat16',
  F16: 'float16',
  I8: 'int8',
};

const BYTES_A_VALUE: Readonly<Record<WeightType, number>> = { float32: 4, bfloat16: 2, float16: 2, int8: 1 };

export interface StoredPrecision {
  /** That most values are kept in; undefined where none is of floats. */
  readonly type: WeightType | undefined;
  /** What {@link convertStoredModel} can make of it, largest first, with the bytes of all its files then. */
  readonly smaller: readonly { readonly precision: Precision; readonly bytes: number }[];
}

/**
 * What a stored model's weights are kept as, read from their headers alone.
 *
 * @throws {InvalidWeights} when it has none in the safetensors format, or they cannot be read
 */
export async function precisionOf({ model, file }: OpenedModel): Promise<StoredPrecision> {
  const weights = await openWeights(
    model.files.map(({ path }) => path),
    file,
  );
  const counts = new Map<WeightType, number>();
  for (const { dtype, shape } of weights.tensors.values()) {
    const type = WEIGHT_TYPES[dtype];
    if (type) counts.set(type, (counts.get(type) ?? 0) + countOf(shape));
  }
  const [type] = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  if (!type) return { type, smaller: [] };
  const others = besidesWeights(model).reduce((sum, { bytes }) => sum + bytes, 0);
  const smaller = (['float16', 'int8'] as const)
    .filter((precision) => BYTES_A_VALUE[precision] < BYTES_A_VALUE[type])
    .map((precision) => ({ precision, bytes: others + expectedBytes(weights, precision) }));
  return { type, smaller };
}

/**
 * Makes a stored model smaller: its weights in float16 or int8, with the errors that {@link convertCheckpoint} states, in one file. The
 * converted model takes the place of the one there was when it is complete; until then, and after a failure, that one stays.
 *
 * Progress is in bytes: first looked at, then written.
 *
 * @returns the model as it is stored now, and the tensors that stayed float32
 * @throws {RangeError} when its weights are as small already
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
  const { type, smaller } = await precisionOf(opened);
  if (!smaller.some((each) => each.precision === precision)) {
    throw new RangeError(
      `${id} is kept in ${type ?? 'integers'}, which ${precision} would not make smaller. For another precision, get the model anew and convert that.`,
    );
  }
  const paths = model.files.map(({ path }) => path);
  const weights = await openWeights(paths, opened.file);
  const converted = await convertCheckpoint(weights, precision, job);
  const others = besidesWeights(model);
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

function besidesWeights({ files }: StoredModel): StoredModel['files'] {
  return files.filter(({ path }) => !isWeights(path) && !path.endsWith(INDEX_SUFFIX));
}

function isWeights(path: string): boolean {
  return /^[^/]+\.safetensors$/.test(path);
}
