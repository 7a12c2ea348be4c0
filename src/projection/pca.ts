import { addScaled, combine, dotProduct, orthonormalize, symmetricEigen } from './block.ts';
import { fitFrame } from './frame.ts';
import { createRandom } from './random.ts';

export interface PcaResult {
  /** n × dims, row-major, centered, largest half extent 10; direction i is scaled like the others, so shape is kept */
  readonly positions: Float32Array<ArrayBuffer>;
  /** n × dims before the scaling: what scikit-learn's `fit_transform` gives, up to sign */
  readonly scores: Float64Array<ArrayBuffer>;
  /** for each direction the share (0..1) of the whole variance */
  readonly explained: readonly number[];
}

// Columns beyond the wanted ones: the error of the wanted ones falls with the gap to the first value outside.
const SPARE_COLUMNS = 10;
const ROUNDS = 200;
// Values that change by less than this share from one round to the next have directions good to about its root.
const SETTLED = 1e-13;

/**
 * Principal component analysis of mean-centered vectors in float64, by subspace iteration on the covariance with
 * Rayleigh–Ritz steps (Halko, Martinsson and Tropp 2011). Deterministic: it always starts from the same directions,
 * and the sign of each is such that its largest entry is positive.
 *
 * @param vectors n × dimension, row-major
 * @param onRound hears of the rounds done, of at most as many
 * @throws {RangeError} when the length is no multiple of the dimension
 */
export function pca(
  vectors: Float32Array,
  dimension: number,
  dims: 2 | 3,
  onRound: (done: number, total: number) => void = () => {},
): PcaResult {
  const n = vectors.length / dimension;
  if (!Number.isInteger(dimension) || dimension < 1 || !Number.isInteger(n)) {
    throw new RangeError(`${vectors.length} numbers are not rows of dimension ${dimension}.`);
  }
  const mean = meanRow(vectors, n, dimension);
  const count = Math.min(dims + SPARE_COLUMNS, dimension);
  const random = createRandom(0);
  let block = Array.from({ length: count }, () =>
    Float64Array.from({ length: dimension }, () => random() - 0.5),
  );
  orthonormalize(block);
  let values: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const images = covarianceTimes(vectors, n, mean, block);
    const projected = block.map((x) => Float64Array.from(images, (y) => dotProduct(x, y)));
    const eigen = symmetricEigen(projected);
    const change = eigen.values.reduce(
      (most, value, i) => (i < dims ? Math.max(most, Math.abs(value - (values[i] ?? 0))) : most),
      0,
    );
    values = eigen.values;
    onRound(round, ROUNDS);
    if (change <= SETTLED * (values[0] ?? 0)) {
      block = combine(block, eigen.vectors);
      break;
    }
    block = combine(images, eigen.vectors);
    orthonormalize(block);
  }
  const directions = block.slice(0, dims).map(withPositivePeak);
  const scores = new Float64Array(n * dims);
  for (let i = 0; i < n; i++) {
    directions.forEach((direction, d) => {
      let sum = 0;
      for (let c = 0; c < dimension; c++) {
        sum += ((vectors[i * dimension + c] ?? 0) - (mean[c] ?? 0)) * (direction[c] ?? 0);
      }
      scores[i * dims + d] = sum;
    });
  }
  const total = totalVariance(vectors, n, mean);
  const explained = Array.from({ length: dims }, (_, d) =>
    total > 0 ? Math.max(0, values[d] ?? 0) / total : 0,
  );
  return { positions: fitFrame(scores, dims), scores, explained };
}

function meanRow(vectors: Float32Array, n: number, dimension: number): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(dimension);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < dimension; c++) mean[c] = (mean[c] ?? 0) + (vectors[i * dimension + c] ?? 0);
  }
  return mean.map((sum) => sum / Math.max(1, n));
}

/** Sum over the rows of the squared distance from the mean. */
function totalVariance(vectors: Float32Array, n: number, mean: Float64Array): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    mean.forEach((value, c) => {
      total += ((vectors[i * mean.length + c] ?? 0) - value) ** 2;
    });
  }
  return total;
}

/** Xᵀ X · block for centered X, one row at a time, so that no n × n or d × d matrix is ever held. */
function covarianceTimes(
  vectors: Float32Array,
  n: number,
  mean: Float64Array,
  block: readonly Float64Array<ArrayBuffer>[],
): Float64Array<ArrayBuffer>[] {
  const dimension = mean.length;
  const out = block.map(() => new Float64Array(dimension));
  const row = new Float64Array(dimension);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < dimension; c++) row[c] = (vectors[i * dimension + c] ?? 0) - (mean[c] ?? 0);
    block.forEach((column, b) => {
      const target = out[b];
      if (target) addScaled(target, dotProduct(column, row), row);
    });
  }
  return out;
}

/** A direction or its opposite: the one whose largest entry is positive. */
export function withPositivePeak(direction: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const peak = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return peak < 0 ? direction.map((value) => -value) : direction;
}
