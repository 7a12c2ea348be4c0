/** Position tables for pictures of another size than the network was trained with. */

/** What a new place takes of the old ones along one axis. */
type Taps = readonly (readonly { readonly from: number; readonly weight: number }[])[];

// PyTorch's bicubic kernel has this slope at 1; where it averages while it shrinks, it takes Pillow's.
const SLOPE = -0.75;
const AVERAGING_SLOPE = -0.5;

/**
 * Resizes a square grid of vectors as PyTorch's `interpolate(mode="bicubic", align_corners=False)` does when it is given a size.
 *
 * @param grid from × from × width, row-major
 * @param averages its `antialias`: when shrinking, over all old places
 * @returns to × to × width
 */
export function resizeGrid(
  grid: Float32Array,
  from: number,
  to: number,
  averages: boolean,
): Float32Array<ArrayBuffer> {
  const taps = averages ? averagingTaps(from, to) : bicubicTaps(from, to);
  const width = grid.length / (from * from);
  const across = resample(grid, taps, { lines: from, from, to, width });
  // Columns as lines, and back.
  const turned = transpose(across, from, to, width);
  return transpose(resample(turned, taps, { lines: to, from, to, width }), to, to, width);
}

function bicubicTaps(from: number, to: number): Taps {
  return Array.from({ length: to }, (_, i) => {
    const center = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(center) - 1;
    return Array.from({ length: 4 }, (_, tap) => ({
      from: Math.min(from - 1, Math.max(0, first + tap)),
      weight: keys(first + tap - center, SLOPE),
    }));
  });
}

function averagingTaps(from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - 2 * stretch + 0.5));
    const end = Math.min(from, Math.trunc(center + 2 * stretch + 0.5));
    const taps = Array.from({ length: end - start }, (_, tap) => ({
      from: start + tap,
      weight: keys((start + tap + 0.5 - center) / stretch, AVERAGING_SLOPE),
    }));
    const sum = taps.reduce((all, { weight }) => all + weight, 0);
    return taps.map((tap) => ({ ...tap, weight: tap.weight / sum }));
  });
}

/** Keys (1981). */
function keys(x: number, slope: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((slope + 2) * t - (slope + 3)) * t * t + 1;
  if (t < 2) return ((slope * t - 5 * slope) * t + 8 * slope) * t - 4 * slope;
  return 0;
}

function resample(
  grid: Float32Array,
  taps: Taps,
  { lines, from, to, width }: { lines: number; from: number; to: number; width: number },
): Float32Array {
  const made = new Float32Array(lines * to * width);
  for (let line = 0; line < lines; line++) {
    for (const [i, own] of taps.entries()) {
      for (let at = 0; at < width; at++) {
        let sum = 0;
        for (const tap of own) sum += tap.weight * (grid[(line * from + tap.from) * width + at] ?? 0);
        made[(line * to + i) * width + at] = sum;
      }
    }
  }
  return made;
}

/** rows × columns × width to columns × rows × width. */
function transpose(
  grid: Float32Array,
  rows: number,
  columns: number,
  width: number,
): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(grid.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const start = (row * columns + column) * width;
      turned.set(grid.subarray(start, start + width), (column * rows + row) * width);
    }
  }
  return turned;
}
