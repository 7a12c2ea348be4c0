import { combine, dotProduct, orthonormalize, symmetricEigen } from './block.ts';
import { isPlaced } from './start.ts';

/**
 * Turns, mirrors and moves a layout so that its rows come to lie as near as possible (least squares) to the target's;
 * nothing is scaled. Orthogonal Procrustes (Schönemann 1966).
 *
 * @param positions n × dimensions, row-major
 * @param target n × dimensions; rows of NaN have no wish
 * @returns n × dimensions; only moved where fewer than two rows are in both
 * @throws {RangeError} when the lengths differ
 */
export function align(
  positions: Float32Array<ArrayBuffer>,
  target: Float32Array,
  dimensions: 2 | 3,
): Float32Array<ArrayBuffer> {
  if (positions.length !== target.length) {
    throw new RangeError(`The layout has ${positions.length} numbers and its target ${target.length}.`);
  }
  const n = positions.length / dimensions;
  const shared = Array.from({ length: n }, (_, i) => i).filter(
    (i) => isPlaced(target, i, dimensions) && isPlaced(positions, i, dimensions),
  );
  if (shared.length === 0) return positions.slice();
  const from = meanOf(positions, shared, dimensions);
  const to = meanOf(target, shared, dimensions);
  // cross[a][b] = Σ position_a · target_b over the shared rows, both centered
  const cross = Array.from(from, (meanA, a) =>
    to.map((meanB, b) =>
      shared.reduce(
        (sum, i) =>
          sum + ((positions[i * dimensions + a] ?? 0) - meanA) * ((target[i * dimensions + b] ?? 0) - meanB),
        0,
      ),
    ),
  );
  const turn = nearestOrthogonal(cross);
  return Float32Array.from({ length: positions.length }, (_, at) => {
    const row = Math.floor(at / dimensions);
    const b = at % dimensions;
    let sum = to[b] ?? 0;
    for (let a = 0; a < dimensions; a++) {
      sum += ((positions[row * dimensions + a] ?? 0) - (from[a] ?? 0)) * (turn[a]?.[b] ?? 0);
    }
    return sum;
  });
}

/** The orthogonal matrix U Vᵀ of M = U Σ Vᵀ; where M is singular, the rest is filled up by the nearest axes. */
function nearestOrthogonal(matrix: readonly Float64Array<ArrayBuffer>[]): Float64Array<ArrayBuffer>[] {
  const size = matrix.length;
  // Rows of M times Mᵀ: its eigenvectors are the columns of U, and Mᵀu = σv.
  const gram = matrix.map((x) => Float64Array.from(matrix, (y) => dotProduct(x, y)));
  const { values, vectors: left } = symmetricEigen(gram);
  const largest = values[0] ?? 0;
  const right: Float64Array<ArrayBuffer>[] = [];
  left.forEach((u, i) => {
    // σ² carries twice the digits of σ: below this share the direction is rounding error.
    const solid = (values[i] ?? 0) > largest * 1e-20 && largest > 0;
    const wish = solid ? combine(matrix, [u])[0] : undefined;
    right.push(fillUp(right, wish ?? u, size));
  });
  return matrix.map((_, a) =>
    Float64Array.from({ length: size }, (_value, b) =>
      left.reduce((sum, u, i) => sum + (u[a] ?? 0) * (right[i]?.[b] ?? 0), 0),
    ),
  );
}

/** A unit vector orthogonal to `others`: the wish where it is independent of them, else an axis. */
function fillUp(others: readonly Float64Array<ArrayBuffer>[], wish: Float64Array<ArrayBuffer>, size: number) {
  const axes = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_value, j) => (i === j ? 1 : 0)),
  );
  for (const candidate of [wish, ...axes]) {
    const column = candidate.slice();
    const before = Math.sqrt(dotProduct(column, column));
    if (before === 0) continue;
    const unit = column.map((value) => value / before);
    orthonormalize([unit], others);
    const left = others.reduce((rest, other) => rest - (dotProduct(candidate, other) / before) ** 2, 1);
    if (left > 1e-6) return unit;
  }
  return wish;
}

function meanOf(
  positions: Float32Array,
  rows: readonly number[],
  dimensions: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(
    { length: dimensions },
    (_, d) => rows.reduce((sum, i) => sum + (positions[i * dimensions + d] ?? 0), 0) / rows.length,
  );
}
