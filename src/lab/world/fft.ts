/** Transforms of one size, in place. */
export interface Fourier {
  readonly size: number;
  /** Replaces size complex numbers by Σ xₙ e^(−2πi kn / size). */
  transform(real: Float64Array, imaginary: Float64Array): void;
}

/**
 * The radix-2 fast Fourier transform (Cooley and Tukey 1965), with its sines made once.
 *
 * @param size a power of two
 * @throws {RangeError} for any other size
 */
export function createFourier(size: number): Fourier {
  const bits = Math.log2(size);
  if (!Number.isInteger(bits) || size < 2) {
    throw new RangeError(`A Fourier transform here takes a power of two from 2. This size is ${size}.`);
  }
  const reversed = Uint32Array.from({ length: size }, (_, i) => {
    let mirror = 0;
    for (let bit = 0; bit < bits; bit++) mirror |= ((i >> bit) & 1) << (bits - 1 - bit);
    return mirror;
  });
  const cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  return {
    size,
    transform(real, imaginary) {
      for (let i = 0; i < size; i++) {
        const other = reversed[i] ?? 0;
        if (other <= i) continue;
        swap(real, i, other);
        swap(imaginary, i, other);
      }
      for (let half = 1; half < size; half *= 2) {
        const stride = size / (2 * half);
        for (let start = 0; start < size; start += 2 * half) {
          for (let k = 0; k < half; k++) {
            const cos = cosines[k * stride] ?? 0;
            const sin = sines[k * stride] ?? 0;
            const low = start + k;
            const high = low + half;
            const a = real[high] ?? 0;
            const b = imaginary[high] ?? 0;
            const x = a * cos - b * sin;
            const y = a * sin + b * cos;
            const u = real[low] ?? 0;
            const v = imaginary[low] ?? 0;
            real[high] = u - x;
            imaginary[high] = v - y;
            real[low] = u + x;
            imaginary[low] = v + y;
          }
        }
      }
    },
  };
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i] ?? 0;
  values[i] = values[j] ?? 0;
  values[j] = kept;
}
