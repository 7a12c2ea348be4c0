/** Where the camera is: it looks at a target from a distance, turned by yaw and pitch (radians). On a plane both are 0. */
interface Pose {
  x: number;
  y: number;
  z: number;
  distance: number;
  yaw: number;
  pitch: number;
}

const POSE = ['x', 'y', 'z', 'distance', 'yaw', 'pitch'] as const;

/** x, y, z in the world, or a direction in it. */
export type Place = readonly [number, number, number];

export interface Bounds {
  readonly min: Place;
  readonly max: Place;
}

// tan(20°): a 40° view keeps the perspective of a cloud of points calm.
const TAN_HALF_VIEW = Math.tan((20 * Math.PI) / 180);
// Speed of the approach: two thirds of the way in 90 ms.
const TIME_CONSTANT_MS = 90;
const MAX_PITCH = 1.5;
// Nearer, f32 positions of about ±10 would begin to tremble; farther, the map is a dot.
const MIN_DISTANCE = 0.02;
const MAX_DISTANCE = 400;

/**
 * The map's camera, in two and three dimensions alike: a plane seen straight on through a perspective camera is drawn
 * without distortion, so one model serves both and turning from one to the other is a motion.
 */
export class Camera {
  width = 1;
  height = 1;
  /** Column-major; depth goes to 0..w, which both WebGPU and WebGL accept. */
  readonly viewProjection = new Float32Array(16);
  private readonly now: Pose = { x: 0, y: 0, z: 0, distance: 30, yaw: 0, pitch: 0 };
  private readonly goal: Pose = { ...this.now };
  private axes = axes(0, 0);

  constructor() {
    this.update();
  }

  get distance(): number {
    return this.now.distance;
  }

  /** CSS pixels a world unit takes at the target's depth. */
  get pixelsPerUnit(): number {
    return this.focal / this.now.distance;
  }

  get moving(): boolean {
    return POSE.some((part) => this.now[part] !== this.goal[part]);
  }

  private get focal(): number {
    return this.height / (2 * TAN_HALF_VIEW);
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.update();
  }

  /** Goes on toward the goal; true while there is some way left. */
  step(elapsedMs: number): boolean {
    if (!this.moving) return false;
    const { now, goal } = this;
    const share = 1 - Math.exp(-elapsedMs / TIME_CONSTANT_MS);
    now.x += (goal.x - now.x) * share;
    now.y += (goal.y - now.y) * share;
    now.z += (goal.z - now.z) * share;
    now.yaw += (goal.yaw - now.yaw) * share;
    now.pitch += (goal.pitch - now.pitch) * share;
    now.distance *= (goal.distance / now.distance) ** share;
    // A tenth of a pixel from the goal nobody sees the rest.
    const tenth = 0.1 / this.pixelsPerUnit;
    const near =
      Math.abs(goal.x - now.x) + Math.abs(goal.y - now.y) + Math.abs(goal.z - now.z) < tenth &&
      Math.abs(goal.distance / now.distance - 1) < 2e-4 &&
      Math.abs(goal.yaw - now.yaw) + Math.abs(goal.pitch - now.pitch) < 2e-4;
    if (near) Object.assign(now, goal);
    this.update();
    return !near;
  }

  /** Stands where another camera does and heads where it heads. @returns whether it did not before */
  lookLike({ now, goal }: Camera): boolean {
    const same = (a: Pose, b: Pose) => POSE.every((part) => a[part] === b[part]);
    if (same(this.now, now) && same(this.goal, goal)) return false;
    Object.assign(this.now, now);
    Object.assign(this.goal, goal);
    this.update();
    return true;
  }

  /** Distance it heads for, world units. */
  get aim(): number {
    return this.goal.distance;
  }

  /** Heads where another camera heads, from where it is. */
  aimLike({ goal }: Camera): void {
    Object.assign(this.goal, goal);
  }

  /** Is at the goal now. */
  jump(): void {
    Object.assign(this.now, this.goal);
    this.update();
  }

  /** Moves the ground under the pointer by so many pixels, at once. */
  pan(dx: number, dy: number): void {
    this.shiftGoal(-dx, dy);
    this.now.x = this.goal.x;
    this.now.y = this.goal.y;
    this.now.z = this.goal.z;
    this.update();
  }

  /** The same by keyboard: approached, not jumped to. */
  glidePan(dx: number, dy: number): void {
    this.shiftGoal(-dx, dy);
  }

  /** Turns by so many radians, at once. */
  orbit(yaw: number, pitch: number): void {
    this.glideOrbit(yaw, pitch);
    this.now.yaw = this.goal.yaw;
    this.now.pitch = this.goal.pitch;
    this.update();
  }

  glideOrbit(yaw: number, pitch: number): void {
    this.goal.yaw += yaw;
    this.goal.pitch = clamp(this.goal.pitch + pitch, -MAX_PITCH, MAX_PITCH);
  }

  /** Comes nearer by `factor` (> 1) or goes away (< 1), holding what is at this place of the screen. */
  zoom(factor: number, x: number, y: number): void {
    const before = this.goal.distance;
    this.goal.distance = clamp(before / factor, MIN_DISTANCE, MAX_DISTANCE);
    const unit = (before - this.goal.distance) / this.focal;
    this.moveGoal((x - this.width / 2) * unit, (this.height / 2 - y) * unit);
  }

  /** Faces the plane (two dimensions) or looks at space from a little above (three). */
  face(dimensions: 2 | 3): void {
    const turns = Math.round(this.goal.yaw / (2 * Math.PI)) * 2 * Math.PI;
    this.goal.yaw = turns + (dimensions === 3 ? 0.5 : 0);
    this.goal.pitch = dimensions === 3 ? 0.35 : 0;
    if (dimensions === 2) this.goal.z = 0;
  }

  /**
   * Heads for a place from which all these are seen, `margin` pixels left free, without turning.
   *
   * @param middle what to look at
   * @param places n × 3
   */
  fit(middle: Place, places: Float32Array, margin: number, coveredTop = 0): void {
    const { goal, focal } = this;
    [goal.x, goal.y, goal.z] = middle;
    // A small view has no room for a wide margin.
    const free = Math.min(margin, this.width / 6, this.height / 6);
    const slopeX = focal / (this.width / 2 - free);
    // Half of what is covered is kept free above and below, and then all moves down by that half.
    const down = Math.min(coveredTop, this.height / 4) / 2;
    const slopeY = focal / (this.height / 2 - free - down);
    const { right, up, back } = axes(goal.yaw, goal.pitch);
    let distance = MIN_DISTANCE * 20;
    const offset: [number, number, number] = [0, 0, 0];
    for (let at = 0; at + 2 < places.length; at += 3) {
      offset[0] = (places[at] ?? 0) - goal.x;
      offset[1] = (places[at + 1] ?? 0) - goal.y;
      offset[2] = (places[at + 2] ?? 0) - goal.z;
      const aside = Math.max(Math.abs(dot(offset, right)) * slopeX, Math.abs(dot(offset, up)) * slopeY);
      const nearer = dot(offset, back);
      // The nearest is no nearer than half the distance, or it would look twice as large as the middle.
      distance = Math.max(distance, aside + nearer, 2 * nearer);
    }
    goal.distance = Math.min(distance, MAX_DISTANCE);
    const shift = (down * goal.distance) / focal;
    goal.x += up[0] * shift;
    goal.y += up[1] * shift;
    goal.z += up[2] * shift;
  }

  /** World units that the smaller side of the view takes where it heads, at the target's depth. */
  get span(): number {
    return (this.goal.distance * Math.min(this.width, this.height)) / this.focal;
  }

  set span(units: number) {
    this.goal.distance = clamp(
      (units * this.focal) / Math.min(this.width, this.height),
      MIN_DISTANCE,
      MAX_DISTANCE,
    );
  }

  /** Heads for a place without coming nearer. */
  flyTo(x: number, y: number, z: number): void {
    this.goal.x = x;
    this.goal.y = y;
    this.goal.z = z;
  }

  /**
   * @param positions n × 3 world places
   * @param out n × 3: x and y in CSS pixels from the top left, and the depth (0 or less: behind the camera)
   */
  project(positions: Float32Array, out: Float32Array, count: number): void {
    const { now, focal } = this;
    const [rx, ry, rz] = this.axes.right;
    const [ux, uy, uz] = this.axes.up;
    const [bx, by, bz] = this.axes.back;
    const middleX = this.width / 2;
    const middleY = this.height / 2;
    for (let at = 0; at < count * 3; at += 3) {
      const x = (positions[at] ?? 0) - now.x;
      const y = (positions[at + 1] ?? 0) - now.y;
      const z = (positions[at + 2] ?? 0) - now.z;
      const depth = now.distance - (x * bx + y * by + z * bz);
      const scale = focal / depth;
      out[at] = middleX + (x * rx + y * ry + z * rz) * scale;
      out[at + 1] = middleY - (x * ux + y * uy + z * uz) * scale;
      out[at + 2] = depth;
    }
  }

  private shiftGoal(dx: number, dy: number): void {
    const unit = this.goal.distance / this.focal;
    this.moveGoal(dx * unit, dy * unit);
  }

  private moveGoal(alongRight: number, alongUp: number): void {
    const { right, up } = this.axes;
    this.goal.x += right[0] * alongRight + up[0] * alongUp;
    this.goal.y += right[1] * alongRight + up[1] * alongUp;
    this.goal.z += right[2] * alongRight + up[2] * alongUp;
  }

  private update(): void {
    const { now } = this;
    this.axes = axes(now.yaw, now.pitch);
    const { right, up, back } = this.axes;
    const scaleY = 1 / TAN_HALF_VIEW;
    const scaleX = (scaleY * this.height) / this.width;
    const near = now.distance * 0.02;
    const far = now.distance + 100;
    const depthScale = far / (far - near);
    const target: Place = [now.x, now.y, now.z];
    const out = this.viewProjection;
    for (const column of [0, 1, 2] as const) {
      const depth = -back[column];
      out[column * 4] = right[column] * scaleX;
      out[column * 4 + 1] = up[column] * scaleY;
      out[column * 4 + 2] = depth * depthScale;
      out[column * 4 + 3] = depth;
    }
    const depth = now.distance + dot(target, back);
    out[12] = -dot(target, right) * scaleX;
    out[13] = -dot(target, up) * scaleY;
    out[14] = (depth - near) * depthScale;
    out[15] = depth;
  }
}

/** Where right, up and toward the camera point in the world. */
function axes(yaw: number, pitch: number): { right: Place; up: Place; back: Place } {
  const cosYaw = Math.cos(yaw);
  const sinYaw = Math.sin(yaw);
  const cosPitch = Math.cos(pitch);
  const sinPitch = Math.sin(pitch);
  return {
    right: [cosYaw, 0, -sinYaw],
    up: [-sinYaw * sinPitch, cosPitch, -cosYaw * sinPitch],
    back: [sinYaw * cosPitch, sinPitch, cosYaw * cosPitch],
  };
}

function dot(a: Place, b: Place): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
