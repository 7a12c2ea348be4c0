/** Pictures as a checkpoint wants them. */
import type { Framing, RgbaImage } from '../../common/image.ts';
import type { Preprocessing, Size } from './preprocess.ts';
import { onWhite, type RgbImage, resize } from './resize.ts';

/** A picture as the model takes it, side × side × 3, row-major. */
export function preparePicture(image: RgbaImage, how: Preprocessing): Float32Array<ArrayBuffer> {
  return normalize(framePicture(image, how), how);
}

/**
 * The square that the model sees, opaque: resized as Pillow does to the byte, and then cropped. To crop first and resize then is not the
 * same: pixels lie up to half a step elsewhere. Transparent parts are seen on white.
 */
export function framePicture(image: RgbaImage, how: Framing): RgbaImage {
  const { side } = how;
  const { picture, left, top } = cropMiddle(onWhite(image), how);
  const data = new Uint8ClampedArray(side * side * 4);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  for (let y = 0; y < picture.height; y++) {
    let from = y * picture.width * 3;
    let to = ((y + top) * side + left) * 4;
    for (let x = 0; x < picture.width; x++) {
      for (let channel = 0; channel < 3; channel++) data[to + channel] = picture.data[from + channel] ?? 0;
      from += 3;
      to += 4;
    }
  }
  return { data, width: side, height: side };
}

function normalize(
  { data }: RgbaImage,
  { side, scale, mean, deviation }: Preprocessing,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(side * side * 3);
  for (let channel = 0; channel < 3; channel++) {
    const [shift = 0, divisor = 1] = [mean[channel], deviation[channel]];
    for (let pixel = 0; pixel < side * side; pixel++)
      values[pixel * 3 + channel] = ((data[pixel * 4 + channel] ?? 0) * scale - shift) / divisor;
  }
  return values;
}

/** What of the resized picture is within the crop, and where in the crop it lies. */
function cropMiddle(
  image: RgbImage,
  { resize: to, filter, crop, cropRounding }: Framing,
): { readonly picture: RgbImage; readonly left: number; readonly top: number } {
  const size = to === undefined ? image : 'shortest' in to ? sizeByShortest(image, to.shortest) : to;
  const { width, height } = crop ?? size;
  const round = cropRounding === 'down' ? Math.floor : roundHalfToEven;
  const across = overlap(size.width, width, round);
  const down = overlap(size.height, height, round);
  const region = { left: across.from, top: down.from, width: across.length, height: down.length };
  return { picture: resize(image, size, filter, region), left: across.to, top: down.to };
}

/** Where a middle part begins in a length, how much of it there is, and where in the part that lies. */
function overlap(
  length: number,
  wanted: number,
  round: (x: number) => number,
): { readonly from: number; readonly to: number; readonly length: number } {
  const offset = round((length - wanted) / 2);
  return { from: Math.max(0, offset), to: Math.max(0, -offset), length: Math.min(length, wanted) };
}

function sizeByShortest({ width, height }: Size, shortest: number): Size {
  const scaled = (side: number) => Math.floor((shortest * side) / Math.min(width, height));
  return width <= height
    ? { width: shortest, height: scaled(height) }
    : { width: scaled(width), height: shortest };
}

function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
