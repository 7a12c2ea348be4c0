import { UnreadableFile } from '../errors.ts';
import { ByteReader, type PictureSize } from './bytes.ts';

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** JPEG (ITU T.81, §B.2.2): walks the segments up to the frame header, which may lie behind megabytes of metadata. */
export function readJpegSize(bytes: Uint8Array): PictureSize {
  const reader = new ByteReader(bytes);
  let at = 2;
  for (;;) {
    if (reader.u8(at) !== 0xff)
      throw new UnreadableFile('is a damaged JPEG: its header does not hold together');
    const marker = reader.u8(at + 1);
    // Any number of fill bytes may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE)
      throw new UnreadableFile('is a damaged JPEG: its size is missing');
    if (isFrameHeader(marker)) return { height: reader.u16(at + 5), width: reader.u16(at + 7) };
    at += 2;
    if (!standsAlone(marker)) at += Math.max(2, reader.u16(at));
  }
}

/** SOF0 to SOF15 without DHT (c4), JPG (c8) and DAC (cc). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** TEM, RST0 to RST7 and SOI have no length. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}
