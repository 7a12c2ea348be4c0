import type { RgbaImage } from '../common/image.ts';

/** A square to try a network with: no two pixels in a row alike, so that nothing of the network sees a constant. */
export function testPicture(side: number, seed: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let pixel = 0; pixel < side * side; pixel++)
    for (let channel = 0; channel < 3; channel++)
      data[pixel * 4 + channel] = (pixel * (31 + channel * 6) + seed * 97) % 256;
  return { data, width: side, height: side };
}
