import { z } from 'zod';
import { type ByteSource, readRange } from './byte-source.ts';
import { Checkpoint, type StoredTensor } from './checkpoint.ts';
import { GET_ANEW, InvalidWeights, quote } from './errors.ts';
import { headerLength, leftOver, PREFIX_BYTES, parseHeader, readHeader, type TensorEntry } from './header.ts';
import { duplicateKey } from './json-keys.ts';

/** The file that lists which shard holds which tensor, where a checkpoint is split over several. */
export const INDEX_SUFFIX = '.safetensors.index.json';

// As for a file's own header: 10,000 tensors need about 1 MB.
const MAX_INDEX_BYTES = 10_000_000;

const indexSchema = z.object({
  weight_map: z.record(z.string(), z.string().regex(/^[\w][\w.-]*\.safetensors$/)),
});

/**
 * Opens a file of weights: reads and checks its header, and nothing else yet.
 *
 * @throws {InvalidWeights} when the header is not one, or does not fit the file
 */
export async function readSafetensors(source: ByteSource): Promise<Checkpoint> {
  const { tensors, metadata } = await readHeader(source);
  const stored = new Map<string, StoredTensor>();
  for (const [name, entry] of tensors) stored.set(name, { ...entry, source });
  return new Checkpoint(source.name, stored, metadata);
}

/**
 * Opens a checkpoint that is split over several files.
 *
 * @param index its `model.safetensors.index.json`; says which shard each tensor is taken from
 * @param openShard the file of that name, which is a plain name without folders; undefined where it is missing
 * @throws {InvalidWeights} when the index or a shard is not one, a shard is missing, or has not the tensor it should have
 */
export async function readSharded(
  index: ByteSource,
  openShard: (file: string) => Promise<ByteSource | undefined>,
): Promise<Checkpoint> {
  const places = await readIndex(index);
  const shards = new Map<string, Checkpoint>();
  for (const file of new Set(places.values())) {
    const source = await openShard(file);
    if (!source)
      throw new InvalidWeights(
        index.name,
        `its part ${quote(file)} is missing`,
        'Add that file, or get the model anew.',
      );
    shards.set(file, await readSafetensors(source));
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, file] of places) {
    const entry = shards.get(file)?.tensors.get(name);
    if (!entry) throw new InvalidWeights(index.name, `${quote(file)} has no ${quote(name)}`, GET_ANEW, name);
    tensors.set(name, entry);
  }
  return new Checkpoint(index.name, tensors);
}

/** The shards that an index names, each once, at least one. @throws {InvalidWeights} */
export async function shardsOf(index: ByteSource): Promise<string[]> {
  return [...new Set((await readIndex(index)).values())];
}

async function readIndex(source: ByteSource): Promise<ReadonlyMap<string, string>> {
  const broken = (what: string) => new InvalidWeights(source.name, what, GET_ANEW);
  if (source.size > MAX_INDEX_BYTES)
    throw broken(`it has ${source.size} bytes, and at most ${MAX_INDEX_BYTES} are read`);
  const bytes = await readRange(source, 0, source.size);
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = JSON.parse(text);
  } catch {
    throw broken('it is not JSON');
  }
  const index = indexSchema.safeParse(json);
  if (!index.success) throw broken('it does not say which .safetensors file beside it holds which tensor');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw broken(`it has ${quote(twice)} twice`);
  const places = new Map(Object.entries(index.data.weight_map));
  if (places.size === 0) throw broken('it lists no tensor');
  return places;
}

/**
 * The tensors of a file one by one as it comes in, in the order in which they lie in it. Only one is held at a time.
 *
 * @param file its name, for messages
 * @throws {InvalidWeights} as {@link readSafetensors}, and when the stream ends before the last tensor or goes on behind it
 */
export async function* streamSafetensors(
  stream: AsyncIterable<Uint8Array<ArrayBuffer>>,
  file: string,
): AsyncGenerator<{ readonly entry: TensorEntry; readonly bytes: Uint8Array<ArrayBuffer> }, void, undefined> {
  const reader = new StreamReader(stream, file);
  try {
    const length = headerLength(await reader.take(PREFIX_BYTES), file, undefined);
    const { tensors } = parseHeader(await reader.take(length), file, undefined);
    for (const entry of tensors.values()) {
      yield { entry, bytes: await reader.take(entry.end - entry.begin) };
    }
    const more = await reader.rest();
    if (more > 0) throw leftOver(file, more);
  } finally {
    await reader.close();
  }
}

/** Gives a stream's bytes in pieces of the lengths that are asked for, whatever its own. */
class StreamReader {
  readonly #chunks: AsyncIterator<Uint8Array<ArrayBuffer>>;
  readonly #file: string;
  #left: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #taken = 0;

  constructor(stream: AsyncIterable<Uint8Array<ArrayBuffer>>, file: string) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#file = file;
  }

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    // Grows with what comes in: a header may claim terabytes, and memory is taken only for bytes that are there.
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let filled = 0;
    while (filled < length) {
      if (this.#left.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) {
          const had = this.#taken + filled;
          throw new InvalidWeights(
            this.#file,
            `it ends after ${had} bytes, in the middle of its data`,
            GET_ANEW,
          );
        }
        this.#left = next.value;
      }
      const piece = this.#left.subarray(0, length - filled);
      this.#left = this.#left.subarray(piece.length);
      pieces.push(piece);
      filled += piece.length;
    }
    this.#taken += length;
    return join(pieces, length);
  }

  /** How many bytes are left, read or not; at most a chunk is looked at. */
  async rest(): Promise<number> {
    while (this.#left.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return 0;
      this.#left = next.value;
    }
    return this.#left.length;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function join(pieces: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
