import type { RgbaImage } from '../../common/image.ts';

/** 8 bits a channel, three of them, row-major from the top left. */
export interface RgbImage {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** As `preprocessor_config.json` numbers them, which is as Pillow does. */
export const FILTERS = { 1: 'lanczos', 2: 'bilinear', 3: 'bicubic' } as const;
export type Filter = (typeof FILTERS)[keyof typeof FILTERS];

/** Half-width in pixels of the coarser grid, and the weight at a distance from the middle. */
const KERNELS: Readonly<Record<Filter, { support: number; weight: (x: number) => number }>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: keys },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

// Pillow's weights for bytes: fixed point with so many bits behind the point that 255 of them, overshoot included, fit 32 bits.
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/**
 * Resizes as Pillow's `Image.resize` does, to the byte: a kernel that widens with the scale, so that shrinking averages over all pixels,
 * first across and then down, with 8 bits in between. Pillow 13 takes some tall pictures down first, and is a step of 255 off here and
 * there (python-pillow/Pillow#9549).
 *
 * @param size of the whole result, of which only `region` is made and returned
 */
export function resize(
  image: RgbImage,
  size: { readonly width: number; readonly height: number },
  filter: Filter,
  region: Region = { left: 0, top: 0, ...size },
): RgbImage {
  const across = computeTaps(image.width, size.width, filter, region.left, region.width);
  const down = computeTaps(image.height, size.height, filter, region.top, region.height);
  // Only the rows that the second pass looks at.
  const firstRow = down.starts[0] ?? 0;
  const rows = (down.ends.at(-1) ?? 0) - firstRow;
  const narrow = new Uint8Array(region.width * rows * 3);
  for (let y = 0; y < rows; y++) {
    resampleLine(image.data, (firstRow + y) * image.width * 3, 3, narrow, y * region.width * 3, 3, across);
  }
  const data = new Uint8Array(region.width * region.height * 3);
  const stride = region.width * 3;
  for (let x = 0; x < region.width; x++) {
    resampleLine(narrow, x * 3 - firstRow * stride, stride, data, x * 3, stride, down);
  }
  return { data, width: region.width, height: region.height };
}

/** Transparent parts as they look on white. */
export function onWhite({ data, width, height }: RgbaImage): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  let to = 0;
  for (let from = 0; from < data.length; from += 4) {
    const alpha = (data[from + 3] ?? 255) / 255;
    for (let channel = 0; channel < 3; channel++)
      rgb[to++] = Math.round((data[from + channel] ?? 0) * alpha + 255 * (1 - alpha));
  }
  return { data: rgb, width, height };
}

interface Taps {
  /** First source pixel of each target pixel, and the one behind its last. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** `width` for each target pixel, of which the first `end − start` count. */
  readonly weights: Int32Array;
  readonly width: number;
}

function computeTaps(from: number, to: number, filter: Filter, first: number, count: number): Taps {
  const kernel = KERNELS[filter];
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const reach = kernel.support * stretch;
  const width = Math.ceil(reach) * 2 + 1;
  const taps = {
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    weights: new Int32Array(count * width),
    width,
  };
  for (let i = 0; i < count; i++) {
    const center = (first + i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(from, Math.trunc(center + reach + 0.5));
    taps.starts[i] = start;
    taps.ends[i] = end;
    const line = Array.from({ length: end - start }, (_, tap) =>
      kernel.weight((start + tap + 0.5 - center) / stretch),
    );
    const sum = line.reduce((a, b) => a + b, 0);
    for (const [tap, weight] of line.entries()) taps.weights[i * width + tap] = toFixed(weight / sum);
  }
  return taps;
}

function toFixed(weight: number): number {
  const scaled = weight * 2 ** FRACTION_BITS;
  return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

function resampleLine(
  from: Uint8Array,
  fromStart: number,
  fromStep: number,
  to: Uint8Array,
  toStart: number,
  toStep: number,
  { starts, ends, weights, width }: Taps,
): void {
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    let at = fromStart + start * fromStep;
    for (let tap = i * width; tap < i * width + end - start; tap++) {
      const weight = weights[tap] ?? 0;
      red += weight * (from[at] ?? 0);
      green += weight * (from[at + 1] ?? 0);
      blue += weight * (from[at + 2] ?? 0);
      at += fromStep;
    }
    const target = toStart + i * toStep;
    to[target] = toByte(red);
    to[target + 1] = toByte(green);
    to[target + 2] = toByte(blue);
  }
}

function toByte(fixed: number): number {
  return Math.max(0, Math.min(255, fixed >> FRACTION_BITS));
}

/** Keys (1981) with a = −0.5, as Pillow has it. */
function keys(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
