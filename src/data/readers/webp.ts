import { UnreadableFile } from '../errors.ts';
import { ByteReader, type PictureSize } from './bytes.ts';

/** WebP (RFC 9649): the first chunk is VP8X (canvas size), VP8 (lossy) or VP8L (lossless). */
export function readWebpSize(bytes: Uint8Array): PictureSize {
  const reader = new ByteReader(bytes);
  const chunk = reader.ascii(12, 4);
  if (chunk === 'VP8X') return { width: 1 + u24(reader, 24), height: 1 + u24(reader, 27) };
  if (chunk === 'VP8 ')
    return { width: reader.u16(26, true) & 0x3fff, height: reader.u16(28, true) & 0x3fff };
  if (chunk === 'VP8L') {
    const bits = reader.u32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  throw new UnreadableFile('is a damaged WebP: its first part is unknown');
}

function u24(reader: ByteReader, at: number): number {
  return reader.u16(at, true) + reader.u8(at + 2) * 2 ** 16;
}
