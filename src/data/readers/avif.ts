import { UnreadableFile } from '../errors.ts';
import { ByteReader, type PictureSize } from './bytes.ts';

interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * AVIF (ISO/IEC 23008-12, §6.5.3): sizes stand in meta › iprp › ipco › ispe. A file has several (tiles, alpha,
 * a small copy); the largest is the picture, and the one that a limit has to hold.
 */
export function readAvifSize(bytes: Uint8Array): PictureSize {
  const reader = new ByteReader(bytes);
  let largest: PictureSize | undefined;
  for (const meta of boxes(reader, 0, reader.length, 'meta'))
    for (const iprp of boxes(reader, meta.start + 4, meta.end, 'iprp'))
      for (const ipco of boxes(reader, iprp.start, iprp.end, 'ipco'))
        for (const ispe of boxes(reader, ipco.start, ipco.end, 'ispe')) {
          const size = { width: reader.u32(ispe.start + 4), height: reader.u32(ispe.start + 8) };
          if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
        }
  if (!largest) throw new UnreadableFile('is a damaged AVIF: its size is missing');
  return largest;
}

function* boxes(reader: ByteReader, from: number, to: number, type: string): Generator<Box> {
  let at = from;
  while (at + 8 <= to) {
    const stated = reader.u32(at);
    const header = stated === 1 ? 16 : 8;
    const size = stated === 0 ? to - at : stated === 1 ? reader.u64(at + 8) : stated;
    if (size < header) throw new UnreadableFile('is a damaged AVIF: its parts do not hold together');
    if (reader.ascii(at + 4, 4) === type) yield { type, start: at + header, end: Math.min(at + size, to) };
    at += size;
  }
}
