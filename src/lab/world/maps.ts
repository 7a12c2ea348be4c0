import { alongTrail, checkSide, coverage, overDisc, overShape } from './frame.ts';
import type { Scene } from './scene.ts';
import { createStream, noiseAt, streamKey } from './streams.ts';

/** Of the ground below the middle of the frame, from the camera. */
const GROUND_M = 3;
const THICKNESS_M = 0.3;
/** The trail is a rail for the depth camera: so high above the ground, and of this half width as a share of the side. */
const RAIL_M = 0.28;
const RAIL_RADIUS = 0.024;
/** Standard deviation at one meter; it grows with the square of the distance, as that of a stereo camera does. */
const DEPTH_NOISE_M = 0.004;
const ROOM_CELSIUS = 20;
const THERMAL_NOISE_CELSIUS = 0.9;

/**
 * What a depth camera sees: the ground, the trail as a rail on it, and the thing. It is blind to color and paint.
 *
 * @param side pixels, 16..256
 * @returns side × side, meters from the camera, row-major from the top left
 */
export function renderDepth(scene: Scene, side: number): Float32Array<ArrayBuffer> {
  checkSide(side);
  const depth = new Float32Array(side * side);
  drawDepth(scene, side, depth);
  return depth;
}

/** The same into a map that is there, such as a row of a batch. */
export function drawDepth(scene: Scene, side: number, depth: Float32Array): void {
  const { seed, index, exact } = scene;
  drawSlope(scene, 'depth', side, depth, GROUND_M, 0.12);
  // Many discs close together are a line. The highest wins, so that they do not pile up.
  const rail = new Float32Array(side * side);
  alongTrail(scene, 0.45 * RAIL_RADIUS, (x, y) => {
    overDisc(side, x, y, RAIL_RADIUS, (pixel, distance) => {
      rail[pixel] = Math.max(rail[pixel] ?? 0, coverage(distance));
    });
  });
  for (let pixel = 0; pixel < depth.length; pixel++) {
    depth[pixel] = (depth[pixel] ?? 0) - RAIL_M * (rail[pixel] ?? 0);
  }
  const rim = 0.5 * exact.radius * side;
  overShape(scene, side, exact, 0, (pixel, distance) => {
    const inward = Math.min(1, Math.max(0, -distance / rim));
    const surface = exact.distanceM - THICKNESS_M * Math.sqrt(inward * (2 - inward));
    const ground = depth[pixel] ?? 0;
    depth[pixel] = ground + (surface - ground) * coverage(distance);
  });
  const key = streamKey(seed, index, 'depth');
  for (let pixel = 0; pixel < depth.length; pixel++) {
    const meters = depth[pixel] ?? 0;
    depth[pixel] = meters + DEPTH_NOISE_M * meters ** 2 * noiseAt(key, pixel);
  }
}

/**
 * What a heat camera sees: a warm or cold place that has spread, so that its shape is gone and its extent and temperature are left.
 *
 * @param side pixels, 16..256
 * @returns side × side, degrees Celsius, row-major from the top left
 */
export function renderThermal(scene: Scene, side: number): Float32Array<ArrayBuffer> {
  checkSide(side);
  const thermal = new Float32Array(side * side);
  drawThermal(scene, side, thermal);
  return thermal;
}

/** The same into a map that is there, such as a row of a batch. */
export function drawThermal(scene: Scene, side: number, thermal: Float32Array): void {
  const { x, y, radius, celsius } = scene.exact;
  drawSlope(scene, 'thermal', side, thermal, ROOM_CELSIUS, 1.5);
  const key = streamKey(scene.seed, scene.index, 'thermal');
  const middleX = x * side;
  const middleY = y * side;
  const scale = 1 / (radius * side);
  let pixel = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const off = ((column + 0.5 - middleX) ** 2 + (row + 0.5 - middleY) ** 2) * scale ** 2;
      // Nearly even within, with a long soft flank.
      const warmth = 1 / (1 + off * off * off);
      const air = thermal[pixel] ?? 0;
      thermal[pixel] = air + (celsius - air) * warmth + THERMAL_NOISE_CELSIUS * noiseAt(key, pixel);
      pixel++;
    }
  }
}

/** An even slope in a direction of the scene's own, at most `most` up or down at the edge, around nearly `middle`. */
function drawSlope(
  { seed, index }: Scene,
  stream: 'depth' | 'thermal',
  side: number,
  map: Float32Array,
  middle: number,
  most: number,
): void {
  const random = createStream(seed, index, stream);
  const level = middle + 0.5 * most * (2 * random() - 1);
  const angle = 2 * Math.PI * random();
  const steep = (2 * most * random()) / side;
  const slopeX = steep * Math.cos(angle);
  const slopeY = steep * Math.sin(angle);
  let pixel = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      map[pixel++] = level + slopeX * (column - side / 2) + slopeY * (row - side / 2);
    }
  }
}
