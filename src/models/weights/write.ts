import { countOf, type Dtype, PREFIX_BYTES, widthOf } from './header.ts';

/** A tensor to be written; its bytes are asked for when their turn comes, and not kept. */
export interface NewTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Row-major, little-endian, exactly as many as type and shape ask for. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * A safetensors file, piece by piece: the header first, then a piece a tensor. Tensors of wide elements come first and the header is
 * padded, so that every tensor lies at a multiple of its element's width.
 *
 * @throws {RangeError} when two tensors have one name, or a tensor gives another number of bytes than it should
 */
export async function* writeSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const inOrder = widestFirst(tensors);
  yield header(inOrder, metadata);
  for (const tensor of inOrder) {
    const bytes = await tensor.bytes();
    if (bytes.length !== sizeOf(tensor))
      throw new RangeError(`"${tensor.name}" gave ${bytes.length} bytes, not ${sizeOf(tensor)}.`);
    yield bytes;
  }
}

/** Bytes of the file that {@link writeSafetensors} makes. */
export function sizeOfSafetensors(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>> = {},
): number {
  return tensors.reduce((sum, tensor) => sum + sizeOf(tensor), header(widestFirst(tensors), metadata).length);
}

function widestFirst(tensors: readonly NewTensor[]): NewTensor[] {
  return [...tensors].sort((a, b) => widthOf(b.dtype) - widthOf(a.dtype));
}

function sizeOf({ dtype, shape }: NewTensor): number {
  return countOf(shape) * widthOf(dtype);
}

function header(
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const entries = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) entries.set('__metadata__', metadata);
  let at = 0;
  for (const tensor of tensors) {
    if (entries.has(tensor.name)) throw new RangeError(`"${tensor.name}" is given twice.`);
    const end = at + sizeOf(tensor);
    entries.set(tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [at, end] });
    at = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  // Spaces behind the JSON are part of the format, and there for this.
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(PREFIX_BYTES + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, PREFIX_BYTES);
  return bytes;
}
