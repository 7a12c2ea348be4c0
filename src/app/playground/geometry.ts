import { distance, type PlaneMetric } from './measures.ts';
import { EXTENT, type Point } from './plane.ts';

/** Degrees between the two directions from the origin, 0 to 180; undefined where a point lies on it and has none. */
export function angleBetween(a: Point, b: Point): number | undefined {
  if (isOrigin(a) || isOrigin(b)) return undefined;
  return degrees(Math.abs(turn(a, b)));
}

/** Points of the arc about the origin from the direction of `a` to that of `b`, the shorter way round. */
export function arcBetween(a: Point, b: Point, radius: number): Point[] {
  const start = Math.atan2(a.y, a.x);
  const span = turn(a, b);
  const pieces = Math.max(1, Math.ceil(Math.abs(degrees(span)) / DEGREES_A_PIECE));
  return Array.from({ length: pieces + 1 }, (_, i) => onCircle(start + (span * i) / pieces, radius));
}

const DEGREES_A_PIECE = 3;
// Farther than any corner of the plane, so that what is cut off by it looks endless.
const FAR = 4 * EXTENT;

/**
 * Everything within a distance of a point: the "ball" of a metric. Polygons, whose outlines are all at that distance;
 * some reach beyond the plane.
 */
export function ballOf(metric: PlaneMetric, center: Point, radius: number): readonly (readonly Point[])[] {
  switch (metric) {
    case 'euclidean':
      return [circleAbout(center, radius)];
    case 'manhattan':
      return [diamondAbout(center, radius)];
    case 'cosine':
      return coneAbout(center, radius);
    case 'hamming':
      return QUADRANTS.filter(({ inside }) => distance('hamming', center, inside) <= radius).map(
        ({ corners }) => corners,
      );
  }
}

function circleAbout({ x, y }: Point, radius: number): Point[] {
  const pieces = 360 / DEGREES_A_PIECE;
  return Array.from({ length: pieces }, (_, i) => {
    const { x: dx, y: dy } = onCircle((2 * Math.PI * i) / pieces, radius);
    return { x: x + dx, y: y + dy };
  });
}

function diamondAbout({ x, y }: Point, radius: number): Point[] {
  return [
    { x: x + radius, y },
    { x, y: y + radius },
    { x: x - radius, y },
    { x, y: y - radius },
  ];
}

/** All directions within an angle of the center's: everything, where that is a half turn. */
function coneAbout(center: Point, radius: number): Point[][] {
  if (isOrigin(center)) return radius < 1 ? [] : [SQUARE];
  if (radius >= 2) return [SQUARE];
  const middle = Math.atan2(center.y, center.x);
  const half = Math.acos(1 - radius);
  const pieces = Math.max(1, Math.ceil(degrees(2 * half) / DEGREES_A_PIECE));
  const rim = Array.from({ length: pieces + 1 }, (_, i) =>
    onCircle(middle - half + (2 * half * i) / pieces, FAR),
  );
  return [[{ x: 0, y: 0 }, ...rim]];
}

const SQUARE: Point[] = [
  { x: FAR, y: FAR },
  { x: -FAR, y: FAR },
  { x: -FAR, y: -FAR },
  { x: FAR, y: -FAR },
];

/** The four parts of the plane whose points have the same bits. */
export const QUADRANTS = SQUARE.map(({ x, y }) => ({
  inside: { x: Math.sign(x), y: Math.sign(y) },
  corners: [
    { x: 0, y: 0 },
    { x, y: 0 },
    { x, y },
    { x: 0, y },
  ],
}));

function onCircle(angle: number, radius: number): Point {
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** Radians from the direction of `a` to that of `b`, −π to π, counterclockwise positive. */
function turn(a: Point, b: Point): number {
  return Math.atan2(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y);
}

export function isOrigin({ x, y }: Point): boolean {
  return x === 0 && y === 0;
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
