/** Maps as pictures and drawings, as they are on the screen. */
import type { RgbaImage } from '../../common/image.ts';
import { type Job, orAborted } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { pngOf } from '../../export/png.ts';
import { type EmbeddedPicture, paintOf, type SvgMap, svgOf } from '../../export/svg.ts';
import type { MapDrawing } from '../../map/drawing.ts';
import { palettes } from '../../map/theme.ts';
import type { MapPane } from '../../map/types.ts';
import { collection } from '../services.ts';
import { type ShownPane, shownMap } from '../shown-map.ts';
import { readApp } from '../store.ts';
import { thumbnailOf } from '../thumbnails.ts';
import { count } from '../words.ts';
import { colorsOf, type ExportedMap, nameOf } from './subject.ts';

/** A drawing with more than this in thumbnails opens slowly everywhere; the items beyond are dots. */
const MOST_PICTURE_BYTES = 8 * 2 ** 20;
/** Made at a time: the browser writes pictures beside the page, and a cancel is heard in between. */
const BATCH = 16;
/** A glide ends within this many milliseconds; a page that is hidden draws no frames, and would never be done. */
const REST_MS = 3_000;
/** Panes that were just asked for are on the screen within this many milliseconds, also where much else is computed. */
const SHOWN_MS = 30_000;
const LOOK_MS = 50;

export interface DrawnMap extends SvgMap {
  readonly map: MapPane;
}

/** The drawings of maps, once they are on the screen and rest. */
export async function drawMaps(maps: readonly ExportedMap[], job: Job): Promise<DrawnMap[]> {
  const shown = await comeOnScreen(maps, job);
  const found = shown.map((on, at) => ({
    ...on,
    title: maps[at]?.letter === undefined ? undefined : maps[at].title,
  }));
  const rest = Promise.race([
    Promise.all(found.map(({ map }) => map.settled())),
    new Promise((resolve) => setTimeout(resolve, REST_MS)),
  ]);
  await orAborted(rest, job.signal);
  return found.map(({ map, ids, title }) => ({ map, ids, title, nameOf, drawing: map.drawing() }));
}

/** A comparison's panes come a moment after their layouts, and so does the map when it is left. */
async function comeOnScreen(
  maps: readonly ExportedMap[],
  { signal, onProgress }: Job,
): Promise<readonly ShownPane[]> {
  const end = performance.now() + SHOWN_MS;
  for (;;) {
    signal?.throwIfAborted();
    const shown = shownMap()?.panes() ?? [];
    const found = maps.flatMap(({ pane }) => shown.find((each) => each.pane === pane) ?? []);
    if (found.length === maps.length) return found;
    if (performance.now() > end) {
      throw new Error(
        `${maps.length === 1 ? 'The map' : 'A pane'} did not come on the screen within ${SHOWN_MS / 1000} s. Export again once it is there.`,
      );
    }
    onProgress?.(0, 0, 'Waiting for the map to be drawn');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export async function exportPng(maps: readonly ExportedMap[], job: Job): Promise<Blob> {
  const drawn = await drawMaps(maps, job);
  const taken = [];
  for (const { map, title, drawing } of drawn) {
    const { width, height } = drawing;
    taken.push({ title, width, height, snapshot: await map.snapshot() });
  }
  const { legend, scale } = colorsOf(maps);
  return pngOf(taken, legend, paintOf(palettes[readApp().theme]), scale);
}

export async function exportSvg(
  maps: readonly ExportedMap[],
  options: Job & { readonly thumbnails?: boolean | undefined },
): Promise<Blob> {
  const drawn = await drawMaps(maps, options);
  const pictures = options.thumbnails === false ? undefined : await thumbnailsIn(drawn, options);
  const svg = svgOf(drawn, {
    title: `Nearfield: ${maps.map(({ title }) => title).join('; ')}`,
    description: describeDrawings(drawn),
    ...colorsOf(maps),
    pictures,
  });
  return new Blob([svg], { type: 'image/svg+xml' });
}

/** A sentence on what is seen on each. */
export function describeDrawings(drawn: readonly SvgMap[]): string {
  return drawn
    .map(({ drawing, ids, title }) => {
      const { length } = drawing.items;
      const seen =
        length === ids.length ? count(length, 'item') : `${length} of ${count(ids.length, 'item')}`;
      return `${title === undefined ? '' : `${title}. `}${seen} in view. Items that are alike lie near each other.`;
    })
    .join(' ');
}

/** The thumbnails that are drawn now, each once, until they take too much. */
export async function thumbnailsIn(
  drawn: readonly { readonly drawing: MapDrawing; readonly ids: readonly Id[] }[],
  { signal, onProgress }: Job,
): Promise<Map<Id, EmbeddedPicture>> {
  const wanted = new Set(
    drawn.flatMap(({ drawing, ids }) =>
      drawing.items.filter(({ thumbnail }) => thumbnail).map(({ index }) => ids[index] ?? ''),
    ),
  );
  const pictures = new Map<Id, EmbeddedPicture>();
  const ids = [...wanted];
  let bytes = 0;
  for (let at = 0; at < ids.length && bytes < MOST_PICTURE_BYTES; at += BATCH) {
    signal?.throwIfAborted();
    onProgress?.(at, ids.length, 'Thumbnails');
    const made = await Promise.all(ids.slice(at, at + BATCH).map(pictureOf));
    for (const picture of made) {
      if (!picture) continue;
      bytes += picture.href.length;
      if (bytes > MOST_PICTURE_BYTES) break;
      pictures.set(picture.id, picture);
    }
  }
  return pictures;
}

async function pictureOf(id: Id): Promise<(EmbeddedPicture & { readonly id: Id }) | undefined> {
  const image = collection.has(id) ? thumbnailOf(id) : undefined;
  if (!image) return undefined;
  const { width, height } = image;
  return { id, href: await dataUrlOf(await jpegOf(image)), width, height };
}

/** On the ground that thumbnails have on the map, for JPEG has no transparency; every program that reads SVG reads JPEG. */
function jpegOf({ data, width, height }: RgbaImage): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no 2D canvas. Export without thumbnails.');
  context.putImageData(new ImageData(data, width, height), 0, 0);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = paintOf(palettes.light).card;
  context.fillRect(0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

export function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
