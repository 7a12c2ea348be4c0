import type { Point } from './types.ts';

/** True when the point is within the closed polygon (even-odd rule). */
export function insidePolygon(x: number, y: number, polygon: readonly Point[]): boolean {
  let inside = false;
  let previous = polygon.at(-1);
  for (const corner of polygon) {
    if (previous && corner.y > y !== previous.y > y) {
      const crossing = ((previous.x - corner.x) * (y - corner.y)) / (previous.y - corner.y) + corner.x;
      if (x < crossing) inside = !inside;
    }
    previous = corner;
  }
  return inside;
}

/** The rectangle between two corners, as a polygon. */
export function rectangle(from: Point, to: Point): Point[] {
  return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
}
