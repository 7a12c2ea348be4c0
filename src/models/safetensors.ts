/**
 * Reads the safetensors format (https://github.com/huggingface/safetensors#format): eight bytes of header length, a JSON header
 * that gives each tensor's type, shape and place, then the tensors. The file is untrusted: everything is checked before it is used.
 */
import { z } from 'zod';

/** A tensor as it lies in the file. `bytes` is a view, not a copy. */
export interface StoredTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What is wrong with a weights file, with the file and the tensor named. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

// The reference implementation's own bound. A real header is a few kB.
const MAX_HEADER_BYTES = 100_000_000;

const BYTES_PER_ELEMENT: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E5M2', 1],
  ['F8_E4M3', 1],
  ['U16', 2],
  ['I16', 2],
  ['F16', 2],
  ['BF16', 2],
  ['U32', 4],
  ['I32', 4],
  ['F32', 4],
  ['U64', 8],
  ['I64', 8],
  ['F64', 8],
]);

const index = z.int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(index).max(16),
  data_offsets: z.tuple([index, index]),
});
const headerSchema = z.record(z.string(), z.unknown());

/**
 * Every tensor of a file, by name.
 *
 * @param file its name, for messages
 * @throws {SafetensorsError} when the header is not one, or a tensor does not lie inside the file, overlaps another, leaves a gap,
 *   or has not the size that its type and shape ask for
 */
export function readSafetensors(buffer: ArrayBuffer, file: string): ReadonlyMap<string, StoredTensor> {
  const { header, start } = readHeader(buffer, file);
  const length = buffer.byteLength - start;
  const tensors = new Map<string, StoredTensor>();
  const places: { name: string; begin: number; end: number }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw broken(file, `the header's entry for ${quote(name)} is not a tensor`);
    const { dtype, shape, data_offsets } = entry.data;
    const [begin, end] = data_offsets;
    const width = BYTES_PER_ELEMENT.get(dtype);
    if (width === undefined) throw broken(file, `${quote(name)} has the unknown type ${quote(dtype)}`);
    if (begin > end || end > length) {
      throw broken(file, `${quote(name)} lies at ${begin}–${end}, outside the ${length} bytes of data`);
    }
    const expected = shape.reduce((product, size) => product * size, width);
    if (expected !== end - begin) {
      throw broken(
        file,
        `${quote(name)} (${dtype}, ${shape.join('×')}) needs ${expected} bytes, has ${end - begin}`,
      );
    }
    places.push({ name, begin, end });
    tensors.set(name, { type: dtype, shape, bytes: new Uint8Array(buffer, start + begin, end - begin) });
  }
  checkPlaces(places, length, file);
  return tensors;
}

/** The values of an F32 or F16 tensor. */
export function toFloat32(tensor: StoredTensor, name: string): Float32Array<ArrayBuffer> {
  const { bytes } = tensor;
  if (tensor.type === 'F32') return new Float32Array(bytes.slice().buffer);
  if (tensor.type !== 'F16') throw new SafetensorsError(`${quote(name)} is ${tensor.type}, not F32 or F16.`);
  const halves = new Uint16Array(bytes.slice().buffer);
  const table = halfTable();
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i] ?? 0] ?? 0;
  return values;
}

/** The values of an I8 tensor, as they are (a view, not a copy). */
export function toInt8(tensor: StoredTensor, name: string): Int8Array<ArrayBuffer> {
  if (tensor.type !== 'I8') throw new SafetensorsError(`${quote(name)} is ${tensor.type}, not I8.`);
  return new Int8Array(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.byteLength);
}

function readHeader(buffer: ArrayBuffer, file: string): { header: Record<string, unknown>; start: number } {
  if (buffer.byteLength < 8)
    throw broken(file, `it has ${buffer.byteLength} bytes, fewer than a header's length takes`);
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) throw broken(file, `its header claims ${length} bytes`);
  if (8 + length > buffer.byteLength) {
    throw broken(
      file,
      `its header claims ${length} bytes, the file has ${buffer.byteLength}; it was cut off or is of another kind`,
    );
  }
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, length));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw broken(file, 'its header is not JSON');
  }
  const header = headerSchema.safeParse(json);
  if (!header.success) throw broken(file, 'its header is not a JSON object');
  return { header: header.data, start: 8 + length };
}

function checkPlaces(
  places: { name: string; begin: number; end: number }[],
  length: number,
  file: string,
): void {
  places.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of places) {
    if (begin < at) throw broken(file, `${quote(name)} overlaps the tensor before it`);
    if (begin > at) throw broken(file, `there is a gap of ${begin - at} bytes before ${quote(name)}`);
    at = end;
  }
  if (at !== length) throw broken(file, `${length - at} bytes at its end belong to no tensor`);
}

let halves: Float32Array | undefined;

/** The value of every 16-bit float, by its bits: a look-up is faster than taking each apart. */
function halfTable(): Float32Array {
  if (halves) return halves;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[bits] = bits & 0x8000 ? -size : size;
  }
  halves = table;
  return table;
}

function broken(file: string, what: string): SafetensorsError {
  return new SafetensorsError(`${file} cannot be used as weights: ${what}.`);
}

/** A name from an untrusted file, short enough for a message. */
function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
