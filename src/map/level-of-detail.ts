import type { Atlas, Cell } from './atlas.ts';
import type { Camera } from './camera.ts';
import type { Points } from './points.ts';

/** A thumbnail to draw. */
export interface Thumbnail {
  readonly index: number;
  readonly cell: Cell;
  /** Middle on the screen and half the size, CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly depth: number;
}

export interface Detail {
  /** Radius of a dot at the target's depth, CSS pixels. */
  readonly dotRadius: number;
  /** Longer side of a thumbnail at the target's depth, CSS pixels. */
  readonly thumbnailSize: number;
  /** 0 (dots only) to 1: thumbnails fade in over their dots as they grow. */
  readonly thumbnailOpacity: number;
}

// Below this many pixels a picture says no more than a dot; it fades in up to the second.
const WORTH_FROM = 15;
const WORTH_FULL = 20;
/** In space, one far away stays a dot below this. */
const LEAST_SIZE = 9;
const MAX_SIZE = 72;
const MIN_DOT = 2.2;
const MAX_DOT = 7;
/** The most thumbnails drawn in a frame; those nearest to the camera, or first in order, win. */
const MAX_DRAWN = 1500;

/**
 * How large things are drawn, from how far apart they would be if they were spread evenly.
 *
 * @param extent world units: square root of the area (of the two longer sides) that the items take
 */
export function detailFor(
  count: number,
  extent: number,
  camera: Pick<Camera, 'pixelsPerUnit' | 'width' | 'height'>,
): Detail {
  const spacing = (extent / Math.sqrt(Math.max(1, count))) * camera.pixelsPerUnit;
  const fitted = Math.min(camera.width, camera.height) / Math.sqrt(Math.max(1, count));
  // Growing slower than the ground does lets items that overlap come apart when one zooms in.
  const size = Math.min(MAX_SIZE, 0.95 * fitted * (spacing / fitted) ** 0.75);
  return {
    dotRadius: Math.min(MAX_DOT, Math.max(MIN_DOT, 0.17 * spacing)),
    thumbnailSize: size,
    thumbnailOpacity: Math.min(1, Math.max(0, (size - WORTH_FROM) / (WORTH_FULL - WORTH_FROM))),
  };
}

/** Square root of the area that the items take, from their box. */
export function extentOf(points: Points): number {
  const bounds = points.bounds();
  if (!bounds) return 1;
  const sides = bounds.max.map((value, axis) => value - (bounds.min[axis] ?? 0)).sort((a, b) => b - a);
  const [longest = 0, second = 0] = sides;
  // All on a line, or one alone: the other side is taken as a tenth.
  return Math.sqrt(longest * Math.max(second, longest * 0.1)) || 1;
}

/**
 * Thumbnails in view, in the order they are drawn: what is far first, what is marked last.
 *
 * @param projected count × 3: x, y, depth
 * @returns also `missing`: items in view that would be drawn so but have no picture, no more than the atlas has room for
 */
export function chooseThumbnails(
  points: Points,
  projected: Float32Array,
  atlas: Atlas,
  camera: Camera,
  detail: Detail,
): { chosen: Thumbnail[]; missing: number[] } {
  const missing: number[] = [];
  const chosen: Thumbnail[] = [];
  if (detail.thumbnailOpacity === 0) return { chosen, missing };
  for (let index = 0; index < points.count; index++) {
    if (points.kinds[index] !== 'picture' || !points.has(index)) continue;
    const at = index * 3;
    const depth = projected[at + 2] ?? 0;
    if (depth <= 0) continue;
    const side = Math.min(MAX_SIZE * 1.5, (detail.thumbnailSize * camera.distance) / depth);
    if (side < LEAST_SIZE) continue;
    const x = projected[at] ?? 0;
    const y = projected[at + 1] ?? 0;
    const half = side / 2;
    if (x < -half || y < -half || x > camera.width + half || y > camera.height + half) continue;
    const id = points.ids[index] ?? '';
    const cell = atlas.cell(id);
    if (!cell) {
      missing.push(index);
      continue;
    }
    const longer = Math.max(cell.width, cell.height);
    const scale = index === points.hovered ? 1.25 : 1;
    chosen.push({
      index,
      cell,
      x,
      y,
      depth,
      halfWidth: (half * scale * cell.width) / longer,
      halfHeight: (half * scale * cell.height) / longer,
    });
  }
  const rank = (index: number) =>
    index === points.hovered ? 3 : points.selection.has(index) ? 2 : points.weight(index);
  chosen.sort((a, b) => rank(a.index) - rank(b.index) || b.depth - a.depth || b.index - a.index);
  const drawn = chosen.length > MAX_DRAWN ? chosen.slice(-MAX_DRAWN) : chosen;
  for (const thumbnail of drawn) atlas.touch(points.ids[thumbnail.index] ?? '');
  // Asking for more than there is room for would have them push each other out for ever.
  missing.length = Math.min(missing.length, Math.max(0, Math.min(MAX_DRAWN, atlas.capacity) - chosen.length));
  return { chosen: drawn, missing };
}
