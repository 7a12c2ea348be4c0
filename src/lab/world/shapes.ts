import type { Level } from './factors.ts';

type Point = readonly [number, number];
/** Signed distance from the edge, negative inside; y points down. */
type Distance = (x: number, y: number) => number;

/** Signed distances of a shape on a grid, for quick look-ups. */
export interface ShapeField {
  /** cells × cells, row-major from the top left, in units of the shape's radius; negative inside. */
  readonly distances: Float32Array<ArrayBuffer>;
  readonly cells: number;
  /** The grid reaches from −reach to +reach. */
  readonly reach: number;
}

/** No shape is farther from its middle, in units of its radius. */
export const SHAPE_REACH = 1.35;

const CELLS = 96;
// What is beyond the shapes is room for soft shadows.
const REACH = 1.9;

const fields = new Map<Level<'shape'>, ShapeField>();

/** Made at the first call for a shape (some milliseconds), then kept. */
export function fieldOf(shape: Level<'shape'>): ShapeField {
  const known = fields.get(shape);
  if (known) return known;
  const distances = new Float32Array(CELLS * CELLS);
  const distance = DISTANCES[shape];
  const step = (2 * REACH) / (CELLS - 1);
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      distances[row * CELLS + column] = distance(column * step - REACH, row * step - REACH);
    }
  }
  const field = { distances, cells: CELLS, reach: REACH };
  fields.set(shape, field);
  return field;
}

/** The signed distance at a point, bilinear between the grid's; beyond the grid that of its border. */
export function distanceIn({ distances, cells, reach }: ShapeField, x: number, y: number): number {
  const scale = (cells - 1) / (2 * reach);
  const column = Math.min(cells - 1.001, Math.max(0, (x + reach) * scale));
  const row = Math.min(cells - 1.001, Math.max(0, (y + reach) * scale));
  const left = Math.floor(column);
  const top = Math.floor(row);
  const across = column - left;
  const at = top * cells + left;
  const a = distances[at] ?? 0;
  const b = distances[at + 1] ?? 0;
  const c = distances[at + cells] ?? 0;
  const d = distances[at + cells + 1] ?? 0;
  const upper = a + (b - a) * across;
  return upper + (c + (d - c) * across - upper) * (row - top);
}

function circle(x: number, y: number): number {
  return Math.hypot(x, y) - 1;
}

function ring(x: number, y: number): number {
  return Math.abs(Math.hypot(x, y) - 0.78) - 0.27;
}

/** Exact distance to a closed polygon; inside is where a ray to the right crosses it an odd number of times. */
function polygon(points: readonly Point[]): Distance {
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY;
    let isInside = false;
    let [fromX, fromY] = points.at(-1) ?? [0, 0];
    for (const [toX, toY] of points) {
      const alongX = toX - fromX;
      const alongY = toY - fromY;
      const share = ((x - fromX) * alongX + (y - fromY) * alongY) / (alongX ** 2 + alongY ** 2);
      const nearestShare = Math.min(1, Math.max(0, share));
      const offX = x - fromX - nearestShare * alongX;
      const offY = y - fromY - nearestShare * alongY;
      nearest = Math.min(nearest, offX ** 2 + offY ** 2);
      if (fromY > y !== toY > y && x < fromX + (alongX * (y - fromY)) / alongY) isInside = !isInside;
      fromX = toX;
      fromY = toY;
    }
    return (isInside ? -1 : 1) * Math.sqrt(nearest);
  };
}

/**
 * Moved to its middle and scaled so that neither area nor reach gives the shape away: the geometric mean of the radius of a circle
 * of the same area and of the farthest point is 1, as it is for the circle.
 */
function balanced(points: readonly Point[]): Point[] {
  let area = 0;
  let middleX = 0;
  let middleY = 0;
  let [fromX, fromY] = points.at(-1) ?? [0, 0];
  for (const [x, y] of points) {
    const cross = fromX * y - x * fromY;
    area += cross / 2;
    middleX += ((fromX + x) * cross) / 6;
    middleY += ((fromY + y) * cross) / 6;
    fromX = x;
    fromY = y;
  }
  middleX /= area;
  middleY /= area;
  const reach = Math.max(...points.map(([x, y]) => Math.hypot(x - middleX, y - middleY)));
  const scale = 1 / Math.sqrt(Math.sqrt(Math.abs(area) / Math.PI) * reach);
  return points.map(([x, y]) => [(x - middleX) * scale, (y - middleY) * scale]);
}

/** Points on a circle, the first at the top; every second one drawn in where `inner` is below 1. */
function corners(count: number, inner = 1): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const radius = i % 2 === 1 ? inner : 1;
    const angle = (2 * Math.PI * i) / count;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

function arc(x: number, y: number, radius: number, from: number, to: number, count: number): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = from + ((to - from) * i) / (count - 1);
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

function makeCross(arm: number): Point[] {
  const quarter: Point[] = [
    [-arm, -1],
    [arm, -1],
    [arm, -arm],
  ];
  // A quarter turn takes (x, y) to (−y, x).
  return [0, 1, 2, 3].flatMap((turns) =>
    quarter.map((point) => {
      let [x, y] = point;
      for (let turn = 0; turn < turns; turn++) [x, y] = [-y, x];
      return [x, y] as const;
    }),
  );
}

/** Two half circles on the sides of a square that stands on its corner. */
function makeHeart(): Point[] {
  const half = Math.SQRT1_2 / 2;
  return [
    ...arc(half, -half, 0.5, -0.75 * Math.PI, 0.25 * Math.PI, 16),
    [0, Math.SQRT1_2],
    ...arc(-half, -half, 0.5, 0.75 * Math.PI, 1.75 * Math.PI, 16),
  ];
}

/** A disc without a second disc, from horn to horn and back. */
function makeMoon(): Point[] {
  const offset = 0.5;
  const hole = 0.8;
  const hornX = (1 - hole ** 2 + offset ** 2) / (2 * offset);
  const hornY = Math.sqrt(1 - hornX ** 2);
  const outer = Math.atan2(hornY, hornX);
  const inner = Math.atan2(hornY, hornX - offset);
  return [
    ...arc(0, 0, 1, outer, 2 * Math.PI - outer, 32),
    ...arc(offset, 0, hole, 2 * Math.PI - inner, inner, 24).slice(1, -1),
  ];
}

const DISTANCES: Readonly<Record<Level<'shape'>, Distance>> = {
  circle,
  ring,
  square: polygon(
    balanced([
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ]),
  ),
  triangle: polygon(balanced(corners(3))),
  star: polygon(balanced(corners(10, 0.46))),
  cross: polygon(balanced(makeCross(0.36))),
  heart: polygon(balanced(makeHeart())),
  moon: polygon(balanced(makeMoon())),
};
