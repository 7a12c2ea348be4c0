import type { Framing, PicturePreparation, RgbaImage } from '../../common/image.ts';
import { framePicture } from '../pictures/prepare.ts';
import type { PictureInput } from './plan.ts';
import type { Scale } from './settings.ts';

/**
 * How pictures are to be framed for a network: the central share of the shorter side, taken down with an antialiased filter, in a square
 * that holds what the network takes.
 *
 * @param crop share of the shorter side, 0..1]
 */
export function preparationFor({ width, height }: PictureInput, crop: number): PicturePreparation {
  const size = Math.max(width, height);
  const framing: Framing = {
    resize: { shortest: Math.round(size / crop) },
    filter: 'bilinear',
    crop: { width: size, height: size },
    cropRounding: 'down',
    side: size,
  };
  return { size, crop, framing };
}

/**
 * Pictures as the network takes them, n × height × width × channels, row-major.
 *
 * @param pictures squares of the preparation's size are taken as prepared; others are framed here
 */
export function pixelsOf(
  pictures: readonly RgbaImage[],
  { width, height, channels, isWhole }: PictureInput,
  scale: Scale,
  { size, framing }: PicturePreparation,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  const values = height * width * channels;
  const pixels = isWhole
    ? new Int32Array(pictures.length * values)
    : new Float32Array(pictures.length * values);
  const left = Math.floor((size - width) / 2);
  const top = Math.floor((size - height) / 2);
  let at = 0;
  for (const picture of pictures) {
    const isPrepared = picture.width === size && picture.height === size;
    // Framed in any case: it is there that transparent parts are laid on white.
    const { data } = framePicture(picture, {
      filter: 'bilinear',
      cropRounding: 'down',
      ...framing,
      side: size,
      resize: isPrepared ? undefined : framing?.resize,
      crop: isPrepared ? undefined : framing?.crop,
    });
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const pixel = (y * size + x) * 4;
        const [r = 0, g = 0, b = 0] = [data[pixel], data[pixel + 1], data[pixel + 2]];
        if (channels === 1) {
          // ITU-R BT.601, as Pillow and TensorFlow make gray.
          pixels[at++] = (0.299 * r + 0.587 * g + 0.114 * b) * scale.factor[0] + scale.shift[0];
        } else {
          pixels[at++] = r * scale.factor[0] + scale.shift[0];
          pixels[at++] = g * scale.factor[1] + scale.shift[1];
          pixels[at++] = b * scale.factor[2] + scale.shift[2];
        }
      }
    }
  }
  return pixels;
}
