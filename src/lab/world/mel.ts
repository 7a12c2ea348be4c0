import { createFourier } from './fft.ts';

/** How a sound becomes a picture. */
export const MEL = {
  /** Samples that one column looks at, weighted by a Hann window. */
  window: 256,
  /** Samples from one column to the next. */
  hop: 125,
  columns: 64,
  rows: 32,
  lowestHz: 60,
  highestHz: 4_000,
  /** Added to the power before the logarithm, so that silence is a number. */
  floor: 1e-7,
} as const;

const fourier = createFourier(MEL.window);
const windowWeights = Float64Array.from(
  { length: MEL.window },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / MEL.window),
);
// A full-scale sine then has the power 1 in its bin, whatever the window.
const POWER_SCALE = (2 / windowWeights.reduce((sum, weight) => sum + weight)) ** 2;

/** The mel scale of HTK (O'Shaughnessy 1987). */
export function melOf(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function hzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/**
 * Triangular filters, evenly spaced on the mel scale, each 1 at its middle and 0 at its neighbors' middles.
 *
 * @returns rows × (window / 2 + 1), row-major; row 0 is the highest
 */
export function melFilters(rateHz: number): Float64Array {
  const bins = MEL.window / 2 + 1;
  const filters = new Float64Array(MEL.rows * bins);
  const lowest = melOf(MEL.lowestHz);
  const step = (melOf(MEL.highestHz) - lowest) / (MEL.rows + 1);
  for (let filter = 0; filter < MEL.rows; filter++) {
    const from = hzOf(lowest + filter * step);
    const middle = hzOf(lowest + (filter + 1) * step);
    const to = hzOf(lowest + (filter + 2) * step);
    for (let bin = 0; bin < bins; bin++) {
      const hz = (bin * rateHz) / MEL.window;
      const weight = Math.min((hz - from) / (middle - from), (to - hz) / (to - middle));
      filters[(MEL.rows - 1 - filter) * bins + bin] = Math.max(0, weight);
    }
  }
  return filters;
}

interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

const bands = new Map<number, readonly Band[]>();

/** The filters without their zeros. */
function bandsOf(rateHz: number): readonly Band[] {
  const known = bands.get(rateHz);
  if (known) return known;
  const bins = MEL.window / 2 + 1;
  const filters = melFilters(rateHz);
  const made = Array.from({ length: MEL.rows }, (_, row) => {
    const filter = filters.subarray(row * bins, (row + 1) * bins);
    const first = filter.findIndex((weight) => weight > 0);
    const last = filter.findLastIndex((weight) => weight > 0);
    return { first, weights: filter.slice(first, last + 1) };
  });
  bands.set(rateHz, made);
  return made;
}

/**
 * The log-mel picture of a sound: ln(power + floor) of `MEL.rows` bands, highest first, by `MEL.columns` times.
 * Column c looks at the samples around c × hop; before the beginning and after the end is silence.
 *
 * @param samples −1..1
 * @returns rows × columns, row-major, natural logarithms
 */
export function renderMel(samples: Float32Array, rateHz: number): Float32Array<ArrayBuffer> {
  const mel = new Float32Array(MEL.rows * MEL.columns);
  drawMel(samples, rateHz, mel);
  return mel;
}

/** The same into a picture that is there, such as a row of a batch. */
export function drawMel(samples: Float32Array, rateHz: number, mel: Float32Array): void {
  const filters = bandsOf(rateHz);
  const padded = new Float64Array(Math.max(samples.length, MEL.columns * MEL.hop) + MEL.window);
  padded.set(samples, MEL.window / 2);
  const real = new Float64Array(MEL.window);
  const imaginary = new Float64Array(MEL.window);
  const bins = MEL.window / 2 + 1;
  const powers: readonly [Float64Array, Float64Array] = [new Float64Array(bins), new Float64Array(bins)];
  // Two real columns go through one complex transform: their spectra are its even and its odd part.
  for (let column = 0; column < MEL.columns; column += 2) {
    takeWindow(padded, column * MEL.hop, real);
    takeWindow(padded, (column + 1) * MEL.hop, imaginary);
    fourier.transform(real, imaginary);
    splitPowers(real, imaginary, powers);
    powers.forEach((power, part) => {
      for (let row = 0; row < MEL.rows; row++) {
        const { first, weights } = filters[row] ?? { first: 0, weights: power };
        let sum = MEL.floor;
        for (let i = 0; i < weights.length; i++) sum += (weights[i] ?? 0) * (power[first + i] ?? 0);
        mel[row * MEL.columns + column + part] = Math.log(sum);
      }
    });
  }
}

function takeWindow(samples: Float64Array, start: number, into: Float64Array): void {
  for (let i = 0; i < MEL.window; i++) into[i] = (windowWeights[i] ?? 0) * (samples[start + i] ?? 0);
}

function splitPowers(
  real: Float64Array,
  imaginary: Float64Array,
  [first, second]: readonly [Float64Array, Float64Array],
): void {
  for (let bin = 0; bin <= MEL.window / 2; bin++) {
    const mirror = (MEL.window - bin) % MEL.window;
    const a = real[bin] ?? 0;
    const b = imaginary[bin] ?? 0;
    const c = real[mirror] ?? 0;
    const d = imaginary[mirror] ?? 0;
    first[bin] = (POWER_SCALE / 4) * ((a + c) ** 2 + (b - d) ** 2);
    second[bin] = (POWER_SCALE / 4) * ((b + d) ** 2 + (c - a) ** 2);
  }
}
