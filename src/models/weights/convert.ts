import type { Job } from '../../common/job.ts';
import { type Checkpoint, rowsOf, type StoredTensor, scaleNameOf, zeroPointNameOf } from './checkpoint.ts';
import { countOf } from './header.ts';
import { fitsHalves, isFiniteThroughout, toHalves, toInt8Rows } from './quantize.ts';
import { isFloating } from './values.ts';
import { type NewTensor, sizeOfSafetensors, writeSafetensors } from './write.ts';

/** What weights are kept as: 2 or about 1 byte a value. */
export type Precision = 'float16' | 'int8';

/** A checkpoint in fewer bytes, ready to be written. */
export interface Converted {
  /** Of the file that is to come. */
  readonly bytes: number;
  /** Tensors left in float32: float16 cannot hold some value of theirs. */
  readonly keptFloat32: readonly string[];
  /** The file, in safetensors format, a piece a tensor. Can be asked for once more after a failure. */
  pieces(job?: Job): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;
}

// Below this, a table is a few kB in any type, and its rounding would be felt all the same.
const FEWEST_INT8_VALUES = 4096;
// Position tables are added to every token, so that their error goes into all: they stay float16, and are small.
const POSITIONS = /posit/i;

/**
 * Converts a checkpoint's weights. float16: every F32 and BF16 tensor becomes F16, within 2^-11 of each value (2^-25 where it is below
 * 2^-14). int8: tables of two and more axes, but for those of positions, become I8 with a scale a row (`x_scale`, F32), within 1/254
 * of the row's largest size; the rest as float16. A tensor that would lose more (a value beyond float16's range; for int8 an infinity
 * or NaN) keeps the wider type. Integers, and what is F16 or I8 already, stay as they are.
 *
 * Reads the file twice, a tensor at a time: once to see what fits, and once to write. Memory holds the largest tensor twice or so.
 *
 * @throws {InvalidWeights} when the file cannot be read, and what the signal's reason is
 */
export async function convertCheckpoint(
  checkpoint: Checkpoint,
  precision: Precision,
  { signal, onProgress }: Job = {},
): Promise<Converted> {
  const tensors: NewTensor[] = [];
  const keptFloat32: string[] = [];
  let done = 0;
  for (const entry of checkpoint.tensors.values()) {
    signal?.throwIfAborted();
    const dtype = await targetOf(checkpoint, entry, precision);
    if (dtype === 'F32') keptFloat32.push(entry.name);
    tensors.push(...convertTensor(checkpoint, entry, dtype));
    done += entry.end - entry.begin;
    onProgress?.(done, checkpoint.bytes, `Looking at ${entry.name}`);
  }
  const metadata = { ...Object.fromEntries(checkpoint.metadata), precision };
  const bytes = sizeOfSafetensors(tensors, metadata);
  return {
    bytes,
    keptFloat32,
    async *pieces(job: Job = {}) {
      let written = 0;
      for await (const piece of writeSafetensors(tensors, metadata)) {
        job.signal?.throwIfAborted();
        yield piece;
        written += piece.length;
        job.onProgress?.(written, bytes, `Converting to ${precision}`);
      }
    },
  };
}

/** Bytes of the file that {@link convertCheckpoint} gives where every value fits the type it is to have. Reads nothing. */
export function expectedBytes(checkpoint: Checkpoint, precision: Precision): number {
  const tensors = Array.from(checkpoint.tensors.values()).flatMap((entry) =>
    convertTensor(checkpoint, entry, wantedOf(checkpoint, entry, precision)),
  );
  return sizeOfSafetensors(tensors, { ...Object.fromEntries(checkpoint.metadata), precision });
}

type Target = 'as it is' | 'F32' | 'F16' | 'I8';

async function targetOf(checkpoint: Checkpoint, entry: StoredTensor, precision: Precision): Promise<Target> {
  const wanted = wantedOf(checkpoint, entry, precision);
  if (wanted === 'as it is') return wanted;
  const values = await checkpoint.floats(entry.name);
  if (wanted === 'I8' && isFiniteThroughout(values)) return 'I8';
  return fitsHalves(values) ? 'F16' : 'F32';
}

/** What a tensor is to become by its type and shape alone. */
function wantedOf(
  checkpoint: Checkpoint,
  { name, dtype, shape }: StoredTensor,
  precision: Precision,
): 'as it is' | 'F16' | 'I8' {
  const isScale =
    name.endsWith('_scale') && checkpoint.tensors.get(name.slice(0, -'_scale'.length))?.dtype === 'I8';
  if (!isFloating(dtype) || isScale) return 'as it is';
  const asInt8 =
    precision === 'int8' &&
    shape.length >= 2 &&
    countOf(shape) >= FEWEST_INT8_VALUES &&
    !POSITIONS.test(name) &&
    // A tensor of that name would be taken for its own.
    !checkpoint.has(scaleNameOf(name)) &&
    !checkpoint.has(zeroPointNameOf(name));
  if (asInt8) return 'I8';
  // F16 fits itself: nothing to look at.
  return dtype === 'F16' ? 'as it is' : 'F16';
}

function convertTensor(
  checkpoint: Checkpoint,
  { name, dtype, shape }: StoredTensor,
  target: Target,
): NewTensor[] {
  const floats = () => checkpoint.floats(name);
  switch (target) {
    case 'as it is':
      return [{ name, dtype, shape, bytes: () => checkpoint.bytesOf(name) }];
    case 'F32':
      return [{ name, dtype: 'F32', shape, bytes: async () => bytesOf(await floats()) }];
    case 'F16':
      return [{ name, dtype: 'F16', shape, bytes: async () => bytesOf(toHalves(await floats())) }];
    case 'I8': {
      const rows = rowsOf(shape);
      const quantized = async () => toInt8Rows(await floats(), rows);
      return [
        { name, dtype: 'I8', shape, bytes: async () => bytesOf((await quantized()).values) },
        {
          name: scaleNameOf(name),
          dtype: 'F32',
          shape: [rows],
          bytes: async () => bytesOf((await quantized()).scales),
        },
      ];
    }
  }
}

function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Int8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
