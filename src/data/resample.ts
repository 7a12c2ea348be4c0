import type { RgbaImage } from '../common/image.ts';

/** Half-width of the cubic kernel, in pixels of the coarser grid. */
const SUPPORT = 2;

interface Taps {
  /** First source pixel of each target pixel. */
  readonly starts: Int32Array;
  /** `width` weights a target pixel, in order, summing to 1. */
  readonly weights: Float32Array;
  readonly width: number;
}

/**
 * Resizes to a square, as image models are trained: bicubic with the kernel widened by the scale, so that shrinking averages
 * over all pixels and nothing aliases. The result is Pillow's `resize(…, BICUBIC)` within a step of 255.
 *
 * @param image  opaque
 */
export function resampleSquare(image: RgbaImage, size: number): RgbaImage {
  const { width, height, data } = image;
  const across = computeTaps(width, size);
  const rows = new Uint8ClampedArray(size * height * 4);
  for (let y = 0; y < height; y++) resampleLine(data, rows, across, y * width * 4, 4, y * size * 4, 4, size);
  const down = computeTaps(height, size);
  const out = new Uint8ClampedArray(size * size * 4);
  for (let x = 0; x < size; x++) resampleLine(rows, out, down, x * 4, size * 4, x * 4, size * 4, size);
  return { data: out, width: size, height: size };
}

function resampleLine(
  from: Uint8ClampedArray,
  to: Uint8ClampedArray,
  { starts, weights, width }: Taps,
  fromStart: number,
  fromStep: number,
  toStart: number,
  toStep: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let at = fromStart + (starts[i] ?? 0) * fromStep;
    for (let tap = i * width; tap < (i + 1) * width; tap++) {
      const weight = weights[tap] ?? 0;
      red += weight * (from[at] ?? 0);
      green += weight * (from[at + 1] ?? 0);
      blue += weight * (from[at + 2] ?? 0);
      at += fromStep;
    }
    const target = toStart + i * toStep;
    to[target] = red;
    to[target + 1] = green;
    to[target + 2] = blue;
    to[target + 3] = 255;
  }
}

function computeTaps(from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const width = Math.min(from, Math.ceil(SUPPORT * stretch) * 2 + 1);
  const starts = new Int32Array(to);
  const weights = new Float32Array(to * width);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const start = Math.min(Math.max(0, Math.floor(center - SUPPORT * stretch + 0.5)), from - width);
    starts[i] = start;
    const line = Float64Array.from({ length: width }, (_, tap) =>
      cubic((start + tap + 0.5 - center) / stretch),
    );
    const sum = line.reduce((a, b) => a + b, 0);
    line.forEach((weight, tap) => {
      weights[i * width + tap] = weight / sum;
    });
  }
  return { starts, weights, width };
}

/** Keys (1981) with a = −0.5, as Pillow has it. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}
