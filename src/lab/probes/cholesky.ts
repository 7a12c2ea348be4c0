/**
 * Cholesky's factor L of a positive definite matrix, A = L Lᵀ, in place (Golub and Van Loan 2013, 4.2).
 *
 * @param matrix n × n, row-major; only what is on and below the diagonal is read, and becomes L
 */
export function factorize(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] ?? 0;
      for (let c = 0; c < j; c++) sum -= (matrix[i * n + c] ?? 0) * (matrix[j * n + c] ?? 0);
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / (matrix[j * n + j] ?? 1);
    }
  }
}

/** L⁻¹ · right, in place. */
export function solveLower(factor: Float64Array, n: number, right: Float64Array, first = 0): void {
  for (let i = first; i < n; i++) {
    let sum = right[i] ?? 0;
    for (let c = first; c < i; c++) sum -= (factor[i * n + c] ?? 0) * (right[c] ?? 0);
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
