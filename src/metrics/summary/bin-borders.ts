export const LARGEST_FLOAT32 = 3.4028234663852886e38;
export const SMALLEST_NORMAL = 2 ** -126;

/**
 * Borders that sort 32-bit values into bins exactly as 64-bit borders would: the smallest 32-bit number that is not below
 * each border, and after them the largest that is not above the end.
 *
 * @returns bins + 1 numbers
 */
export function binBorders(
  [from, to]: readonly [from: number, to: number],
  bins: number,
): Float32Array<ArrayBuffer> {
  const borders = new Float32Array(bins + 1);
  for (let i = 0; i < bins; i++) borders[i] = roundUp(from + (i * (to - from)) / bins);
  borders[bins] = -roundUp(-to);
  return borders;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The smallest 32-bit number that is not below this one. GPUs take what is smaller than a normal number for 0. */
function roundUp(value: number): number {
  float[0] = value;
  const nearest = float[0] ?? 0;
  if (nearest < value && nearest !== 0) bits[0] = (bits[0] ?? 0) + (nearest < 0 ? -1 : 1);
  const above = float[0] ?? 0;
  if (value > 0 && above < SMALLEST_NORMAL) return SMALLEST_NORMAL;
  if (value <= 0 && above > -SMALLEST_NORMAL) return 0;
  return Math.min(above, LARGEST_FLOAT32);
}
