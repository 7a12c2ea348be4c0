// Sound, motion and drawing of the lab's world against plain definitions: a naive Fourier transform, a path that is walked
// step by step, shapes with known areas.
import { describe, expect, test } from 'vitest';
import { AUDIO_HZ, AUDIO_SAMPLES, renderAudio } from '../../src/lab/world/audio.ts';
import { pictureOf } from '../../src/lab/world/display.ts';
import { LEVELS } from '../../src/lab/world/factors.ts';
import { createFourier } from '../../src/lab/world/fft.ts';
import { renderImage } from '../../src/lab/world/image.ts';
import { IMU_HZ, IMU_STEPS, motionAt, renderImu } from '../../src/lab/world/imu.ts';
import { renderDepth, renderThermal } from '../../src/lab/world/maps.ts';
import { MEL, melFilters, renderMel } from '../../src/lab/world/mel.ts';
import { curvatureAt, PATH_LENGTH, trailOf } from '../../src/lab/world/paths.ts';
import { changeScene, sceneAt, scenesAt } from '../../src/lab/world/scene.ts';
import { distanceIn, fieldOf, SHAPE_REACH } from '../../src/lab/world/shapes.ts';
import { noiseAt } from '../../src/lab/world/streams.ts';
import { encodeWav } from '../../src/lab/world/wav.ts';

// Sums of some hundred products in float64.
const FOURIER_TOLERANCE = 1e-10;
// The picture is kept in float32: its logarithms, up to 16, round at 1e-6.
const MEL_TOLERANCE = 1e-5;

describe('sound', () => {
  test.each([2, 8, 256])('the Fourier transform of %i numbers is that of the definition', (size) => {
    const real = Float64Array.from({ length: size }, (_, i) => noiseAt(1, i));
    const imaginary = Float64Array.from({ length: size }, (_, i) => noiseAt(2, i));
    const [x, y] = [real.slice(), imaginary.slice()];
    createFourier(size).transform(x, y);
    for (let k = 0; k < size; k++) {
      let a = 0;
      let b = 0;
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * k * n) / size;
        a += (real[n] ?? 0) * Math.cos(angle) - (imaginary[n] ?? 0) * Math.sin(angle);
        b += (real[n] ?? 0) * Math.sin(angle) + (imaginary[n] ?? 0) * Math.cos(angle);
      }
      expect(Math.abs((x[k] ?? 0) - a)).toBeLessThan(FOURIER_TOLERANCE);
      expect(Math.abs((y[k] ?? 0) - b)).toBeLessThan(FOURIER_TOLERANCE);
    }
  });

  test('sizes that are no power of two are refused', () => {
    expect(() => createFourier(48)).toThrow(
      'A Fourier transform here takes a power of two from 2. This size is 48.',
    );
  });

  test('the log-mel picture is that of a naive transform', () => {
    const samples = renderAudio(sceneAt(4, 0));
    const mel = renderMel(samples, AUDIO_HZ);
    const filters = melFilters(AUDIO_HZ);
    const bins = MEL.window / 2 + 1;
    const weights = Array.from(
      { length: MEL.window },
      (_, i) => 0.5 * (1 - Math.cos((2 * Math.PI * i) / MEL.window)),
    );
    const gain = 2 / weights.reduce((sum, weight) => sum + weight);
    for (const column of [0, 1, 30, 63]) {
      const power = Array.from({ length: bins }, (_, k) => {
        let a = 0;
        let b = 0;
        weights.forEach((weight, n) => {
          const value = weight * (samples[column * MEL.hop - MEL.window / 2 + n] ?? 0);
          a += value * Math.cos((2 * Math.PI * k * n) / MEL.window);
          b += value * Math.sin((2 * Math.PI * k * n) / MEL.window);
        });
        return gain ** 2 * (a * a + b * b);
      });
      for (let row = 0; row < MEL.rows; row++) {
        const energy = power.reduce((sum, p, k) => sum + p * (filters[row * bins + k] ?? 0), 0);
        const difference = (mel[row * MEL.columns + column] ?? 0) - Math.log(energy + MEL.floor);
        expect(Math.abs(difference)).toBeLessThan(MEL_TOLERANCE);
      }
    }
  });

  test('no filter is empty, and a tone is loudest in the filter around it', () => {
    const bins = MEL.window / 2 + 1;
    const filters = melFilters(AUDIO_HZ);
    for (let row = 0; row < MEL.rows; row++) {
      expect(Math.max(...filters.subarray(row * bins, (row + 1) * bins))).toBeGreaterThan(0.3);
    }
    // Bin 32 of 256 at 8,000 Hz; at full scale its power is 1.
    const tone = Float32Array.from({ length: AUDIO_SAMPLES }, (_, i) =>
      Math.sin((2 * Math.PI * 1000 * i) / AUDIO_HZ),
    );
    const mel = renderMel(tone, AUDIO_HZ);
    const column = Array.from({ length: MEL.rows }, (_, row) => mel[row * MEL.columns + 32] ?? 0);
    const loudest = column.indexOf(Math.max(...column));
    const weights = Array.from({ length: MEL.rows }, (_, row) => filters[row * bins + 32] ?? 0);
    expect(loudest).toBe(weights.indexOf(Math.max(...weights)));
  });

  test('sounds are as loud as their scene says, and none is cut', () => {
    for (const scene of scenesAt(6, 0, 24)) {
      const samples = renderAudio(scene);
      const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
      // The room's noise is 15 dB below the quietest: it adds 0.15 dB, and a little more or less by chance.
      expect(Math.abs(20 * Math.log10(rms) - scene.exact.decibels)).toBeLessThan(0.5);
      expect(samples.every((sample) => Math.abs(sample) < 1)).toBe(true);
    }
  });

  test('a WAV file has the header that players read, and the samples', () => {
    const bytes = encodeWav(Float32Array.of(0, 0.5, -1, 2), 8_000);
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('RIFF');
    expect(view.getUint32(4, true)).toBe(bytes.length - 8);
    expect(view.getUint32(24, true)).toBe(8_000);
    expect(view.getUint32(40, true)).toBe(8);
    expect([0, 1, 2, 3].map((i) => view.getInt16(44 + 2 * i, true))).toEqual([0, 16_384, -32_767, 32_767]);
  });
});

describe('motion', () => {
  test.each(LEVELS.path)('on the path “%s” the sensor reads what the walked path has', (path) => {
    const scene = changeScene(sceneAt(8, 2), { path, speed: 'fast' });
    const ride = { start: 0.21, sway: 1.1 };
    // Positions by small steps along the heading, from curvature alone; then accelerations as their differences.
    const step = 1e-4;
    const count = 8_000;
    const places = new Float64Array(3 * count);
    const headings = new Float64Array(count);
    let [x, y, z, heading] = [0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      places.set([x, y, z], 3 * i);
      headings[i] = heading;
      const { s, speed, pitch } = motionAt(scene, ride, (i + 0.5) * step);
      const turn = speed * scene.exact.hand * curvatureAt(path, s) * step;
      x += speed * step * Math.cos(pitch) * Math.cos(heading + turn / 2);
      y += speed * step * Math.cos(pitch) * Math.sin(heading + turn / 2);
      z += speed * step * Math.sin(pitch);
      heading += turn;
    }
    const second = (i: number, axis: number): number =>
      ((places[3 * (i + 1) + axis] ?? 0) -
        2 * (places[3 * i + axis] ?? 0) +
        (places[3 * (i - 1) + axis] ?? 0)) /
      step ** 2;
    let worst = 0;
    for (let i = 100; i < count - 1; i += 97) {
      const { s, speed, acceleration, yawRate, pitch, pitchRate } = motionAt(scene, ride, i * step);
      // Where the curvature jumps, differences across the jump say nothing.
      const near = [s - 0.001, s + 0.001].map((at) => curvatureAt(path, at));
      if (Math.abs((near[0] ?? 0) - (near[1] ?? 0)) > 1) continue;
      const psi = headings[i] ?? 0;
      const [ax, ay, az] = [second(i, 0), second(i, 1), second(i, 2)];
      const level = Math.cos(psi) * ax + Math.sin(psi) * ay;
      worst = Math.max(
        worst,
        Math.abs(Math.cos(pitch) * level + Math.sin(pitch) * az - acceleration),
        Math.abs(Math.cos(psi) * ay - Math.sin(psi) * ax - speed * yawRate * Math.cos(pitch)),
        Math.abs(Math.cos(pitch) * az - Math.sin(pitch) * level - speed * pitchRate),
      );
    }
    // m/s², where the largest is about 20: what differences over 0.1 ms leave.
    expect(worst).toBeLessThan(0.02);
  });

  test('turning the readings together gives the path’s whole turn', () => {
    const scene = changeScene(sceneAt(8, 3), { path: 'circle', speed: 'steady' });
    const imu = renderImu(scene);
    let turned = 0;
    for (let step = 0; step < IMU_STEPS; step++) turned += (imu[step * 6 + 5] ?? 0) / IMU_HZ;
    const expected =
      ((scene.exact.speed * IMU_STEPS) / IMU_HZ / PATH_LENGTH) * 2 * Math.PI * scene.exact.hand;
    // A sensor that is mounted up to 5° askew, with offsets, on a body that sways.
    expect(Math.abs(turned / expected - 1)).toBeLessThan(0.05);
  });

  test('at every speed a recording has a whole period of the path', () => {
    for (const { exact } of scenesAt(8, 0, 200)) {
      expect((exact.speed * IMU_STEPS) / IMU_HZ).toBeGreaterThan(PATH_LENGTH);
    }
  });

  test.each(LEVELS.path)('the trail “%s” is framed: from the origin, at most 1 away', (path) => {
    const { points, count } = trailOf(path);
    const distances = Array.from({ length: count }, (_, i) =>
      Math.hypot(points[2 * i] ?? 0, points[2 * i + 1] ?? 0),
    );
    expect(distances[0]).toBe(0);
    expect(Math.max(...distances)).toBeCloseTo(1, 6);
  });
});

describe('drawing', () => {
  test.each(LEVELS.shape)('the field of “%s” is a signed distance', (shape) => {
    const field = fieldOf(shape);
    let inside = 0;
    let steepest = 0;
    let lowestOutside = Number.POSITIVE_INFINITY;
    const step = 0.04;
    for (let y = -1.6; y < 1.6; y += step) {
      for (let x = -1.6; x < 1.6; x += step) {
        const here = distanceIn(field, x, y);
        if (here < 0) inside += step ** 2;
        steepest = Math.max(steepest, Math.abs(distanceIn(field, x + step, y) - here) / step);
        if (Math.hypot(x, y) > SHAPE_REACH) lowestOutside = Math.min(lowestOutside, here);
      }
    }
    // No distance changes faster than one moves; a little is left for rounding to float32.
    expect(steepest).toBeLessThan(1.001);
    expect(lowestOutside).toBeGreaterThan(0);
    // Of a circle's π; the moon has the least.
    expect(inside).toBeGreaterThan(0.3 * Math.PI);
    expect(inside).toBeLessThan(1.02 * Math.PI);
  });

  test('things stay in the frame, whatever their place and size', () => {
    for (const { exact } of scenesAt(12, 0, 500)) {
      const room = Math.min(exact.x, 1 - exact.x, exact.y, 1 - exact.y);
      expect(room).toBeGreaterThan(exact.radius);
    }
  });

  test('all maps agree on where the thing is', () => {
    const side = 48;
    for (const scene of scenesAt(13, 0, 40)) {
      const { x, y, celsius, distanceM } = scene.exact;
      if (scene.levels.shape === 'ring' || scene.levels.shape === 'moon') continue;
      const middle = Math.floor(y * side) * side + Math.floor(x * side);
      // Five standard deviations of the noise.
      expect(Math.abs((renderThermal(scene, side)[middle] ?? 0) - celsius)).toBeLessThan(4.5);
      const meters = renderDepth(scene, side)[middle] ?? 0;
      expect(meters).toBeLessThan(distanceM + 0.1);
      expect(meters).toBeGreaterThan(distanceM - 0.42);
      const red = changeScene(scene, { color: 'red', texture: 'plain' });
      const pixel = renderImage(red, side).subarray(middle * 3, middle * 3 + 3);
      expect((pixel[0] ?? 0) - (pixel[1] ?? 0)).toBeGreaterThan(0.2);
    }
  });

  test('every signal has a picture for eyes, opaque and not of one color', () => {
    for (const modality of ['image', 'audio', 'depth', 'thermal', 'imu'] as const) {
      const { data, width, height } = pictureOf(sceneAt(1, 5), modality, 40);
      expect([width, height, data.length]).toEqual([40, 40, 6_400]);
      const colors = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        colors.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      }
      expect(data.filter((_, at) => at % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
      expect(colors.size).toBeGreaterThan(3);
    }
  });
});
