/** A few columns of equal length: a basis of a small subspace. */
export type Block = readonly Float64Array<ArrayBuffer>[];

export function dotProduct(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] ?? 0) * (y[i] ?? 0);
  return sum;
}

/** y += factor · x */
export function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = (y[i] ?? 0) + factor * (x[i] ?? 0);
}

/**
 * Makes the columns orthonormal in place, and orthogonal to `against` (itself orthonormal), by Gram and Schmidt, twice
 * for accuracy. A column that depends on the ones before becomes zero.
 */
export function orthonormalize(columns: Block, against: Block = []): void {
  columns.forEach((column, c) => {
    const before = Math.sqrt(dotProduct(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of [...against, ...columns.slice(0, c)]) {
        addScaled(column, -dotProduct(other, column), other);
      }
    }
    const norm = Math.sqrt(dotProduct(column, column));
    // Below this share, what is left is rounding error and not a direction.
    const factor = norm > before * 1e-12 ? 1 / norm : 0;
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) * factor;
  });
}

/** The columns times a small matrix: result[r] = Σ over c of columns[c] · matrix[r][c]. */
export function combine(columns: Block, matrix: readonly Float64Array[]): Float64Array<ArrayBuffer>[] {
  return matrix.map((factors) => {
    const out = new Float64Array(columns[0]?.length ?? 0);
    columns.forEach((column, c) => {
      addScaled(out, factors[c] ?? 0, column);
    });
    return out;
  });
}

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi rotations, largest value first.
 *
 * @param matrix p × p, as rows; not changed
 * @returns `vectors[i]` belongs to `values[i]`
 */
export function symmetricEigen(matrix: readonly Float64Array[]): {
  values: number[];
  vectors: Float64Array<ArrayBuffer>[];
} {
  const p = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const v = a.map((_, i) => Float64Array.from({ length: p }, (_value, j) => (i === j ? 1 : 0)));
  const get = (m: readonly Float64Array[], i: number, j: number): number => m[i]?.[j] ?? 0;
  // Converges quadratically: a few sweeps do; the bound only guards against a matrix of NaN.
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        all += get(a, i, j) ** 2;
        if (i !== j) off += get(a, i, j) ** 2;
      }
    }
    if (!(off > all * 1e-30)) break;
    for (let i = 0; i < p; i++) {
      for (let j = i + 1; j < p; j++) rotate(a, v, i, j);
    }
  }
  const order = Array.from({ length: p }, (_, i) => i).sort((i, j) => get(a, j, j) - get(a, i, i));
  return {
    values: order.map((i) => get(a, i, i)),
    vectors: order.map((i) => Float64Array.from({ length: p }, (_, r) => get(v, r, i))),
  };
}

function rotate(a: readonly Float64Array[], v: readonly Float64Array[], i: number, j: number): void {
  const rowI = a[i];
  const rowJ = a[j];
  const aij = rowI?.[j] ?? 0;
  if (!rowI || !rowJ || aij === 0) return;
  const theta = ((rowJ[j] ?? 0) - (rowI[i] ?? 0)) / (2 * aij);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  const turnColumns = (row: Float64Array): void => {
    const x = row[i] ?? 0;
    const y = row[j] ?? 0;
    row[i] = c * x - s * y;
    row[j] = s * x + c * y;
  };
  for (const row of a) turnColumns(row);
  for (const row of v) turnColumns(row);
  for (let k = 0; k < rowI.length; k++) {
    const x = rowI[k] ?? 0;
    const y = rowJ[k] ?? 0;
    rowI[k] = c * x - s * y;
    rowJ[k] = s * x + c * y;
  }
}
