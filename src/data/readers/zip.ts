import { formatBytes, formatCount, UnreadableFile } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { ByteReader } from './bytes.ts';

/** A file in a zip. Nothing is unpacked until `open`. */
export interface ZipEntry {
  readonly path: string;
  /** Unpacked, as the zip states it; `open` holds the entry to it. */
  readonly size: number;
  /** @throws {UnreadableFile} when the entry is encrypted, damaged, too large or packed in an unknown way */
  open(): Promise<Blob>;
}

interface Record {
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  /** Of the entry's own header, from the start of the file. */
  readonly offset: number;
}

const END_RECORD = 'PK\x05\x06';
const END_RECORD_LENGTH = 22;
const END64_LOCATOR = 'PK\x06\x07';
const END64_LOCATOR_LENGTH = 20;
const LONGEST_COMMENT = 65_535;
const CENTRAL_LENGTH = 46;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;
const UTF8_FLAG = 2 ** 11;
/** Marks a field whose value stands in the zip64 part. */
const ELSEWHERE_16 = 0xffff;
const ELSEWHERE_32 = 0xffff_ffff;

/**
 * Lists a zip's files from the directory at its end (PKWARE APPNOTE 6.3.10), without unpacking: the zip is read where needed,
 * so it need not fit in memory. What the directory states is checked against the limits first.
 *
 * @param largest bytes of a file in it that is opened; of a picture unless told
 * @throws {UnreadableFile} when it is no zip, damaged, or beyond the limits
 */
export async function readZip(zip: Blob, largest: number = LIMITS.pictureBytes): Promise<ZipEntry[]> {
  if (zip.size > LIMITS.zipBytes)
    throw new UnreadableFile(
      `is ${formatBytes(zip.size)}; zips up to ${formatBytes(LIMITS.zipBytes)} are opened. Unpack it and drop the folder`,
    );
  const directory = await readDirectory(zip);
  const records = parseDirectory(directory.reader, directory.count);
  checkBomb(records, zip.size);
  return records
    .filter((record) => !record.path.endsWith('/'))
    .map((record) => ({
      path: record.path,
      size: record.size,
      open: () => openEntry(zip, record, largest),
    }));
}

async function readDirectory(zip: Blob): Promise<{ reader: ByteReader; count: number }> {
  const tailStart = Math.max(0, zip.size - END_RECORD_LENGTH - LONGEST_COMMENT - END64_LOCATOR_LENGTH);
  const tail = await read(zip, tailStart, zip.size);
  let end = tail.length - END_RECORD_LENGTH;
  while (end >= 0 && !tail.matches(end, END_RECORD)) end--;
  if (end < 0) throw damaged('its directory is missing, as when a download was cut short');
  let count = tail.u16(end + 10, true);
  let size = tail.u32(end + 12, true);
  let offset = tail.u32(end + 16, true);
  if (count === ELSEWHERE_16 || size === ELSEWHERE_32 || offset === ELSEWHERE_32) {
    const locator = end - END64_LOCATOR_LENGTH;
    if (locator < 0 || !tail.matches(locator, END64_LOCATOR)) throw damaged('its directory is missing');
    const at = tail.u64(locator + 8, true);
    const end64 = await read(zip, at, at + 56);
    count = end64.u64(32, true);
    size = end64.u64(40, true);
    offset = end64.u64(48, true);
  }
  if (count > LIMITS.zipEntries)
    throw new UnreadableFile(
      `holds ${formatCount(count)} files; zips with up to ${formatCount(LIMITS.zipEntries)} are opened. Split it`,
    );
  if (offset + size > zip.size) throw damaged('its directory points past its end');
  return { reader: await read(zip, offset, offset + size), count };
}

function parseDirectory(reader: ByteReader, count: number): Record[] {
  const records: Record[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (!reader.matches(at, 'PK\x01\x02')) throw damaged('its directory does not hold together');
    const nameLength = reader.u16(at + 28, true);
    const extraLength = reader.u16(at + 30, true);
    const flags = reader.u16(at + 8, true);
    const name = reader.bytes(at + CENTRAL_LENGTH, nameLength);
    const values = {
      size: reader.u32(at + 24, true),
      packed: reader.u32(at + 20, true),
      offset: reader.u32(at + 42, true),
    };
    readZip64Extra(reader, at + CENTRAL_LENGTH + nameLength, extraLength, values);
    records.push({
      path: decodeName(name, (flags & UTF8_FLAG) !== 0),
      flags,
      method: reader.u16(at + 10, true),
      checksum: reader.u32(at + 16, true),
      ...values,
    });
    at += CENTRAL_LENGTH + nameLength + extraLength + reader.u16(at + 32, true);
  }
  return records;
}

/** Replaces what did not fit in 32 bits, in the order that the format fixes. */
function readZip64Extra(
  reader: ByteReader,
  start: number,
  length: number,
  values: { size: number; packed: number; offset: number },
): void {
  let at = start;
  while (at + 4 <= start + length) {
    const id = reader.u16(at, true);
    if (id === 1) {
      let field = at + 4;
      for (const key of ['size', 'packed', 'offset'] as const)
        if (values[key] === ELSEWHERE_32) {
          values[key] = reader.u64(field, true);
          field += 8;
        }
    }
    at += 4 + reader.u16(at + 2, true);
  }
}

/** Old tools wrote names in the system's own code page; UTF-8 is by far the commonest, and Latin-1 never fails. */
function decodeName(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !isUtf8 }).decode(bytes).replaceAll('\\', '/');
  } catch {
    return new TextDecoder('windows-1252').decode(bytes).replaceAll('\\', '/');
  }
}

function checkBomb(records: readonly Record[], zipSize: number): void {
  const total = records.reduce((sum, record) => sum + record.size, 0);
  if (total > LIMITS.zipUnpackedBytes)
    throw new UnreadableFile(
      `unpacks to ${formatBytes(total)}; up to ${formatBytes(LIMITS.zipUnpackedBytes)} are unpacked from one zip`,
    );
  if (total > LIMITS.zipRatioFrom && total > zipSize * LIMITS.zipRatio)
    throw new UnreadableFile(
      `is ${formatBytes(zipSize)} and would unpack to ${formatBytes(total)}: that is a zip bomb, which is not opened`,
    );
  const inOrder = [...records].sort((a, b) => a.offset - b.offset);
  inOrder.forEach((record, i) => {
    const next = inOrder[i + 1];
    if (next && record.offset + LOCAL_LENGTH + record.packed > next.offset)
      throw new UnreadableFile(
        'holds files that overlap one another: that is a zip bomb, which is not opened',
      );
  });
}

async function openEntry(zip: Blob, record: Record, largest: number): Promise<Blob> {
  if (record.flags & ENCRYPTED_FLAG)
    throw new UnreadableFile('is locked with a password; unpack the zip first');
  if (record.method !== STORED && record.method !== DEFLATED)
    throw new UnreadableFile('is packed in a way that is not read (only stored and deflated); pack it anew');
  if (record.size > largest)
    throw new UnreadableFile(
      `is ${formatBytes(record.size)}; files up to ${formatBytes(largest)} are read. Make it smaller first`,
    );
  const local = await read(zip, record.offset, record.offset + LOCAL_LENGTH);
  if (!local.matches(0, 'PK\x03\x04')) throw damagedEntry();
  const start = record.offset + LOCAL_LENGTH + local.u16(26, true) + local.u16(28, true);
  const packed = zip.slice(start, start + record.packed);
  if (packed.size !== record.packed) throw damagedEntry();
  const bytes = await unpack(packed, record);
  if (crc32(bytes) !== record.checksum) throw damagedEntry();
  return new Blob([bytes]);
}

/** Stops as soon as an entry holds more than it stated: whatever a bomb says, it takes no more memory than that. */
async function unpack(packed: Blob, record: Record): Promise<Uint8Array<ArrayBuffer>> {
  if (record.method === STORED) {
    if (record.size !== record.packed) throw damagedEntry();
    return new Uint8Array(await packed.arrayBuffer());
  }
  const bytes = new Uint8Array(record.size);
  let filled = 0;
  const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > bytes.length) {
        await reader.cancel();
        throw damagedEntry();
      }
      bytes.set(value, filled);
      filled += value.length;
    }
  } catch (error) {
    // The stream says "invalid distance" and the like; the file is gone only if the slice itself cannot be read.
    if (error instanceof TypeError) throw damagedEntry();
    throw error;
  }
  if (filled !== bytes.length) throw damagedEntry();
  return bytes;
}

async function read(zip: Blob, from: number, to: number): Promise<ByteReader> {
  return new ByteReader(new Uint8Array(await zip.slice(from, to).arrayBuffer()));
}

function damaged(how: string): UnreadableFile {
  return new UnreadableFile(`is a damaged zip: ${how}`);
}

function damagedEntry(): UnreadableFile {
  return new UnreadableFile('is damaged inside the zip');
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as zip uses it (ISO 3309). The browser's inflater does not check it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) crc = (CRC_TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
