import { formatBytes, formatCount, UnreadableFile } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { readAvifSize } from './avif.ts';
import { readBmpSize } from './bmp.ts';
import type { PictureSize } from './bytes.ts';
import { readGifSize } from './gif.ts';
import { readJpegSize } from './jpeg.ts';
import { readPngSize } from './png.ts';
import type { PictureFormat } from './sniff.ts';
import { readSvgSize } from './svg.ts';
import { readWebpSize } from './webp.ts';

interface PictureReader {
  /** MIME type */
  readonly type: string;
  readonly readSize: (bytes: Uint8Array) => PictureSize;
}

export const PICTURE_READERS: Readonly<Record<PictureFormat, PictureReader>> = {
  png: { type: 'image/png', readSize: readPngSize },
  jpeg: { type: 'image/jpeg', readSize: readJpegSize },
  webp: { type: 'image/webp', readSize: readWebpSize },
  avif: { type: 'image/avif', readSize: readAvifSize },
  gif: { type: 'image/gif', readSize: readGifSize },
  bmp: { type: 'image/bmp', readSize: readBmpSize },
  svg: { type: 'image/svg+xml', readSize: readSvgSize },
};

/**
 * Size of a picture from its header, held against the limits, so that nothing too large is ever decoded.
 *
 * @throws {UnreadableFile}
 */
export function readPictureSize(bytes: Uint8Array, format: PictureFormat): PictureSize {
  if (format === 'svg' && bytes.length > LIMITS.svgBytes)
    throw new UnreadableFile(
      `is ${formatBytes(bytes.length)}; an SVG may have up to ${formatBytes(LIMITS.svgBytes)}. Export it as PNG`,
    );
  const size = PICTURE_READERS[format].readSize(bytes);
  // A drawing has no pixels yet: it is drawn at the size that is needed.
  if (format === 'svg') return size;
  const { width, height } = size;
  if (width === 0 || height === 0)
    throw new UnreadableFile('is damaged: its header says that it has no pixels');
  const is = `is ${formatCount(width)} × ${formatCount(height)} pixels`;
  if (width * height > LIMITS.picturePixels)
    throw new UnreadableFile(
      `${is}; up to ${formatCount(LIMITS.picturePixels / 1e6)} megapixels are taken. Make it smaller first`,
    );
  if (Math.max(width, height) > LIMITS.pictureSide)
    throw new UnreadableFile(
      `${is}; browsers hold up to ${formatCount(LIMITS.pictureSide)} on a side. Make it smaller first`,
    );
  return size;
}
