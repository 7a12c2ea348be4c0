import { UnreadableFile } from '../errors.ts';
import { ByteReader, type PictureSize } from './bytes.ts';

/** PNG (W3C, third edition, §11.2.1): the first chunk is IHDR, and it opens with width and height. */
export function readPngSize(bytes: Uint8Array): PictureSize {
  const reader = new ByteReader(bytes);
  if (reader.ascii(12, 4) !== 'IHDR') throw new UnreadableFile('is a damaged PNG: its header is missing');
  return { width: reader.u32(16), height: reader.u32(20) };
}
