import type { Random } from '../../projection/random.ts';
import { type Factor, LEVELS, type Level, type Levels } from './factors.ts';
import { createStream } from './streams.ts';

/** One thing in one place, with everything that any modality tells of it. Plain data. */
export interface Scene {
  readonly seed: number;
  readonly index: number;
  readonly levels: Levels;
  readonly exact: Exact;
}

/** What the levels come to in this scene: each with a little spread of its own, drawn from the stream `exact`. */
export interface Exact {
  /** Middle of the thing, 0..1 of the frame from its left and top. */
  readonly x: number;
  readonly y: number;
  /** Of a circle of this size, as a share of the frame's side. */
  readonly radius: number;
  /** Radians, clockwise on the picture. */
  readonly turn: number;
  /** sRGB, 0..1. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** From the camera, in meters. */
  readonly distanceM: number;
  readonly celsius: number;
  /** Along the path, in meters a second. */
  readonly speed: number;
  /** Where the trail leads on the picture, in radians clockwise from the right. */
  readonly heading: number;
  /** 1, or −1 for the path in the mirror. */
  readonly hand: 1 | -1;
  readonly pitchHz: number;
  /** Beats a second, which follow the speed. */
  readonly beatHz: number;
  /** Root mean square of the sound, in decibels below a full-scale constant. */
  readonly decibels: number;
}

export interface SceneOptions {
  /** Levels that are the same in every scene. */
  readonly fixed?: Partial<Levels>;
  readonly heldOut?: HeldOut;
}

/** Combinations of two factors that are kept out of training, and which side of that the scenes are on. */
export interface HeldOut {
  readonly factors: readonly [Factor, Factor];
  /** Pairs of levels, as their places in `LEVELS`. */
  readonly combinations: readonly (readonly [number, number])[];
  /** `seen`: none of the combinations; `unseen`: only them. */
  readonly side: 'seen' | 'unseen';
}

/**
 * One color of every shape, each color once: with these held out every shape and every color is still drawn equally often.
 */
export const COLOR_OF_SHAPE: readonly (readonly [number, number])[] = LEVELS.color.map((_, color) => [
  color,
  (color + 3) % LEVELS.shape.length,
]);

/**
 * Scene `index` of a seed: always the same one. Another seed gives another endless row of scenes, such as those to test on.
 *
 * @param index 0 … 2^53 − 1
 * @throws {RangeError} when the index is no such number, or no combination is left to draw
 */
export function sceneAt(seed: number, index: number, { fixed, heldOut }: SceneOptions = {}): Scene {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new RangeError(`A scene's index is a whole number from 0. This one is ${index}.`);
  }
  let levels = drawLevels(createStream(seed, index, 'levels'));
  if (heldOut)
    levels = { ...levels, ...drawCombination(createStream(seed, index, 'held-out'), heldOut, fixed) };
  if (fixed) levels = { ...levels, ...fixed };
  return { seed, index, levels, exact: exactOf(seed, index, levels) };
}

/** `count` scenes in a row. */
export function scenesAt(seed: number, from: number, count: number, options: SceneOptions = {}): Scene[] {
  return Array.from({ length: count }, (_, i) => sceneAt(seed, from + i, options));
}

/** The same scene, down to its noise, with other levels of some factors. */
export function changeScene({ seed, index, levels }: Scene, changes: Partial<Levels>): Scene {
  const changed = { ...levels, ...changes };
  return { seed, index, levels: changed, exact: exactOf(seed, index, changed) };
}

/** The level of a factor as its place in `LEVELS`, for every scene: labels for probes. */
export function labelsOf(scenes: readonly Scene[], factor: Factor): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(scenes, ({ levels }) => levelNumber(levels, factor));
}

export function levelNumber(levels: Levels, factor: Factor): number {
  const names: readonly string[] = LEVELS[factor];
  return names.indexOf(levels[factor]);
}

function drawLevels(random: Random): Levels {
  return {
    shape: pick(LEVELS.shape, random),
    color: pick(LEVELS.color, random),
    size: pick(LEVELS.size, random),
    position: pick(LEVELS.position, random),
    distance: pick(LEVELS.distance, random),
    texture: pick(LEVELS.texture, random),
    temperature: pick(LEVELS.temperature, random),
    path: pick(LEVELS.path, random),
    speed: pick(LEVELS.speed, random),
    loudness: pick(LEVELS.loudness, random),
  };
}

function drawCombination(
  random: Random,
  { factors, combinations, side }: HeldOut,
  fixed: Partial<Levels> = {},
): Partial<Levels> {
  const [first, second] = factors;
  const all = LEVELS[first].flatMap((_, a) => LEVELS[second].map((__, b) => [a, b] as const));
  const listed = new Set(combinations.map(([a, b]) => a * 256 + b));
  const isAllowed = (factor: Factor, level: number): boolean =>
    fixed[factor] === undefined || fixed[factor] === LEVELS[factor][level];
  const left = all.filter(
    ([a, b]) =>
      listed.has(a * 256 + b) === (side === 'unseen') && isAllowed(first, a) && isAllowed(second, b),
  );
  const drawn = left[Math.floor(random() * left.length)];
  if (!drawn) {
    throw new RangeError(
      `No combination of ${first} and ${second} is left on the ${side} side. Hold out some, and not all.`,
    );
  }
  return { [first]: LEVELS[first][drawn[0]], [second]: LEVELS[second][drawn[1]] };
}

function pick<T>(from: readonly [T, ...T[]], random: Random): T {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

const COLUMN = [0.28, 0.5, 0.72];
const RADIUS = { small: 0.105, medium: 0.15, large: 0.21 };
const DISTANCE_M = { near: 1.2, halfway: 1.8, far: 2.4 };
// None is near to the 20 °C of the room, where a thing would not be seen by its warmth at all.
const CELSIUS = { freezing: -14, cold: 4, warm: 37, hot: 64 };
const SPEED = { slow: 0.68, steady: 1, fast: 1.45 };
const PITCH_HZ = { small: 500, medium: 300, large: 180 };
const BEAT_HZ = { slow: 2, steady: 3.6, fast: 6.5 };
const DECIBELS = { quiet: -41, moderate: -31, loud: -21 };
const RGB: Readonly<Record<Level<'color'>, readonly [number, number, number]>> = {
  red: [0.85, 0.15, 0.15],
  orange: [0.95, 0.51, 0.08],
  yellow: [0.95, 0.83, 0.14],
  green: [0.18, 0.6, 0.24],
  cyan: [0.13, 0.74, 0.8],
  blue: [0.14, 0.32, 0.84],
  purple: [0.48, 0.2, 0.72],
  pink: [0.94, 0.48, 0.71],
};

/** Always as many draws, whatever the levels: so that another level of one factor leaves the others exactly as they were. */
function exactOf(seed: number, index: number, levels: Levels): Exact {
  const random = createStream(seed, index, 'exact');
  const around = (middle: number, spread: number): number => middle + spread * (2 * random() - 1);
  const place = levelNumber(levels, 'position');
  const column = place % 3;
  const row = Math.floor(place / 3);
  const [red, green, blue] = RGB[levels.color];
  const lightness = around(0, 0.05);
  return {
    x: around(COLUMN[column] ?? 0.5, 0.035),
    y: around(COLUMN[row] ?? 0.5, 0.035),
    radius: RADIUS[levels.size] * around(1, 0.09),
    turn: around(0, 0.25),
    red: unit(red + lightness + around(0, 0.03)),
    green: unit(green + lightness + around(0, 0.03)),
    blue: unit(blue + lightness + around(0, 0.03)),
    distanceM: around(DISTANCE_M[levels.distance], 0.15),
    celsius: around(CELSIUS[levels.temperature], 4),
    speed: SPEED[levels.speed] * around(1, 0.07),
    heading: headingFrom(column, row, random()),
    hand: random() < 0.5 ? 1 : -1,
    pitchHz: PITCH_HZ[levels.size] * around(1, 0.05),
    beatHz: BEAT_HZ[levels.speed] * around(1, 0.07),
    decibels: around(DECIBELS[levels.loudness], 1.5),
  };
}

/** Toward the middle of the frame, so that the trail stays in it; from the middle anywhere. */
function headingFrom(column: number, row: number, draw: number): number {
  if (column === 1 && row === 1) return 2 * Math.PI * draw;
  return Math.atan2(1 - row, 1 - column) + 0.35 * (2 * draw - 1);
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}
