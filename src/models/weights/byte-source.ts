import { InvalidWeights, quote } from './errors.ts';

/** Bytes that are read by range, so that a file larger than memory can be used. */
export interface ByteSource {
  /** What a person calls it, for messages. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from `begin` to before `end`; the caller keeps within 0 and `size`. May be a view of memory that others see. */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes in memory. Reads are views, not copies. */
export function sourceOfBytes(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>, name: string): ByteSource {
  const all = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return { name, size: all.length, read: async (begin, end) => all.subarray(begin, end) };
}

/** A Blob or a File: one that was dropped, unpacked, or kept in the browser's file system. Only what is asked for is read. */
export function sourceOfBlob(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}

/**
 * The bytes from `begin` to before `end`, all of them.
 *
 * @param tensor whose they are, for the message; none for the header
 * @throws {InvalidWeights} when they cannot be read
 */
export async function readRange(
  source: ByteSource,
  begin: number,
  end: number,
  tensor?: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const gone = (reason: string) =>
    new InvalidWeights(
      source.name,
      `${tensor === undefined ? 'its header' : quote(tensor)} could not be read (${reason})`,
      'The file was moved, changed or deleted after it was opened; open it again.',
      tensor,
    );
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await source.read(begin, end);
  } catch (error) {
    throw gone(error instanceof Error ? error.message : String(error));
  }
  if (bytes.length !== end - begin) throw gone(`${bytes.length} of ${end - begin} bytes came`);
  return bytes;
}
