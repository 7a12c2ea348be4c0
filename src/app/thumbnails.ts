import type { RgbaImage } from '../common/image.ts';
import type { Id } from '../data/item.ts';
import { library } from './services.ts';

/** A thumbnail has at most 128 × 128 × 4 bytes, so this is at most 128 MB. */
const MOST_KEPT = 2000;
/** Read and decoded at a time. */
const BATCH = 64;

/** Thumbnails in memory, the last used ones first to stay; the others are read from the library when they are wanted. */
const kept = new Map<Id, RgbaImage>();
const wanted = new Set<Id>();
const listeners = new Set<(ids: readonly Id[]) => void>();
let reading = false;

/** The thumbnail if it is in memory. */
export function thumbnailOf(id: Id): RgbaImage | undefined {
  const image = kept.get(id);
  if (image) {
    kept.delete(id);
    kept.set(id, image);
  }
  return image;
}

export function keepThumbnail(id: Id, image: RgbaImage): void {
  kept.set(id, image);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
}

/** Asks for thumbnails that are not in memory; `onThumbnails` hears of those that the library has. */
export function wantThumbnails(ids: Iterable<Id>): void {
  for (const id of ids) wanted.add(id);
  if (reading || wanted.size === 0) return;
  reading = true;
  readWanted()
    .catch((error: unknown) => console.warn('Thumbnails could not be read:', error))
    .finally(() => {
      reading = false;
    });
}

/** @returns a function that ends the subscription */
export function onThumbnails(listener: (ids: readonly Id[]) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function readWanted(): Promise<void> {
  const opened = await library();
  while (wanted.size > 0) {
    const ids = [...wanted].slice(0, BATCH);
    for (const id of ids) wanted.delete(id);
    const files = await opened.thumbnails(ids);
    const found = await Promise.all(
      [...files].map(async ([id, file]) => {
        const image = await decode(file).catch(() => undefined);
        if (image) keepThumbnail(id, image);
        return image ? [id] : [];
      }),
    );
    for (const listener of listeners) listener(found.flat());
  }
}

async function decode(file: Blob): Promise<RgbaImage> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser gives no 2D canvas.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data), width, height };
}
