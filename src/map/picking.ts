import type { Camera } from './camera.ts';
import type { Detail, Thumbnail } from './level-of-detail.ts';
import type { Points } from './points.ts';
import { insidePolygon } from './shapes.ts';
import type { Point } from './types.ts';

/** How far beside a dot a pointer may be, CSS pixels: dots are smaller than fingers and hands are not still. */
const REACH = 5;

/**
 * The item drawn at a place: a thumbnail there, the topmost first; else the dot whose edge is nearest, within reach,
 * and of several equally near the one in front.
 *
 * One pass over all items: 10,000 take well under a millisecond, so no index is kept that motion would make stale.
 */
export function pick(
  x: number,
  y: number,
  points: Points,
  projected: Float32Array,
  thumbnails: readonly Thumbnail[],
  camera: Camera,
  detail: Detail,
): number | null {
  const hit = thumbnails.findLast(
    (thumbnail) =>
      Math.abs(x - thumbnail.x) <= thumbnail.halfWidth && Math.abs(y - thumbnail.y) <= thumbnail.halfHeight,
  );
  if (hit) return hit.index;
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < points.count; index++) {
    const at = index * 3;
    const depth = projected[at + 2] ?? 0;
    if (depth <= 0) continue;
    const radius = Math.min(14, Math.max(1.25, (detail.dotRadius * camera.distance) / depth));
    const away = Math.hypot((projected[at] ?? 0) - x, (projected[at + 1] ?? 0) - y) - radius;
    if (away > REACH || !points.has(index)) continue;
    const dimmed = points.weight(index) < 0.5 ? REACH : 0;
    const score = Math.max(0, away) + dimmed + depth / (camera.distance * 100);
    if (score >= least) continue;
    least = score;
    best = index;
  }
  return best;
}

/** Items whose middle is within the polygon on the screen, in order. */
export function pickWithin(
  polygon: readonly Point[],
  points: Points,
  projected: Float32Array,
): Uint32Array<ArrayBuffer> {
  const found: number[] = [];
  for (let index = 0; index < points.count; index++) {
    const at = index * 3;
    if (!points.has(index) || (projected[at + 2] ?? 0) <= 0) continue;
    if (insidePolygon(projected[at] ?? 0, projected[at + 1] ?? 0, polygon)) found.push(index);
  }
  return Uint32Array.from(found);
}
