import { shorten } from './markup.ts';
import { layOutSheet, type Place, SCALE_WIDTH, SWATCH } from './sheet.ts';
import type { ColorScale, LegendEntry, Paint } from './svg.ts';
import { FONT, TITLE_LENGTH } from './svg-parts.ts';

export interface PngMap {
  readonly title?: string | undefined;
  /** What the map's `snapshot` gave. */
  readonly snapshot: Blob;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Maps side by side with their titles and a legend, as sharp as they were on the screen. One without either is its snapshot.
 *
 * @throws {Error} where the browser gives no 2D canvas, or not one so large
 */
export async function pngOf(
  maps: readonly PngMap[],
  legend: readonly LegendEntry[],
  paint: Paint,
  scale?: ColorScale | undefined,
): Promise<Blob> {
  const [only] = maps;
  if (only && maps.length === 1 && only.title === undefined && legend.length === 0 && !scale)
    return only.snapshot;
  const words = legend.map(({ label }) => shorten(label, TITLE_LENGTH));
  const sheet = layOutSheet(maps, words, scale !== undefined);
  const pictures = await Promise.all(maps.map(({ snapshot }) => createImageBitmap(snapshot)));
  const sharpness = Math.max(1, ...pictures.map((picture, at) => picture.width / (maps[at]?.width ?? 1)));
  const canvas = new OffscreenCanvas(
    Math.round(sheet.width * sharpness),
    Math.round(sheet.height * sharpness),
  );
  const context = canvas.getContext('2d');
  if (!context) {
    throw new Error(
      'This browser gives no 2D canvas for the picture. Make the window smaller, or export an SVG.',
    );
  }
  context.scale(sharpness, sharpness);
  context.fillStyle = paint.background;
  context.fillRect(0, 0, sheet.width, sheet.height);
  maps.forEach(({ title, width, height }, at) => {
    const { x, y } = sheet.maps[at] ?? { x: 0, y: 0 };
    const picture = pictures[at];
    if (picture) context.drawImage(picture, x, y, width, height);
    picture?.close();
    if (maps.length > 1) {
      context.strokeStyle = paint.border;
      context.strokeRect(x, y, width, height);
    }
    context.fillStyle = paint.label;
    context.font = `600 12px ${FONT}`;
    if (title !== undefined) context.fillText(title, x, y - 10);
  });
  context.font = `12px ${FONT}`;
  legend.forEach(({ color }, at) => {
    const { x, y } = sheet.entries[at] ?? { x: 0, y: 0 };
    context.fillStyle = color;
    context.beginPath();
    context.arc(x + 5, y - 4, 5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = paint.label;
    context.fillText(words[at] ?? '', x + SWATCH, y);
  });
  if (scale) drawScale(context, scale, sheet.scale, paint);
  return canvas.convertToBlob({ type: 'image/png' });
}

function drawScale(
  context: OffscreenCanvasRenderingContext2D,
  { title, ends, stops }: ColorScale,
  { x, y }: Place,
  paint: Paint,
): void {
  context.fillStyle = paint.label;
  context.font = `600 12px ${FONT}`;
  context.fillText(title, x, y + 12);
  const gradient = context.createLinearGradient(x, 0, x + SCALE_WIDTH, 0);
  stops.forEach((color, at) => {
    gradient.addColorStop(at / Math.max(1, stops.length - 1), color);
  });
  context.fillStyle = gradient;
  context.fillRect(x, y + 20, SCALE_WIDTH, 12);
  context.fillStyle = paint.label;
  context.font = `11px ${FONT}`;
  context.fillText(ends[0], x, y + 47);
  context.textAlign = 'end';
  context.fillText(ends[1], x + SCALE_WIDTH, y + 47);
}
