/**
 * The header of the safetensors format (https://github.com/huggingface/safetensors#format): eight bytes of its length, little-endian,
 * then JSON that gives each tensor's type, shape and place. The file is untrusted: nothing of it is used before all of this holds.
 */
import { z } from 'zod';
import { type ByteSource, readRange } from './byte-source.ts';
import { GET_ANEW, InvalidWeights, quote } from './errors.ts';
import { duplicateKey } from './json-keys.ts';

/** Bytes an element takes, of every type that has whole bytes. */
const WIDTHS = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type Dtype = keyof typeof WIDTHS;

/** A tensor as the header describes it. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Where its bytes lie in the file: from `begin` to before `end`. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** In the order in which they lie in the file. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bytes before the header's JSON. */
export const PREFIX_BYTES = 8;
// A checkpoint of 10,000 tensors needs about 1 MB. The reference implementation takes 100 MB, which a page would feel when parsing.
const MAX_HEADER_BYTES = 10_000_000;
// PyTorch's longest in common checkpoints are about 100.
const MAX_NAME_LENGTH = 500;
// No network names a tensor so; code that puts names into objects would be led astray.
const RESERVED_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const index = z.int().nonnegative();
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(index).max(16),
  data_offsets: z.tuple([index, index]),
});
const metadataSchema = z.record(z.string(), z.string());

/** Bytes an element of this type takes. */
export function widthOf(dtype: Dtype): number {
  return WIDTHS[dtype];
}

/** How many elements a tensor of this shape has; 1 without axes. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Reads and checks the header of a file.
 *
 * @throws {InvalidWeights} when it is not one, or a tensor has an unknown type, lies outside the file, overlaps another, leaves a gap,
 *   or has not the size that its type and shape ask for
 */
export async function readHeader(source: ByteSource): Promise<Header> {
  if (source.size < PREFIX_BYTES) throw tooShort(source.name, source.size);
  const length = headerLength(await readRange(source, 0, PREFIX_BYTES), source.name, source.size);
  const text = await readRange(source, PREFIX_BYTES, PREFIX_BYTES + length);
  return parseHeader(text, source.name, source.size);
}

/**
 * The length of the header's JSON, from the first eight bytes of a file.
 *
 * @param fileBytes size of the whole file; undefined while it is still coming in
 */
export function headerLength(
  prefix: Uint8Array<ArrayBuffer>,
  file: string,
  fileBytes: number | undefined,
): number {
  if (prefix.length < PREFIX_BYTES) throw tooShort(file, prefix.length);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new InvalidWeights(
      file,
      `its first bytes claim a header of ${length} bytes, and at most ${MAX_HEADER_BYTES} are read`,
      'It is probably of another format; a file that ends in .safetensors is needed.',
    );
  }
  if (fileBytes !== undefined && PREFIX_BYTES + Number(length) > fileBytes) {
    throw new InvalidWeights(
      file,
      `its header claims ${length} bytes, the file has ${fileBytes}`,
      'It was cut off or is of another kind; get it anew.',
    );
  }
  return Number(length);
}

/**
 * Checks the header's JSON.
 *
 * @param bytes the JSON, without the length before it
 * @param fileBytes size of the whole file; undefined while it is still coming in, and then the caller holds it to the tensors' end
 */
export function parseHeader(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  fileBytes: number | undefined,
): Header {
  const json = parseJson(bytes, file);
  const start = PREFIX_BYTES + bytes.length;
  const entries: TensorEntry[] = [];
  let metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') metadata = readMetadata(value, file);
    else entries.push(readEntry(name, value, start, file));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkPlaces(entries, start, file, fileBytes);
  return { tensors: new Map(entries.map((entry) => [entry.name, entry])), metadata };
}

function parseJson(bytes: Uint8Array<ArrayBuffer>, file: string): object {
  const broken = (what: string) => new InvalidWeights(file, what, GET_ANEW);
  let text: string;
  try {
    // A byte order mark is not part of the format: it stays, and is no '{'.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw broken('its header is not UTF-8 text');
  }
  if (!text.startsWith('{')) throw broken('its header does not begin with "{"');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw broken('its header is not JSON');
  }
  if (typeof json !== 'object' || json === null) throw broken('its header is not a JSON object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw broken(`its header has ${quote(twice)} twice`);
  return json;
}

function readMetadata(value: unknown, file: string): Map<string, string> {
  const metadata = metadataSchema.safeParse(value);
  if (metadata.success) return new Map(Object.entries(metadata.data));
  throw new InvalidWeights(file, 'its "__metadata__" is not a table of texts', GET_ANEW);
}

function readEntry(name: string, value: unknown, start: number, file: string): TensorEntry {
  const broken = (what: string, remedy = GET_ANEW) => new InvalidWeights(file, what, remedy, name);
  if (name === '' || name.length > MAX_NAME_LENGTH || RESERVED_NAMES.has(name)) {
    throw broken(`it has a tensor named ${quote(name)}, which is no name for one`);
  }
  const entry = entrySchema.safeParse(value);
  if (!entry.success) throw broken(`the header's entry for ${quote(name)} is not a tensor`);
  const { dtype, shape, data_offsets } = entry.data;
  if (!isDtype(dtype)) {
    const known = Object.keys(WIDTHS).join(', ');
    throw broken(
      `${quote(name)} has the unknown type ${quote(dtype)}`,
      `Save it as one of ${known}; F32, F16, BF16 and I8 can be run.`,
    );
  }
  const [begin, end] = data_offsets;
  if (begin > end) throw broken(`${quote(name)} ends at ${end}, before its begin at ${begin}`);
  const expected = countOf(shape) * WIDTHS[dtype];
  if (expected !== end - begin) {
    const what = shape.length === 0 ? 'a single number' : shape.join('×');
    throw broken(`${quote(name)} (${dtype}, ${what}) needs ${expected} bytes, has ${end - begin}`);
  }
  return { name, dtype, shape, begin: start + begin, end: start + end };
}

function checkPlaces(
  inOrder: readonly TensorEntry[],
  start: number,
  file: string,
  fileBytes: number | undefined,
): void {
  let at = start;
  for (const { name, begin, end } of inOrder) {
    const broken = (what: string) => new InvalidWeights(file, what, GET_ANEW, name);
    if (fileBytes !== undefined && end > fileBytes) {
      throw broken(`${quote(name)} ends at byte ${end}, the file at ${fileBytes}`);
    }
    if (begin < at) throw broken(`${quote(name)} overlaps the tensor before it`);
    if (begin > at) throw broken(`there is a gap of ${begin - at} bytes before ${quote(name)}`);
    at = end;
  }
  if (fileBytes !== undefined && at !== fileBytes) throw leftOver(file, fileBytes - at);
}

/** For bytes behind the last tensor. */
export function leftOver(file: string, bytes: number): InvalidWeights {
  return new InvalidWeights(file, `${bytes} bytes at its end belong to no tensor`, GET_ANEW);
}

function tooShort(file: string, bytes: number): InvalidWeights {
  return new InvalidWeights(file, `it has ${bytes} bytes, fewer than a header's length takes`, GET_ANEW);
}

function isDtype(text: string): text is Dtype {
  return Object.hasOwn(WIDTHS, text);
}
