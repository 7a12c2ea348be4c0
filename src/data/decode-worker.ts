import { expose, transfer } from 'comlink';
import type { PicturePreparation } from '../common/image.ts';
import { type Identified, identify } from './identify.ts';
import { type DecodedPicture, renderPicture } from './raster.ts';

/** A picture's bytes are read once and wait here between naming and decoding. */
const waiting = new Map<number, Blob>();
let tickets = 0;

const api = {
  /** `ticket` is given for pictures: `render` or `forget` it. Rejects only when the file cannot be read. */
  async identify(file: Blob, name: string): Promise<{ identified: Identified; ticket: number }> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const identified = await identify(bytes, name);
    const ticket = ++tickets;
    if (identified.kind === 'picture') waiting.set(ticket, new Blob([bytes], { type: identified.type }));
    return { identified, ticket };
  },

  /** Decodes the first frame, turned as EXIF says. */
  async render(ticket: number, preparation: PicturePreparation): Promise<DecodedPicture> {
    const file = waiting.get(ticket);
    if (!file) throw new Error('the picture is no longer held');
    waiting.delete(ticket);
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    return send(await renderPicture(bitmap, preparation, file.type === 'image/gif' ? undefined : file));
  },

  /** For drawings, which only the page can decode. */
  async renderBitmap(bitmap: ImageBitmap, preparation: PicturePreparation): Promise<DecodedPicture> {
    return send(await renderPicture(bitmap, preparation));
  },

  forget(ticket: number): void {
    waiting.delete(ticket);
  },
};

export type DecodeWorkerApi = typeof api;

function send(picture: DecodedPicture): DecodedPicture {
  return transfer(picture, [picture.thumbnail.data.buffer, picture.model.data.buffer]);
}

expose(api);
