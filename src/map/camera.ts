/** Where the camera is: it looks at a target from a distance, turned by yaw and pitch (radians). On a plane both are 0. */
export interface Pose {
  x: number;
  y: number;
  z: number;
  distance: number;
  yaw: number;
  pitch: number;
}

export interface Bounds {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
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
  private readonly right = new Float64Array(3);
  private readonly up = new Float64Array(3);
  private readonly back = new Float64Array(3);

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
    const { now, goal } = this;
    return (
      now.x !== goal.x ||
      now.y !== goal.y ||
      now.z !== goal.z ||
      now.distance !== goal.distance ||
      now.yaw !== goal.yaw ||
      now.pitch !== goal.pitch
    );
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

  /** Heads for a pose from which the bounds fill the view, `margin` pixels left free. */
  fit(bounds: Bounds, dimensions: 2 | 3, margin: number): void {
    const { min, max } = bounds;
    const size = [max[0] - min[0], max[1] - min[1], max[2] - min[2]] as const;
    this.goal.x = (min[0] + max[0]) / 2;
    this.goal.y = (min[1] + max[1]) / 2;
    this.goal.z = dimensions === 3 ? (min[2] + max[2]) / 2 : 0;
    const free = Math.min(margin, this.width / 4, this.height / 4);
    const width = this.width - 2 * free;
    const height = this.height - 2 * free;
    const extent =
      dimensions === 2
        ? Math.max(size[0] / width, size[1] / height)
        : // A ball around the box would leave much air: corners of a cloud are mostly empty.
          (Math.hypot(...size) * 0.82) / Math.min(width, height);
    this.goal.distance = clamp(extent * this.focal, MIN_DISTANCE * 20, MAX_DISTANCE);
  }

  /** Heads for a place; no nearer than it is when `distance` is left out. */
  flyTo(x: number, y: number, z: number, distance = this.goal.distance): void {
    this.goal.x = x;
    this.goal.y = y;
    this.goal.z = z;
    this.goal.distance = clamp(distance, MIN_DISTANCE, MAX_DISTANCE);
  }

  /**
   * @param positions n × 3 world places
   * @param out n × 3: x and y in CSS pixels from the top left, and the depth (0 or less: behind the camera)
   */
  project(positions: Float32Array, out: Float32Array, count: number): void {
    const { now, right, up, back, focal } = this;
    const [rx = 0, ry = 0, rz = 0] = right;
    const [ux = 0, uy = 0, uz = 0] = up;
    const [bx = 0, by = 0, bz = 0] = back;
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
    this.goal.x += (this.right[0] ?? 0) * alongRight + (this.up[0] ?? 0) * alongUp;
    this.goal.y += (this.right[1] ?? 0) * alongRight + (this.up[1] ?? 0) * alongUp;
    this.goal.z += (this.right[2] ?? 0) * alongRight + (this.up[2] ?? 0) * alongUp;
  }

  private update(): void {
    const { now, right, up, back } = this;
    const cosYaw = Math.cos(now.yaw);
    const sinYaw = Math.sin(now.yaw);
    const cosPitch = Math.cos(now.pitch);
    const sinPitch = Math.sin(now.pitch);
    right.set([cosYaw, 0, -sinYaw]);
    up.set([-sinYaw * sinPitch, cosPitch, -cosYaw * sinPitch]);
    back.set([sinYaw * cosPitch, sinPitch, cosYaw * cosPitch]);

    const scaleY = 1 / TAN_HALF_VIEW;
    const scaleX = (scaleY * this.height) / this.width;
    const near = now.distance * 0.02;
    const far = now.distance + 100;
    const depthScale = far / (far - near);
    const target = [now.x, now.y, now.z];
    const dot = (axis: Float64Array) =>
      axis.reduce((sum, value, index) => sum + value * (target[index] ?? 0), 0);
    const out = this.viewProjection;
    for (let column = 0; column < 3; column++) {
      const depth = -(back[column] ?? 0);
      out[column * 4] = (right[column] ?? 0) * scaleX;
      out[column * 4 + 1] = (up[column] ?? 0) * scaleY;
      out[column * 4 + 2] = depth * depthScale;
      out[column * 4 + 3] = depth;
    }
    const depth = now.distance + dot(back);
    out[12] = -dot(right) * scaleX;
    out[13] = -dot(up) * scaleY;
    out[14] = (depth - near) * depthScale;
    out[15] = depth;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
