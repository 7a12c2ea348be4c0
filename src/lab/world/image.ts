import type { Level } from './factors.ts';
import { alongTrail, checkSide, coverage, overDisc, overShape } from './frame.ts';
import type { Scene } from './scene.ts';
import { distanceIn, fieldOf } from './shapes.ts';
import { createStream, noiseAt, streamKey } from './streams.ts';

const NOISE = 0.018;
/** Between the dots of the trail, as a share of the frame's side: as if the light flashed at even times. */
const DOT_SPACING = { slow: 0.047, steady: 0.08, fast: 0.125 };
const DOT_RADIUS = 0.0215;
const DOT_COVER = 0.82;
/** Toward the light, from the picture to the upper left. */
const LIGHT = { x: -0.45, y: -0.62, z: 0.64 };
const CAMERA_TO_GROUND_M = 3;
/** How much of the haze lies before a thing that is one meter farther than the nearest. */
const HAZE_PER_METER = 0.3;

/**
 * The scene as a color picture: a thing on or above a ground, its shadow, and the dotted trail that it will follow.
 *
 * @param side pixels, 16..256; the lab's models see 32 or 48
 * @returns side × side × 3, sRGB in 0..1, row-major from the top left
 */
export function renderImage(scene: Scene, side: number): Float32Array<ArrayBuffer> {
  checkSide(side);
  const image = new Float32Array(side * side * 3);
  drawImage(scene, side, image);
  return image;
}

/** The same into a picture that is there, such as a row of a batch. */
export function drawImage(scene: Scene, side: number, image: Float32Array): void {
  const haze = drawGround(scene, side, image);
  drawTrail(scene, side, image);
  drawShadow(scene, side, image);
  drawThing(scene, side, image, haze);
  const key = streamKey(scene.seed, scene.index, 'image');
  for (let i = 0; i < image.length; i++) {
    image[i] = Math.min(1, Math.max(0, (image[i] ?? 0) + NOISE * noiseAt(key, i)));
  }
}

/** A pale ground with a slope of light and soft stains. Gives its color in the middle, which is also that of the haze. */
function drawGround({ seed, index }: Scene, side: number, image: Float32Array): [number, number, number] {
  const random = createStream(seed, index, 'image');
  const light = 0.66 + 0.22 * random();
  const hue = 2 * Math.PI * random();
  const slope = 0.14 * random();
  const angle = 2 * Math.PI * random();
  const slopeX = (slope * Math.cos(angle)) / side;
  const slopeY = (slope * Math.sin(angle)) / side;
  const stains = Float32Array.from({ length: (STAINS + 1) ** 2 }, () => 0.09 * (random() - 0.5));
  const tint = 0.035;
  const color: [number, number, number] = [
    light + tint * Math.cos(hue),
    light + tint * Math.cos(hue - 2.1),
    light + tint * Math.cos(hue + 2.1),
  ];
  const places = Array.from({ length: side }, (_, i) => (i * STAINS) / side);
  const cells = places.map(Math.floor);
  const shares = places.map((place, i) => ease(place - (cells[i] ?? 0)));
  const between = new Float32Array(STAINS + 1);
  let at = 0;
  for (let row = 0; row < side; row++) {
    const above = (cells[row] ?? 0) * (STAINS + 1);
    for (let i = 0; i <= STAINS; i++) {
      between[i] = mix(stains[above + i] ?? 0, stains[above + STAINS + 1 + i] ?? 0, shares[row] ?? 0);
    }
    for (let column = 0; column < side; column++) {
      const cell = cells[column] ?? 0;
      const stain = mix(between[cell] ?? 0, between[cell + 1] ?? 0, shares[column] ?? 0);
      const lit = slopeX * (column - side / 2) + slopeY * (row - side / 2) + stain;
      image[at++] = color[0] + lit;
      image[at++] = color[1] + lit;
      image[at++] = color[2] + lit;
    }
  }
  return color;
}

/** Stains are random values at the corners of so many cells along a side, smooth between them (value noise). */
const STAINS = 4;

function drawTrail(scene: Scene, side: number, image: Float32Array): void {
  alongTrail(scene, DOT_SPACING[scene.levels.speed], (x, y) => {
    overDisc(side, x, y, DOT_RADIUS, (pixel, distance) => {
      blend(image, pixel, 0.2, 0.22, 0.28, DOT_COVER * coverage(distance));
    });
  });
}

/** The higher above the ground, the farther off and the softer. */
function drawShadow(scene: Scene, side: number, image: Float32Array): void {
  const height = CAMERA_TO_GROUND_M - scene.exact.distanceM;
  const offset = 0.035 * height;
  const softness = (0.008 + 0.02 * height) * side;
  const center = { x: scene.exact.x + 0.75 * offset, y: scene.exact.y + offset };
  overShape(scene, side, center, softness, (pixel, distance) => {
    const cover = 0.42 * ease(Math.min(1, Math.max(0, 0.5 - distance / (2 * softness))));
    blend(image, pixel, 0.1, 0.1, 0.16, cover);
  });
}

function drawThing(
  scene: Scene,
  side: number,
  image: Float32Array,
  haze: readonly [number, number, number],
): void {
  const { x, y, radius, turn, red, green, blue, distanceM } = scene.exact;
  const hazed = Math.max(0, HAZE_PER_METER * (distanceM - 1));
  const radiusPixels = radius * side;
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const field = fieldOf(scene.levels.shape);
  const pattern = PATTERNS[scene.levels.texture];
  const bevel = 0.42 * radiusPixels;
  overShape(scene, side, { x, y }, 0, (pixel, distance, u, v) => {
    // Uphill is inward, across the rounded rim; the top is flat.
    const steep = 0.85 * Math.min(1, Math.max(0, 1 + distance / bevel));
    const here = distance / radiusPixels;
    const slopeU = ((distanceIn(field, u + STEP, v) - here) / STEP) * steep;
    const slopeV = ((distanceIn(field, u, v + STEP) - here) / STEP) * steep;
    const normalX = cos * slopeU - sin * slopeV;
    const normalY = sin * slopeU + cos * slopeV;
    const normalZ = Math.sqrt(Math.max(0, 1 - normalX ** 2 - normalY ** 2));
    const facing = Math.max(0, normalX * LIGHT.x + normalY * LIGHT.y + normalZ * LIGHT.z);
    const painted = 1 - PAINT * pattern((u * radius) / PATTERN_PERIOD, (v * radius) / PATTERN_PERIOD);
    const shade = (0.55 + 0.7 * facing) * painted;
    const shine = 0.8 * Math.max(0, facing - 0.85);
    blend(
      image,
      pixel,
      mix(Math.min(1, red * shade + shine), haze[0], hazed),
      mix(Math.min(1, green * shade + shine), haze[1], hazed),
      mix(Math.min(1, blue * shade + shine), haze[2], hazed),
      coverage(distance),
    );
  });
}

const STEP = 0.08;
/** How much darker the painted parts are. */
const PAINT = 0.58;
/** As a share of the frame's side, on things of every size: 5 pixels of 48. */
const PATTERN_PERIOD = 0.104;
// Edges of the paint are a quarter of a period wide: sharper ones would flicker at 32 pixels.
const SHARPNESS = 1.6;

/** How much of a place is painted, 0..1; one period is 1. */
const PATTERNS: Readonly<Record<Level<'texture'>, (u: number, v: number) => number>> = {
  plain: () => 0,
  stripes: (_, v) => painted(Math.cos(2 * Math.PI * v)),
  dots: (u, v) => painted(Math.cos(2 * Math.PI * u) + Math.cos(2 * Math.PI * v) - 0.55),
  checks: (u, v) => painted(2 * Math.sin(Math.PI * u) * Math.sin(Math.PI * v)),
};

function painted(wave: number): number {
  return Math.min(1, Math.max(0, 0.5 + SHARPNESS * wave));
}

function blend(
  image: Float32Array,
  pixel: number,
  red: number,
  green: number,
  blue: number,
  cover: number,
): void {
  const at = pixel * 3;
  image[at] = mix(image[at] ?? 0, red, cover);
  image[at + 1] = mix(image[at + 1] ?? 0, green, cover);
  image[at + 2] = mix(image[at + 2] ?? 0, blue, cover);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function ease(x: number): number {
  return x * x * (3 - 2 * x);
}
