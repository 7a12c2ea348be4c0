import type { Place } from './camera.ts';
import type { Points } from './points.ts';

/** What a camera is to show. */
export interface Framing {
  readonly middle: Place;
  /** n × 3 */
  readonly places: Float32Array;
}

/**
 * Frames these items (all unless told) of several sets of points together; null when none has a place.
 *
 * @param dimensions a cloud turns about its mass: one far item would otherwise put all the rest to one side
 */
export function frame(
  sets: readonly Points[],
  dimensions: 2 | 3,
  indices?: readonly number[],
): Framing | null {
  const boxes = sets.map((points) => points.bounds(indices)).filter((bounds) => bounds !== null);
  if (boxes.length === 0) return null;
  const places = joined(sets.map((points) => points.places(indices)));
  const middle = (axis: 0 | 1 | 2) => {
    if (dimensions === 3) return mean(places, axis);
    const least = Math.min(...boxes.map(({ min }) => min[axis]));
    const most = Math.max(...boxes.map(({ max }) => max[axis]));
    return (least + most) / 2;
  };
  return { middle: [middle(0), middle(1), middle(2)], places };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Mean of one coordinate of places (x, y, z, …). */
function mean(places: Float32Array, axis: 0 | 1 | 2): number {
  let sum = 0;
  for (let at: number = axis; at < places.length; at += 3) sum += places[at] ?? 0;
  return sum / (places.length / 3);
}
