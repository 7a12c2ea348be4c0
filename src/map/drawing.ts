import type { ItemKind } from '../data/item.ts';
import type { Camera } from './camera.ts';
import type { LabelBox } from './label-layer.ts';
import { extentOf } from './level-of-detail.ts';
import type { Points } from './points.ts';
import type { Sight } from './sight.ts';
import type { Palette } from './theme.ts';

/** An item as it is drawn. Places and sizes are CSS pixels, from the map's top left. */
export interface DrawnItem {
  /** Its row. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** Of its dot. */
  readonly radius: number;
  readonly kind: ItemKind;
  /** sRGB, 0..255, where it was given one of its own; else it has the color of its kind. */
  readonly color: readonly [number, number, number] | undefined;
  /** How much of its color it keeps before the ground, 0..1: less when it is far away in space, or others are singled out. */
  readonly strength: number;
  readonly selected: boolean;
  /** Half the sides of its thumbnail, where one is drawn. */
  readonly thumbnail: { readonly halfWidth: number; readonly halfHeight: number } | undefined;
}

/** What is on a map, as plain data: for drawing it elsewhere. */
export interface MapDrawing {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  /** Those in view, in the order in which they are drawn. */
  readonly items: readonly DrawnItem[];
  readonly labels: readonly LabelBox[];
}

/** What stands out of the frame by less than this is seen in part. */
const ROOM = 20;
/** In space what is farther than everything else keeps this much less of its color. */
const FADE = 0.6;
/** What is left of the color of an item that is dimmed. */
const DIMMED = 0.15;

/** @param seen what is drawn now: items, camera and labels after the last frame */
export function describeDrawing(seen: {
  readonly points: Points;
  readonly sight: Sight;
  readonly camera: Camera;
  readonly palette: Palette;
  readonly labels: readonly LabelBox[];
}): MapDrawing {
  const { points, sight, camera, palette, labels } = seen;
  const { width, height } = camera;
  const { projected, detail } = sight;
  const thumbnails = new Map(
    sight.thumbnails.map(({ index, halfWidth, halfHeight }) => [index, { halfWidth, halfHeight }]),
  );
  const reach = extentOf(points) * 0.75;
  const found: (DrawnItem & { readonly depth: number })[] = [];
  for (let index = 0; index < points.count; index++) {
    const [x = 0, y = 0, depth = 0] = projected.subarray(index * 3, index * 3 + 3);
    const inView = x > -ROOM && y > -ROOM && x < width + ROOM && y < height + ROOM;
    if (!points.has(index) || depth <= 0 || !inView) continue;
    const [red, green, blue, own] = points.ownColor(index);
    const opacity = (points.colors[index * 4 + 3] ?? 255) / 255;
    const away = Math.min(1, Math.max(0, (depth - camera.distance + reach) / (2 * reach)));
    const fade = points.dimensions === 3 ? 1 - away * FADE : 1;
    found.push({
      index,
      x,
      y,
      depth,
      radius: Math.min(14, Math.max(1.25, (detail.dotRadius * camera.distance) / depth)),
      kind: points.kinds[index] ?? 'vector',
      color: own > 0 ? [red * 255, green * 255, blue * 255] : undefined,
      strength: (DIMMED + (opacity - DIMMED) * points.weight(index)) * fade,
      selected: points.selection.has(index),
      thumbnail: thumbnails.get(index),
    });
  }
  // The painter's: dimmed under plain under marked, far under near, dots under thumbnails under the dots of texts, and of
  // those alike the first on top.
  const layer = ({ index, selected }: DrawnItem) => (selected ? 2 : points.weight(index) < 0.5 ? 0 : 1);
  const kind = ({ kind, thumbnail }: DrawnItem) => (thumbnail ? 1 : kind === 'text' ? 2 : 0);
  found.sort((a, b) => layer(a) - layer(b) || b.depth - a.depth || kind(a) - kind(b) || b.index - a.index);
  return { width, height, palette, labels, items: found.map(({ depth: _, ...item }) => item) };
}
