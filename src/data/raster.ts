import type { PicturePreparation, RgbaImage } from '../common/image.ts';
import { framePicture } from '../models/pictures/prepare.ts';
import { SIZES } from './limits.ts';
import type { PictureSize } from './readers/bytes.ts';
import { resampleSquare } from './resample.ts';

/** What is made of one picture. */
export interface DecodedPicture extends PictureSize {
  /** Longest side 128, proportions and transparency kept, never enlarged. */
  readonly thumbnail: RgbaImage;
  /** The thumbnail as JPEG, or PNG where there is transparency: what the library keeps. */
  readonly thumbnailFile: Blob;
  /** Longest side 512, never enlarged; the file itself where it is small, else JPEG, or WebP where there is transparency. */
  readonly preview: Blob;
  /** The central square that the model looks at, on white. */
  readonly model: RgbaImage;
}

/** A file up to this size is its own preview if its sides allow: nothing is gained by writing it anew. */
const SMALL_FILE = 100_000;

/**
 * Makes all sizes of a decoded picture. Works in a worker. Closes the bitmap.
 *
 * @param original  the file, where an `<img>` may show it as it is: no animation, no drawing
 */
export async function renderPicture(
  bitmap: ImageBitmap,
  preparation: PicturePreparation,
  original?: Blob,
): Promise<DecodedPicture> {
  const { width, height } = bitmap;
  const bitmaps: ImageBitmap[] = [bitmap];
  try {
    const preview = await shrink(bitmap, fitInside(bitmap, SIZES.preview));
    bitmaps.push(preview);
    const thumbnail = await shrink(preview, fitInside(bitmap, SIZES.thumbnail));
    bitmaps.push(thumbnail);
    const reduced = await (preparation.framing ? halve : cropSquare)(bitmap, preparation);
    bitmaps.push(reduced);
    const pixels = readPixels(thumbnail);
    const opaque = isOpaque(pixels);
    const isSmall = original && original.size <= SMALL_FILE && Math.max(width, height) <= SIZES.preview;
    return {
      width,
      height,
      thumbnail: pixels,
      // Chrome takes 9 ms to write a small WebP, 2 ms for a PNG and 1 ms for a JPEG.
      thumbnailFile: await encode(thumbnail, opaque ? 'image/jpeg' : 'image/png'),
      preview: isSmall ? original : await encode(preview, opaque ? 'image/jpeg' : 'image/webp'),
      model: preparation.framing
        ? framePicture(readPixels(reduced), preparation.framing)
        : resampleSquare(readPixels(reduced, 'white'), preparation.size),
    };
  } finally {
    for (const each of bitmaps) each.close();
  }
}

function isOpaque({ data }: RgbaImage): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/** The size with this longest side and the same proportions; never larger than it was, never below a pixel. */
export function fitInside(size: PictureSize, longest: number): PictureSize {
  const scale = Math.min(1, longest / Math.max(size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/**
 * Chrome's "medium" takes averages (mipmaps); its "high" is a cubic that skips pixels when shrinking: a chessboard of
 * single pixels stays at 42 of 255 instead of becoming an even gray.
 */
function shrink(bitmap: ImageBitmap, size: PictureSize): Promise<ImageBitmap> {
  return createImageBitmap(bitmap, {
    resizeWidth: size.width,
    resizeHeight: size.height,
    resizeQuality: 'medium',
  });
}

/** The central square, halved while it stays at least twice the size that is wanted: the exact rest is done by `resampleSquare`. */
function cropSquare(bitmap: ImageBitmap, { size, crop }: PicturePreparation): Promise<ImageBitmap> {
  const side = Math.max(1, Math.round(Math.min(bitmap.width, bitmap.height) * crop));
  const left = Math.floor((bitmap.width - side) / 2);
  const top = Math.floor((bitmap.height - side) / 2);
  let halved = side;
  while (halved >= size * 4) halved = Math.ceil(halved / 2);
  return createImageBitmap(bitmap, left, top, side, side, {
    resizeWidth: halved,
    resizeHeight: halved,
    resizeQuality: 'medium',
  });
}

/** All of the picture, halved while its shorter side stays at least twice what the model's own resizing makes of it. */
function halve(bitmap: ImageBitmap, { size, crop }: PicturePreparation): Promise<ImageBitmap> {
  let { width, height } = bitmap;
  while (Math.min(width, height) >= (size / crop) * 4) {
    width = Math.ceil(width / 2);
    height = Math.ceil(height / 2);
  }
  return width < bitmap.width ? shrink(bitmap, { width, height }) : createImageBitmap(bitmap);
}

function draw(bitmap: ImageBitmap, background?: string): OffscreenCanvasRenderingContext2D {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('this browser gives no canvas in a worker');
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, bitmap.width, bitmap.height);
  }
  context.drawImage(bitmap, 0, 0);
  return context;
}

function readPixels(bitmap: ImageBitmap, background?: string): RgbaImage {
  const { width, height } = bitmap;
  const { data } = draw(bitmap, background).getImageData(0, 0, width, height);
  return { data: new Uint8ClampedArray(data), width, height };
}

/** Where a browser cannot write WebP (Safari), it writes PNG instead: larger, and as good. */
function encode(bitmap: ImageBitmap, type: 'image/jpeg' | 'image/png' | 'image/webp'): Promise<Blob> {
  return draw(bitmap).canvas.convertToBlob({ type, quality: 0.85 });
}
