/** From float32 to types that take a half or a quarter of the room, with the error that this makes. */
import { bitsOfHalf, roundToHalf } from '../../common/half.ts';
import type { QuantizedRows } from './checkpoint.ts';

// Sizes from here on round to infinity: half-way between the largest half, 65504, and 2^16, which would come next.
const ROUNDS_TO_INFINITY = 65520;
const INFINITY_BITS = 0x7c00;
const NAN_BITS = 0x7e00;
const LARGEST_INT8 = 127;

/** True when float16 holds every value but for rounding: no finite one is so large that it would become infinite. */
export function fitsHalves(values: Float32Array): boolean {
  for (const value of values) {
    const size = Math.abs(value);
    if (size >= ROUNDS_TO_INFINITY && size !== Number.POSITIVE_INFINITY) return false;
  }
  return true;
}

/** True when there is no NaN and no infinity. */
export function isFiniteThroughout(values: Float32Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}

/**
 * The nearest 16-bit floats, ties to even, as their bits. The error is at most 2^-11 of a value, and 2^-25 for values below 2^-14;
 * NaN and the infinities stay what they are. For values that {@link fitsHalves}: larger ones become infinite.
 */
export function toHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (Number.isNaN(value)) halves[i] = NAN_BITS;
    else if (Math.abs(value) >= ROUNDS_TO_INFINITY) halves[i] = INFINITY_BITS | (value < 0 ? 0x8000 : 0);
    else halves[i] = bitsOfHalf(roundToHalf(value));
  }
  return halves;
}

/**
 * int8 with a scale a row, symmetric: the scale is the row's largest size over 127, so that 0 stays 0 and the error of a value is at
 * most half its row's scale, 1/254 of the row's largest size (and rounding, 2^-23 of the value). Only rows whose sizes are all below
 * 2^-118 may lose more, for float32 has fewer digits for their scale.
 *
 * @param values rows × columns, row-major, all finite
 */
export function toInt8Rows(values: Float32Array, rows: number): QuantizedRows {
  const quantized = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  const columns = rows === 0 ? 0 : values.length / rows;
  for (let row = 0; row < rows; row++) {
    const begin = row * columns;
    const end = begin + columns;
    let largest = 0;
    for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
    scales[row] = largest / LARGEST_INT8;
    const scale = scales[row] ?? 0;
    if (scale === 0) continue;
    for (let i = begin; i < end; i++) {
      const steps = Math.round((values[i] ?? 0) / scale);
      quantized[i] = Math.max(-LARGEST_INT8, Math.min(LARGEST_INT8, steps));
    }
  }
  return { values: quantized, scales };
}
