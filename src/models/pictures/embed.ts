/** Pictures through a network that takes them as a checkpoint says. */
import type { PicturePreparation, RgbaImage } from '../../common/image.ts';
import type { PictureEmbedding } from '../embedder.ts';
import { unitRow } from '../unit-row.ts';
import { preparePicture } from './prepare.ts';
import type { Preprocessing } from './preprocess.ts';

/**
 * Embeds a batch of pictures; rows have unit length and are those of the joint space, too. Pictures that are squares of `how.side` are
 * taken as prepared (`framePicture`, or near it); others are prepared as the checkpoint says.
 *
 * @param model what it is called in messages
 * @param encode n × side × side × 3 values to n rows
 * @throws {NotFinite} when something in a row is no number
 */
export async function embedPictures(
  batch: readonly RgbaImage[],
  how: Preprocessing,
  model: string,
  encode: (pixels: Float32Array) => Promise<Float32Array>,
): Promise<PictureEmbedding[]> {
  const values = how.side ** 2 * 3;
  const pixels = new Float32Array(batch.length * values);
  for (const [at, picture] of batch.entries()) {
    const isPrepared = picture.width === how.side && picture.height === how.side;
    const steps = isPrepared ? { ...how, resize: undefined, crop: undefined } : how;
    pixels.set(preparePicture(picture, steps), at * values);
  }
  const rows = await encode(pixels);
  return batch.map((_, at) => {
    const own = unitRow(rows, at, rows.length / batch.length, model);
    return { joint: own, picture: own, guesses: [] };
  });
}

/** As one square crop too. Where the checkpoint squashes the whole picture into a square, its middle is the nearest to that. */
export function preparationOf({
  resize,
  filter,
  crop,
  cropRounding,
  side,
}: Preprocessing): PicturePreparation {
  const share = resize && 'shortest' in resize ? Math.min(1, side / resize.shortest) : 1;
  return { size: side, crop: share, framing: { resize, filter, crop, cropRounding, side } };
}
