import { dotAt } from './rows.ts';

/**
 * Cholesky's factor L of a positive definite matrix, A = L Lᵀ, in place (Golub and Van Loan 2013, 4.2).
 *
 * @param matrix n × n, row-major; only what is on and below the diagonal is read, and becomes L
 */
export function factorize(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = (matrix[i * n + j] ?? 0) - dotAt(matrix, i * n, matrix, j * n, j);
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / (matrix[j * n + j] ?? 1);
    }
  }
}

/** L⁻¹ · right, in place; entries of `right` before `first` are 0. */
export function solveLower(factor: Float64Array, n: number, right: Float64Array, first = 0): void {
  for (let i = first; i < n; i++) {
    const sum = (right[i] ?? 0) - dotAt(factor, i * n + first, right, first, i - first);
    right[i] = sum / (factor[i * n + i] ?? 1);
  }
}

/** (L Lᵀ)⁻¹ · right, in place. */
export function solve(factor: Float64Array, n: number, right: Float64Array): void {
  solveLower(factor, n, right);
  for (let i = n - 1; i >= 0; i--) {
    const solved = (right[i] ?? 0) / (factor[i * n + i] ?? 1);
    right[i] = solved;
    for (let c = 0; c < i; c++) right[c] = (right[c] ?? 0) - (factor[i * n + c] ?? 0) * solved;
  }
}
