import { type Trail, trailOf } from './paths.ts';
import type { Scene } from './scene.ts';
import { distanceIn, fieldOf, SHAPE_REACH } from './shapes.ts';

/** How long a trail is at most, as a share of the frame's side. */
const TRAIL_REACH = 0.5;

/** @throws {RangeError} for a side that is no whole number from 16 to 256 */
export function checkSide(side: number): void {
  if (!Number.isInteger(side) || side < 16 || side > 256) {
    throw new RangeError(`A picture's side is a whole number from 16 to 256 pixels. This one is ${side}.`);
  }
}

/**
 * Walks over the pixels that a shape can reach.
 *
 * @param grow pixels beyond its edge that count too
 * @param visit takes the pixel, the signed distance from the edge in pixels (negative inside), and the place in the shape's own
 *   turned frame in units of its radius
 */
export function overShape(
  scene: Scene,
  side: number,
  center: { readonly x: number; readonly y: number },
  grow: number,
  visit: (pixel: number, distance: number, u: number, v: number) => void,
): void {
  const { radius, turn } = scene.exact;
  const field = fieldOf(scene.levels.shape);
  const radiusPixels = radius * side;
  const reach = SHAPE_REACH * radiusPixels + grow + 1;
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const x = center.x * side;
  const y = center.y * side;
  const bottom = Math.min(side - 1, Math.ceil(y + reach));
  const right = Math.min(side - 1, Math.ceil(x + reach));
  for (let row = Math.max(0, Math.floor(y - reach)); row <= bottom; row++) {
    const down = (row + 0.5 - y) / radiusPixels;
    for (let column = Math.max(0, Math.floor(x - reach)); column <= right; column++) {
      const across = (column + 0.5 - x) / radiusPixels;
      const u = cos * across + sin * down;
      const v = cos * down - sin * across;
      const distance = distanceIn(field, u, v) * radiusPixels;
      if (distance < grow + 0.5) visit(row * side + column, distance, u, v);
    }
  }
}

/** Points of the scene's trail on the frame, `every` of its side apart along the way, from the thing to the trail's end; x and y in 0..1. */
export function alongTrail(scene: Scene, every: number, visit: (x: number, y: number) => void): void {
  const trail: Trail = trailOf(scene.levels.path);
  const { x, y, heading, hand } = scene.exact;
  const cos = TRAIL_REACH * Math.cos(heading);
  const sin = TRAIL_REACH * Math.sin(heading);
  const stride = (every / TRAIL_REACH / trail.length) * (trail.count - 1);
  for (let at = 0; at <= trail.count - 1; at += stride) {
    const point = 2 * Math.round(at);
    const along = trail.points[point] ?? 0;
    // To the left is up where one heads to the right, and pictures count from the top.
    const aside = -hand * (trail.points[point + 1] ?? 0);
    visit(x + cos * along - sin * aside, y + sin * along + cos * aside);
  }
}

/** Walks over the pixels of a small disc. `visit` takes the pixel and the signed distance from the edge in pixels. */
export function overDisc(
  side: number,
  x: number,
  y: number,
  radius: number,
  visit: (pixel: number, distance: number) => void,
): void {
  const middleX = x * side;
  const middleY = y * side;
  const pixels = radius * side;
  const bottom = Math.min(side - 1, Math.floor(middleY + pixels + 0.5));
  const right = Math.min(side - 1, Math.floor(middleX + pixels + 0.5));
  for (let row = Math.max(0, Math.floor(middleY - pixels - 0.5)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.floor(middleX - pixels - 0.5)); column <= right; column++) {
      const distance = Math.sqrt((column + 0.5 - middleX) ** 2 + (row + 0.5 - middleY) ** 2) - pixels;
      if (distance < 0.5) visit(row * side + column, distance);
    }
  }
}

/** How much of a pixel lies inside an edge at that signed distance, 0..1. */
export function coverage(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance));
}
