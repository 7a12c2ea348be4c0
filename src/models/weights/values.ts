/** From the bytes of a tensor to numbers. Everything here is exact, and NaN and the infinities come out as they are. */
import { InvalidWeights, quote } from './errors.ts';
import type { Dtype } from './header.ts';

/** Types that come out as floats without loss (I8 only with its scales, which is the checkpoint's business). */
export function isFloating(dtype: Dtype): boolean {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

/**
 * The values of an F32, F16 or BF16 tensor, exactly: subnormal numbers, signed zeros, infinities and NaN are kept.
 *
 * @param bytes whole elements, at any place in their buffer; where they fill it, the result may take it over
 */
export function toFloats(
  bytes: Uint8Array<ArrayBuffer>,
  dtype: 'F32' | 'F16' | 'BF16',
): Float32Array<ArrayBuffer> {
  const whole = aligned(bytes);
  if (dtype === 'F32') return new Float32Array(whole);
  const words = new Uint16Array(whole);
  const values = new Float32Array(words.length);
  if (dtype === 'BF16') {
    // A bfloat16 is the upper half of a float32.
    const bits = new Uint32Array(values.buffer);
    for (let i = 0; i < words.length; i++) bits[i] = (words[i] ?? 0) << 16;
  } else {
    const table = valuesOfHalves();
    for (let i = 0; i < words.length; i++) values[i] = table[words[i] ?? 0] ?? 0;
  }
  return values;
}

/**
 * The values of an integer tensor (I8, U8, BOOL, I16, U16, I32, U32, I64, U64).
 *
 * @throws {InvalidWeights} when a value is beyond the 32 bits of a signed integer
 */
export function toIntegers(
  bytes: Uint8Array<ArrayBuffer>,
  { dtype, name, file }: { dtype: Dtype; name: string; file: string },
): Int32Array<ArrayBuffer> {
  const whole = aligned(bytes);
  switch (dtype) {
    case 'I8':
      return Int32Array.from(new Int8Array(whole));
    case 'U8':
    case 'BOOL':
      return Int32Array.from(new Uint8Array(whole));
    case 'I16':
      return Int32Array.from(new Int16Array(whole));
    case 'U16':
      return Int32Array.from(new Uint16Array(whole));
    case 'I32':
      return new Int32Array(whole);
    case 'U32':
      return narrow(new Uint32Array(whole), name, file);
    case 'I64':
      return narrow(new BigInt64Array(whole), name, file);
    case 'U64':
      return narrow(new BigUint64Array(whole), name, file);
    default:
      throw new InvalidWeights(
        file,
        `${quote(name)} is ${dtype}, where whole numbers were expected`,
        'It is of another model than was expected; choose another.',
        name,
      );
  }
}

/** The 16-bit words of an F16 or BF16 tensor as they are. */
export function toWords(bytes: Uint8Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  return new Uint16Array(aligned(bytes));
}

/**
 * int8 values times the scale of their row, rounded to float32.
 *
 * @param values rows × columns, row-major
 * @param scales one a row, or a single one for all
 */
export function dequantize(
  values: Int8Array<ArrayBuffer>,
  scales: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(values.length);
  const columns = values.length / scales.length;
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row] ?? 0;
    const end = (row + 1) * columns;
    for (let i = row * columns; i < end; i++) floats[i] = (values[i] ?? 0) * scale;
  }
  return floats;
}

function narrow(
  values: Uint32Array | BigInt64Array | BigUint64Array,
  name: string,
  file: string,
): Int32Array<ArrayBuffer> {
  const narrowed = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i] ?? 0);
    narrowed[i] = value;
    if (narrowed[i] !== value) {
      throw new InvalidWeights(
        file,
        `${quote(name)} holds ${value}, beyond the whole numbers that are read (32 bits)`,
        'It is of another model than was expected; choose another.',
        name,
      );
    }
  }
  return narrowed;
}

/** A buffer of its own: typed arrays need their elements at a multiple of their width, which the format does not promise. */
function aligned(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const fills = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return fills ? bytes.buffer : bytes.slice().buffer;
}

let halves: Float32Array | undefined;

/** The value of every 16-bit float (IEEE 754 binary16), by its bits: a look-up is faster than taking each apart. */
function valuesOfHalves(): Float32Array {
  if (halves) return halves;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    let size = (1 + fraction / 1024) * 2 ** (exponent - 15);
    if (exponent === 0) size = fraction * 2 ** -24;
    if (exponent === 31) size = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    table[bits] = bits & 0x8000 ? -size : size;
  }
  halves = table;
  return table;
}
