/** Principal directions of a cloud that moves a little from frame to frame. */
import { type Block, combine, dotProduct, orthonormalize, symmetricEigen } from '../../projection/block.ts';
import { createRandom } from '../../projection/random.ts';

export interface LivePca {
  /** n × 2, row-major, centered. */
  readonly scores: Float64Array<ArrayBuffer>;
  /** Of each of the two directions its share of the variance, in 0..1. */
  readonly explained: readonly [number, number];
  /** To begin the next frame with. */
  readonly directions: Block;
}

// Columns beyond the two: where the second value is near the third, they let it settle in few rounds.
const COLUMNS = 8;
const ROUNDS = 60;
// For the eye; a thousandth of the map's radius is less than a pixel.
const SETTLED = 1e-7;

/**
 * The two directions of most variance, by subspace iteration on the covariance from those of the frame before: a few rounds where `pca` of
 * src/projection, which starts anew and goes to the last digit, takes some hundred.
 *
 * @param values n × width, row-major
 */
export function livePca(values: Float32Array, width: number, before: Block = []): LivePca {
  const covariance = covarianceOf(values, width);
  let block = begin(width, before);
  let known = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const images = block.map((column) => Float64Array.from(covariance, (row) => dotProduct(row, column)));
    orthonormalize(images);
    const turned = images.map((column) => Float64Array.from(covariance, (row) => dotProduct(row, column)));
    const eigen = symmetricEigen(images.map((x) => Float64Array.from(turned, (y) => dotProduct(x, y))));
    block = combine(images, eigen.vectors);
    const [first = 0, second = 0] = eigen.values;
    const change = Math.max(Math.abs(first - (known[0] ?? 0)), Math.abs(second - (known[1] ?? 0)));
    known = [first, second];
    if (change <= SETTLED * first) break;
  }
  const total = covariance.reduce((sum, row, at) => sum + (row[at] ?? 0), 0);
  const share = (at: number): number => (total > 0 ? Math.max(0, known[at] ?? 0) / total : 0);
  return { scores: scoresOf(values, width, block), explained: [share(0), share(1)], directions: block };
}

function begin(width: number, before: Block): Float64Array<ArrayBuffer>[] {
  const random = createRandom(0);
  const kept = before.filter((column) => column.length === width).map((column) => column.slice());
  while (kept.length < Math.min(COLUMNS, width)) {
    kept.push(Float64Array.from({ length: width }, () => random() - 0.5));
  }
  orthonormalize(kept);
  return kept;
}

/** Sums of products of centered columns: width × width. */
function covarianceOf(values: Float32Array, width: number): Float64Array<ArrayBuffer>[] {
  const mean = meanOf(values, width);
  const sums = Array.from({ length: width }, () => new Float64Array(width));
  const row = new Float64Array(width);
  for (let from = 0; from < values.length; from += width) {
    for (let at = 0; at < width; at++) row[at] = (values[from + at] ?? 0) - (mean[at] ?? 0);
    for (let i = 0; i < width; i++) {
      const factor = row[i] ?? 0;
      const sum = sums[i];
      if (!sum || factor === 0) continue;
      for (let j = 0; j <= i; j++) sum[j] = (sum[j] ?? 0) + factor * (row[j] ?? 0);
    }
  }
  sums.forEach((sum, i) => {
    for (let j = i + 1; j < width; j++) sum[j] = sums[j]?.[i] ?? 0;
  });
  return sums;
}

function scoresOf(values: Float32Array, width: number, block: Block): Float64Array<ArrayBuffer> {
  const mean = meanOf(values, width);
  const rows = values.length / width;
  const scores = new Float64Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    for (let direction = 0; direction < 2; direction++) {
      const column = block[direction];
      let sum = 0;
      for (let at = 0; at < width; at++) {
        sum += ((values[row * width + at] ?? 0) - (mean[at] ?? 0)) * (column?.[at] ?? 0);
      }
      scores[row * 2 + direction] = sum;
    }
  }
  return scores;
}

function meanOf(values: Float32Array, width: number): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(width);
  for (let at = 0; at < values.length; at++) mean[at % width] = (mean[at % width] ?? 0) + (values[at] ?? 0);
  const rows = Math.max(1, values.length / width);
  return mean.map((sum) => sum / rows);
}
