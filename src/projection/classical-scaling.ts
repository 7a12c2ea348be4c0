import { fitFrame } from './frame.ts';
import { type PcaResult, withPositivePeak } from './pca.ts';
import { symmetricSpectrum } from './symmetric-spectrum.ts';

/** Distances that a map is scaled from. */
export interface LandmarkDistances {
  /** landmarks × n, row-major */
  readonly distances: Float32Array<ArrayBuffer>;
  readonly n: number;
  /** The items that the rows are of; null where it is all n. */
  readonly landmarks: Uint32Array<ArrayBuffer> | null;
}

/**
 * Positions and scores as of {@link PcaResult}; `explained` is of the positive eigenvalues: what distances of a flat space
 * would have, of landmarks where only those were measured.
 */
export interface ScalingResult extends PcaResult {
  /**
   * Σ|λ| of the negative eigenvalues over that of all: 0 where the distances are those of a Euclidean space, more the less
   * any map can show them.
   */
  readonly negativeShare: number;
}

/**
 * Classical scaling (Torgerson 1952; Gower 1966): the directions of −½ J D² J with the largest eigenvalues, D² the squared
 * distances and J the centering. Of Euclidean distances it gives what PCA gives. With landmarks the others are placed by
 * their distances to those (de Silva and Tenenbaum 2004, landmark MDS).
 *
 * @param onRow hears of the rows done, of how many: the time grows with the cube of the landmarks
 * @throws {RangeError} when there are not as many distances as landmarks × n
 */
export function classicalScaling(
  { distances, n, landmarks }: LandmarkDistances,
  dims: 2 | 3,
  onRow: (done: number, total: number) => void = () => {},
): ScalingResult {
  const size = landmarks?.length ?? n;
  if (distances.length !== size * n) {
    throw new RangeError(`There are ${distances.length} distances, not ${size} × ${n}.`);
  }
  const squares = new Float64Array(size * size);
  const means = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      // Those of the two directions may differ in the last digit.
      const there = distances[i * n + (landmarks?.[j] ?? j)] ?? 0;
      const back = distances[j * n + (landmarks?.[i] ?? i)] ?? 0;
      const square = i === j ? 0 : (there * there + back * back) / 2;
      squares[i * size + j] = square;
      means[i] = (means[i] ?? 0) + square / size;
    }
  }
  const mean = means.reduce((sum, value) => sum + value / size, 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      squares[at] = -((squares[at] ?? 0) - (means[i] ?? 0) - (means[j] ?? 0) + mean) / 2;
    }
  }
  const { values, vectors } = symmetricSpectrum(squares, size, dims, onRow);
  const positive = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const negative = values.reduce((sum, value) => sum + Math.max(0, -value), 0);
  const scores = new Float64Array(n * dims);
  const explained = Array.from({ length: dims }, (_, d) => {
    const value = values[d] ?? 0;
    const vector = vectors[d];
    // What is left of eigenvalues that are zero is rounding error.
    if (!vector || value <= positive * size * Number.EPSILON) return 0;
    const direction = withPositivePeak(vector);
    const root = Math.sqrt(value);
    for (let i = 0; i < n; i++) {
      scores[i * dims + d] = landmarks
        ? placeAmong(distances, n, i, means, direction) / root
        : (direction[i] ?? 0) * root;
    }
    return value / positive;
  });
  return {
    positions: fitFrame(scores, dims),
    scores,
    explained,
    negativeShare: negative > 0 ? negative / (positive + negative) : 0,
  };
}

/** −½ Σ over the landmarks of their entry × (squared distance − its mean over the landmarks). */
function placeAmong(
  distances: Float32Array,
  n: number,
  item: number,
  means: Float64Array,
  direction: Float64Array,
): number {
  let sum = 0;
  for (let l = 0; l < means.length; l++) {
    sum += (direction[l] ?? 0) * ((distances[l * n + item] ?? 0) ** 2 - (means[l] ?? 0));
  }
  return -sum / 2;
}
