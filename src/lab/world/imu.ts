import { curvatureAt, PATH_LENGTH } from './paths.ts';
import type { Scene } from './scene.ts';
import { createStream, noiseAt, streamKey } from './streams.ts';

/** 2.56 seconds: at every speed at least one period of the path. */
export const IMU_STEPS = 128;
export const IMU_HZ = 50;
/** In the order in which they are stored. */
export const IMU_CHANNELS = ['forward', 'left', 'up', 'roll', 'pitch', 'yaw'] as const;

const GRAVITY = 9.81;
/** The ground has even bumps, as of tiles: so high, and so far apart. They are what tells the speed on a straight path. */
const BUMP_M = 0.0006;
const BUMP_PERIOD_M = 0.12;
const ACCELERATION_NOISE = 0.12;
const ROTATION_NOISE = 0.015;

/** Where a body on the path is, and how it moves, at one time. Left-handed paths are mirrored. */
export interface Motion {
  /** Meters along the path, its first and second derivatives. */
  readonly s: number;
  readonly speed: number;
  readonly acceleration: number;
  /** Of the heading, radians a second, to the left. */
  readonly yawRate: number;
  /** Nose up, radians, and its derivative. */
  readonly pitch: number;
  readonly pitchRate: number;
}

/**
 * What an inertial sensor on the thing measures while it runs along the path. The body heads where it goes, so its
 * velocity is v along its own forward axis, and the specific force in its own axes is exactly
 *
 *   forward  v′ + g sin φ        left  v ψ′ cos φ        up  v φ′ + g cos φ
 *
 * with the yaw rate ψ′ = v κ(s) from the path's curvature, and the pitch φ of the bumps. The gyroscope reads the same
 * rotation: roll ψ′ sin φ, pitch −φ′ (about the left axis), yaw ψ′ cos φ. Then come the sensor's mounting, offsets and noise.
 *
 * @returns `IMU_STEPS` × 6, row-major: m/s² forward, left, up; rad/s about the same axes
 */
export function renderImu(scene: Scene): Float32Array<ArrayBuffer> {
  const imu = new Float32Array(IMU_STEPS * 6);
  drawImu(scene, imu);
  return imu;
}

/** The same into a recording that is there, such as a row of a batch. */
export function drawImu(scene: Scene, imu: Float32Array): void {
  const random = createStream(scene.seed, scene.index, 'imu');
  const ride = { start: PATH_LENGTH * random(), sway: 2 * Math.PI * random() };
  const mount = rotation(0.09 * (2 * random() - 1), 0.09 * (2 * random() - 1), 0.09 * (2 * random() - 1));
  const offsets = Array.from({ length: 6 }, (_, channel) => (channel < 3 ? 0.1 : 0.02) * (2 * random() - 1));
  const key = streamKey(scene.seed, scene.index, 'imu');
  for (let step = 0; step < IMU_STEPS; step++) {
    const { speed, acceleration, yawRate, pitch, pitchRate } = motionAt(scene, ride, step / IMU_HZ);
    const sin = Math.sin(pitch);
    const cos = Math.cos(pitch);
    turnInto(
      imu,
      step * 6,
      mount,
      acceleration + GRAVITY * sin,
      speed * yawRate * cos,
      speed * pitchRate + GRAVITY * cos,
    );
    turnInto(imu, step * 6 + 3, mount, yawRate * sin, -pitchRate, yawRate * cos);
    for (let channel = 0; channel < 6; channel++) {
      const at = step * 6 + channel;
      const noise = channel < 3 ? ACCELERATION_NOISE : ROTATION_NOISE;
      imu[at] = (imu[at] ?? 0) + (offsets[channel] ?? 0) + noise * noiseAt(key, at);
    }
  }
}

/**
 * The motion without the sensor.
 *
 * @param ride where on the path it begins, in meters, and the phase at which its speed sways, in radians
 * @param time seconds
 */
export function motionAt(
  { levels, exact }: Scene,
  ride: { readonly start: number; readonly sway: number },
  time: number,
): Motion {
  const frequency = 2 * Math.PI * SWAY_HZ;
  const phase = frequency * time + ride.sway;
  const speed = exact.speed * (1 + SWAY * Math.sin(phase));
  const way = exact.speed * (time + (SWAY / frequency) * (Math.cos(ride.sway) - Math.cos(phase)));
  const s = ride.start + way;
  const bumps = (2 * Math.PI) / BUMP_PERIOD_M;
  // The pitch's sine is the slope of the way, so that s is the length along the bumps too.
  const rise = BUMP_M * bumps * Math.cos(bumps * s);
  const pitchOverS = (-BUMP_M * bumps ** 2 * Math.sin(bumps * s)) / Math.sqrt(1 - rise ** 2);
  return {
    s,
    speed,
    acceleration: exact.speed * SWAY * frequency * Math.cos(phase),
    yawRate: speed * exact.hand * curvatureAt(levels.path, s),
    pitch: Math.asin(rise),
    pitchRate: speed * pitchOverS,
  };
}

/** Nobody drives at quite an even speed: by this share, so often a second. */
const SWAY = 0.06;
const SWAY_HZ = 0.8;

/** Rotation matrix, row-major, for small turns about the three axes, one after the other. */
function rotation(roll: number, pitch: number, yaw: number): readonly number[] {
  const [a, b] = [Math.cos(roll), Math.sin(roll)];
  const [c, d] = [Math.cos(pitch), Math.sin(pitch)];
  const [e, f] = [Math.cos(yaw), Math.sin(yaw)];
  return [
    e * c,
    e * d * b - f * a,
    e * d * a + f * b,
    f * c,
    f * d * b + e * a,
    f * d * a - e * b,
    -d,
    c * b,
    c * a,
  ];
}

function turnInto(
  out: Float32Array,
  at: number,
  matrix: readonly number[],
  x: number,
  y: number,
  z: number,
): void {
  for (let row = 0; row < 3; row++) {
    const [a = 0, b = 0, c = 0] = [matrix[3 * row], matrix[3 * row + 1], matrix[3 * row + 2]];
    out[at + row] = a * x + b * y + c * z;
  }
}
