/** A point of the plane, or an arrow from its origin. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The plane reaches from −7 to 7: whole numbers that four bits with a sign can write, and few enough to count. */
export const EXTENT = 7;

/** Steps that a point moves by: whole units, or the fine ones. */
export type Step = 1 | 0.1;

/** The nearest point of the plane whose coordinates are multiples of the step. */
export function snapTo({ x, y }: Point, step: Step): Point {
  return { x: snapValue(x, step), y: snapValue(y, step) };
}

/** The point moved by whole steps, and kept on the plane. Fine digits are kept when it moves by whole units. */
export function move({ x, y }: Point, dx: number, dy: number, step: Step): Point {
  return snapTo({ x: x + dx * step, y: y + dy * step }, 0.1);
}

function snapValue(value: number, step: Step): number {
  const perUnit = step === 1 ? 1 : 10;
  // Adding 0 turns −0 into 0, which would be written as "-0".
  const snapped = Math.round(value * perUnit) / perUnit + 0;
  return Math.min(EXTENT, Math.max(-EXTENT, snapped));
}

/** A coordinate as people write it, with a true minus sign. */
export function coordinateText(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}

export function pointText({ x, y }: Point): string {
  return `(${coordinateText(x)}, ${coordinateText(y)})`;
}

export function isOnGrid({ x, y }: Point): boolean {
  return Number.isInteger(x) && Number.isInteger(y);
}
