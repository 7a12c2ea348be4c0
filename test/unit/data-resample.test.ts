import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { resampleSquare } from '../../src/data/resample.ts';

const reference = z
  .array(z.object({ width: z.number(), height: z.number(), size: z.number(), red: z.array(z.number()) }))
  .parse(JSON.parse(readFileSync(new URL('../fixtures/data/resampled.json', import.meta.url), 'utf8')));

/** The picture that make.py resizes, too: sharp edges and noise without a random number. */
function pattern(width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const value = (i * 7919 + (i % width) * 104729) % 256;
    data.set([value, 255 - value, value, 255], i * 4);
  }
  return data;
}

// Pillow rounds between its two passes too, but keeps its weights in 22-bit fixed point.
const STEPS = 1;

test.each(reference)(
  '$width × $height to $size is what Pillow makes of it',
  ({ width, height, size, red }) => {
    const resized = resampleSquare({ data: pattern(width, height), width, height }, size);
    expect([resized.width, resized.height]).toEqual([size, size]);
    const ours = Array.from({ length: size * size }, (_, i) => resized.data[i * 4] ?? Number.NaN);
    expect(red.length).toBe(size * size);
    for (const [i, value] of red.entries())
      expect(Math.abs((ours[i] ?? 0) - value)).toBeLessThanOrEqual(STEPS);
    expect(new Set(Array.from({ length: size * size }, (_, i) => resized.data[i * 4 + 3]))).toEqual(
      new Set([255]),
    );
  },
);
