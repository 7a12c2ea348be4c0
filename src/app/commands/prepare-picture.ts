import type { PicturePreparation, RgbaImage } from '../../common/image.ts';
import { decoder } from '../services.ts';

/**
 * The square of a picture file that the model looks at.
 * @throws {RangeError} with the reason when the file is no picture
 */
export async function preparePicture(
  file: Blob,
  name: string,
  preparation: PicturePreparation,
): Promise<RgbaImage> {
  const opened = await decoder().open(file, name);
  if (opened.identified.kind !== 'picture') {
    opened.close();
    const reason =
      opened.identified.kind === 'refused' ? opened.identified.reason : `${name} is not a picture.`;
    throw new RangeError(reason);
  }
  return (await opened.decode(preparation)).model;
}
