import type { RgbaImage } from '../../src/common/image.ts';
import { randomSet } from '../data.mjs';
import { SIZE } from './random-clip.ts';

/** Squares of slow colors under noise, each with colors of its own. */
export function randomPictures(count: number): RgbaImage[] {
  return Array.from({ length: count }, (_, at) => {
    const noise = randomSet(1, SIZE * SIZE * 3, at + 1).vectors;
    const data = new Uint8ClampedArray(SIZE * SIZE * 4).fill(255);
    for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
      const [x, y] = [(pixel % SIZE) / SIZE, Math.floor(pixel / SIZE) / SIZE];
      for (let channel = 0; channel < 3; channel++) {
        const wave = Math.sin((at + 1) * (x * (channel + 1) + y * (3 - channel)));
        data[pixel * 4 + channel] = 128 + 90 * wave + 60 * (noise[pixel * 3 + channel] ?? 0);
      }
    }
    return { data, width: SIZE, height: SIZE };
  });
}
