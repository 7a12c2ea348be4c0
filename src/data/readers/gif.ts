import { ByteReader, type PictureSize } from './bytes.ts';

/** GIF89a, §18: the logical screen follows the six bytes of the signature. */
export function readGifSize(bytes: Uint8Array): PictureSize {
  const reader = new ByteReader(bytes);
  return { width: reader.u16(6, true), height: reader.u16(8, true) };
}
