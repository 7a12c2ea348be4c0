import type { Level } from './factors.ts';

/** Meters, after which the path's curvature begins anew. */
export const PATH_LENGTH = 1.5;

/** Points in one piece of a trail. */
const TRAIL_POINTS = 240;

/** A path as a picture draws it: one period, at even steps of its length. */
export interface Trail {
  /** x and y one after the other; the first point is the origin, the farthest at distance 1, the middle of all at positive x and y 0. */
  readonly points: Float32Array<ArrayBuffer>;
  readonly count: number;
  /** In the unit of the points. */
  readonly length: number;
}

const trails = new Map<Level<'path'>, Trail>();

/**
 * How the heading turns along the path, in radians a meter; positive is to the left. The path is what a vehicle draws that
 * always heads where it goes, so that its curvature says everything about it.
 *
 * @param s meters along the path; it repeats after `PATH_LENGTH`
 */
export function curvatureAt(path: Level<'path'>, s: number): number {
  const share = s / PATH_LENGTH - Math.floor(s / PATH_LENGTH);
  return SHAPES[path](share) / PATH_LENGTH;
}

/** Made at the first call, then kept. */
export function trailOf(path: Level<'path'>): Trail {
  const known = trails.get(path);
  if (known) return known;
  const trail = frame(draw(path));
  trails.set(path, trail);
  return trail;
}

const TURN = 2 * Math.PI;

/** Radians a period, at a share of it in [0, 1). */
const SHAPES: Readonly<Record<Level<'path'>, (share: number) => number>> = {
  straight: () => 0,
  circle: () => TURN,
  zigzag: (share) => (Math.floor(share * 4) % 2 === 0 ? -1 : 1) * corner(share) * 0.3 * TURN,
  square: (share) => corner(share) * 0.25 * TURN,
  // It begins where a loop is farthest from the crossing, so that the whole of it lies on one side.
  eight: (share) => (share < 0.25 || share >= 0.75 ? 2 : -2) * TURN,
  spiral: (share) => (0.75 + 2.4 * share) * TURN,
};

/** Four rounded corners a period, each a quarter of the period after the other; one of them turns by 1 in all. */
function corner(share: number): number {
  const width = 0.14;
  const off = (share * 4 - Math.floor(share * 4) - 0.5) / 4;
  return Math.abs(off) > width / 2 ? 0 : (1 + Math.cos((2 * Math.PI * off) / width)) / width;
}

function draw(path: Level<'path'>): Float64Array {
  const points = new Float64Array(2 * TRAIL_POINTS);
  const finer = 8;
  const step = PATH_LENGTH / (TRAIL_POINTS - 1) / finer;
  let heading = 0;
  let x = 0;
  let y = 0;
  for (let i = 1; i < TRAIL_POINTS; i++) {
    for (let part = 0; part < finer; part++) {
      const turn = curvatureAt(path, ((i - 1) * finer + part + 0.5) * step) * step;
      x += step * Math.cos(heading + turn / 2);
      y += step * Math.sin(heading + turn / 2);
      heading += turn;
    }
    points[2 * i] = x;
    points[2 * i + 1] = y;
  }
  return points;
}

function frame(points: Float64Array): Trail {
  let farthest = 0;
  let middleX = 0;
  let middleY = 0;
  for (let i = 0; i < points.length; i += 2) {
    const x = points[i] ?? 0;
    const y = points[i + 1] ?? 0;
    farthest = Math.max(farthest, Math.hypot(x, y));
    middleX += x;
    middleY += y;
  }
  const angle = -Math.atan2(middleY, middleX);
  const scale = 1 / farthest;
  const framed = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const x = (points[i] ?? 0) * scale;
    const y = (points[i + 1] ?? 0) * scale;
    framed[i] = x * Math.cos(angle) - y * Math.sin(angle);
    framed[i + 1] = x * Math.sin(angle) + y * Math.cos(angle);
  }
  return { points: framed, count: TRAIL_POINTS, length: PATH_LENGTH * scale };
}
