export interface Isotropy {
  /**
   * IsoScore (Rudman, Gillman, Rayne and Eickhoff 2022): 1 where all directions have the same variance, 0 where one has
   * it all; NaN for a dimension of 1 or without variance.
   */
  readonly isoScore: number;
  /** Participation ratio (Σλ)² / Σλ² of the covariance's spectrum: among how many directions the variance is shared. */
  readonly effectiveDimensions: number;
  /** Mean cosine of all pairs of rows (Ethayarajh 2019): 0 where directions cancel out, 1 where all are one. Zero rows count 0. */
  readonly meanCosine: number;
  /** Rows that the covariance is of. */
  readonly rows: number;
}

/**
 * How evenly vectors use their directions, without any eigenvalue: IsoScore only takes Σλ and Σλ² of the covariance, which
 * are its trace and its squared Frobenius norm, and equals (P − 1) / (d − 1) with P the participation ratio.
 *
 * @param vectors n × dimension, row-major
 * @param onRows hears of the rows done
 */
export function measureIsotropy(
  vectors: Float32Array,
  dimension: number,
  onRows: (done: number, total: number) => void = () => {},
): Isotropy {
  const n = vectors.length / dimension;
  const mean = new Float64Array(dimension);
  const directions = new Float64Array(dimension);
  let nonzero = 0;
  // From the first row on, so that what is constant is exactly so.
  for (let c = 0; c < dimension; c++) mean[c] = vectors[c] ?? 0;
  for (let i = 0; i < n; i++) {
    const row = vectors.subarray(i * dimension, (i + 1) * dimension);
    let squares = 0;
    for (let c = 0; c < dimension; c++) squares += (row[c] ?? 0) ** 2;
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    if (squares > 0) nonzero++;
    for (let c = 0; c < dimension; c++) {
      mean[c] = (mean[c] ?? 0) + ((row[c] ?? 0) - (vectors[c] ?? 0)) / n;
      directions[c] = (directions[c] ?? 0) + (row[c] ?? 0) * factor;
    }
  }
  const { trace, squares } = spectrumSums(vectors, mean, onRows);
  const together = directions.reduce((sum, value) => sum + value * value, 0);
  const effectiveDimensions = (trace * trace) / squares;
  return {
    isoScore: (effectiveDimensions - 1) / (dimension - 1),
    effectiveDimensions,
    meanCosine: (together - nonzero) / (n * (n - 1)),
    rows: n,
  };
}

/** Sums of the eigenvalues of the scatter matrix and of their squares; the factor between it and the covariance cancels out. */
function spectrumSums(
  vectors: Float32Array,
  mean: Float64Array,
  onRows: (done: number, total: number) => void,
) {
  const dimension = mean.length;
  const n = vectors.length / dimension;
  const scatter = new Float64Array(dimension * dimension);
  const row = new Float64Array(dimension);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < dimension; c++) row[c] = (vectors[i * dimension + c] ?? 0) - (mean[c] ?? 0);
    for (let a = 0; a < dimension; a++) {
      const factor = row[a] ?? 0;
      const start = a * dimension;
      for (let b = a; b < dimension; b++)
        scatter[start + b] = (scatter[start + b] ?? 0) + factor * (row[b] ?? 0);
    }
    if (i % 256 === 255) onRows(i + 1, n);
  }
  let trace = 0;
  let squares = 0;
  for (let a = 0; a < dimension; a++) {
    trace += scatter[a * dimension + a] ?? 0;
    squares += (scatter[a * dimension + a] ?? 0) ** 2;
    for (let b = a + 1; b < dimension; b++) squares += 2 * (scatter[a * dimension + b] ?? 0) ** 2;
  }
  return { trace, squares };
}
