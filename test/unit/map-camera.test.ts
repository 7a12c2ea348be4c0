import { describe, expect, it } from 'vitest';
import { Camera } from '../../src/map/camera.ts';

function cameraOf(width = 400, height = 300): Camera {
  const camera = new Camera();
  camera.resize(width, height);
  return camera;
}

function project(camera: Camera, place: readonly [number, number, number]) {
  const out = new Float32Array(3);
  camera.project(Float32Array.from(place), out, 1);
  return { x: out[0] ?? Number.NaN, y: out[1] ?? Number.NaN, depth: out[2] ?? Number.NaN };
}

/** The same through the matrix that the GPU uses. */
function throughMatrix(camera: Camera, [x, y, z]: readonly [number, number, number]) {
  const m = camera.viewProjection;
  const row = (index: number) =>
    (m[index] ?? 0) * x + (m[index + 4] ?? 0) * y + (m[index + 8] ?? 0) * z + (m[index + 12] ?? 0);
  const w = row(3);
  return {
    x: (row(0) / w / 2 + 0.5) * camera.width,
    y: (0.5 - row(1) / w / 2) * camera.height,
    depth: w,
    clipDepth: row(2) / w,
  };
}

describe('camera', () => {
  it('projects on the CPU as its matrix does on the GPU, whatever the turn', () => {
    const camera = cameraOf();
    camera.orbit(0.7, -0.4);
    camera.pan(35, -20);
    for (const place of [
      [0, 0, 0],
      [3, -2, 5],
      [-8, 9, -10],
    ] as const) {
      const onCpu = project(camera, place);
      const onGpu = throughMatrix(camera, place);
      // f32 on either side: a hundredth of a pixel.
      expect(onCpu.x).toBeCloseTo(onGpu.x, 2);
      expect(onCpu.y).toBeCloseTo(onGpu.y, 2);
      expect(onCpu.depth).toBeCloseTo(onGpu.depth, 3);
      expect(onGpu.clipDepth).toBeGreaterThan(0);
      expect(onGpu.clipDepth).toBeLessThan(1);
    }
  });

  it('draws a plane without distortion', () => {
    const camera = cameraOf();
    const unit = project(camera, [1, 0, 0]).x - project(camera, [0, 0, 0]).x;
    expect(unit).toBeCloseTo(camera.pixelsPerUnit, 3);
    expect(project(camera, [9, 0, 0]).x - project(camera, [8, 0, 0]).x).toBeCloseTo(unit, 2);
    expect(project(camera, [0, 0, 0]).y - project(camera, [0, 1, 0]).y).toBeCloseTo(unit, 2);
  });

  it('holds what is under the cursor when it zooms', () => {
    const camera = cameraOf();
    const place = [4, -3, 0] as const;
    const before = project(camera, place);
    camera.zoom(3, before.x, before.y);
    camera.jump();
    const after = project(camera, place);
    expect(after.x).toBeCloseTo(before.x, 2);
    expect(after.y).toBeCloseTo(before.y, 2);
    expect(after.depth).toBeCloseTo(before.depth / 3, 4);
  });

  it('moves the ground by just as many pixels as it is told', () => {
    const camera = cameraOf();
    camera.orbit(0.5, 0.3);
    const before = project(camera, [0, 0, 0]);
    camera.pan(40, 25);
    const after = project(camera, [0, 0, 0]);
    expect(after.x - before.x).toBeCloseTo(40, 2);
    expect(after.y - before.y).toBeCloseTo(25, 2);
  });

  it.each([2, 3] as const)('fits everything in, in %i dimensions, with no room to spare', (dimensions) => {
    const camera = cameraOf();
    camera.face(dimensions);
    const places = new Float32Array(300).map((_, index) =>
      dimensions === 2 && index % 3 === 2 ? 0 : 10 * Math.sin(index * 12.9),
    );
    camera.fit([0, 0, 0], places, 30);
    camera.jump();
    const out = new Float32Array(300);
    camera.project(places, out, 100);
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < 300; at += 3) {
      const x = out[at] ?? Number.NaN;
      const y = out[at + 1] ?? Number.NaN;
      least = Math.min(least, x, y, camera.width - x, camera.height - y);
    }
    expect(least).toBeCloseTo(30, 1);
  });

  it('arrives, and then moves no more', () => {
    const camera = cameraOf();
    camera.zoom(5, 10, 10);
    let steps = 0;
    while (camera.step(16) && steps < 500) steps++;
    expect(steps).toBeGreaterThan(5);
    expect(steps).toBeLessThan(120);
    expect(camera.moving).toBe(false);
    expect(camera.step(16)).toBe(false);
  });
});
