import { ByteReader, type PictureSize } from './bytes.ts';

/** BMP: the OS/2 header (12 bytes) has 16-bit sizes, all later ones 32-bit; a negative height means rows from the top. */
export function readBmpSize(bytes: Uint8Array): PictureSize {
  const reader = new ByteReader(bytes);
  if (reader.u32(14, true) === 12) return { width: reader.u16(18, true), height: reader.u16(20, true) };
  return { width: Math.abs(reader.i32(18, true)), height: Math.abs(reader.i32(22, true)) };
}
