import { addScaled, dotProduct as dot } from './block.ts';
import { createRandom } from './random.ts';

export interface Spectrum {
  /** All eigenvalues, largest first. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Orthonormal eigenvectors of the first few values. */
  readonly vectors: Float64Array<ArrayBuffer>[];
}

/**
 * All eigenvalues of a symmetric matrix, and the eigenvectors of the largest few: Householder's reduction to three diagonals,
 * QL with implicit shifts, and inverse iteration (Golub and Van Loan 2013, 8.3 and 8.2.2). n³ · 4/3 operations.
 *
 * @param matrix n × n; only what is on and above the diagonal is read; overwritten
 * @param onRow hears of the rows reduced, of how many
 */
export function symmetricSpectrum(
  matrix: Float64Array,
  n: number,
  count: number,
  onRow: (done: number, total: number) => void = () => {},
): Spectrum {
  const { diagonal, beside } = tridiagonalize(matrix, n, onRow);
  const values = eigenvaluesOf(diagonal.slice(), beside.slice()).sort().reverse();
  const random = createRandom(0);
  const vectors: Float64Array<ArrayBuffer>[] = [];
  for (const value of values.subarray(0, count)) {
    let vector = Float64Array.from({ length: n }, () => random() - 0.5);
    // Two rounds reach the last digits; a third is for values that lie close together.
    for (let round = 0; round < 3; round++) {
      vector = solveShifted(diagonal, beside, value, vector);
      for (const other of vectors) addScaled(vector, -dot(other, vector), other);
      const norm = Math.sqrt(dot(vector, vector));
      vector = vector.map((entry) => entry / norm);
    }
    vectors.push(vector);
  }
  return { values, vectors: vectors.map((vector) => turnBack(matrix, n, vector)) };
}

/** Row k of the matrix then holds, beyond the diagonal, the vector of its reflection: H = I − v vᵀ, ‖v‖² = 2 or 0. */
function tridiagonalize(matrix: Float64Array, n: number, onRow: (done: number, total: number) => void) {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  const image = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    if (k % 64 === 0) onRow(k, n);
    diagonal[k] = matrix[k * n + k] ?? 0;
    if (k === n - 1) break;
    const v = matrix.subarray(k * n + k + 1, (k + 1) * n);
    const size = v.length;
    const norm = Math.sqrt(dot(v, v));
    const first = v[0] ?? 0;
    const onto = first > 0 ? -norm : norm;
    beside[k] = size > 1 ? onto : first;
    if (size === 1 || norm === 0) {
      v.fill(0);
      continue;
    }
    v[0] = first - onto;
    const scale = Math.sqrt(2 / dot(v, v));
    for (let i = 0; i < size; i++) v[i] = (v[i] ?? 0) * scale;
    // image = rest · v, from what is above the diagonal alone.
    const w = image.subarray(0, size).fill(0);
    for (let i = 0; i < size; i++) {
      const row = matrix.subarray((k + 1 + i) * n + k + 1, (k + 2 + i) * n);
      const factor = v[i] ?? 0;
      let sum = (row[i] ?? 0) * factor;
      for (let j = i + 1; j < size; j++) {
        const entry = row[j] ?? 0;
        sum += entry * (v[j] ?? 0);
        w[j] = (w[j] ?? 0) + entry * factor;
      }
      w[i] = (w[i] ?? 0) + sum;
    }
    addScaled(w, -dot(v, w) / 2, v);
    for (let i = 0; i < size; i++) {
      const row = matrix.subarray((k + 1 + i) * n + k + 1, (k + 2 + i) * n);
      const [a, b] = [v[i] ?? 0, w[i] ?? 0];
      for (let j = i; j < size; j++) row[j] = (row[j] ?? 0) - a * (w[j] ?? 0) - b * (v[j] ?? 0);
    }
  }
  return { diagonal, beside };
}

// Two or three a value are usual.
const MOST_ROUNDS = 60;

/** QL with implicit shifts, values only, in place. */
function eigenvaluesOf(
  diagonal: Float64Array<ArrayBuffer>,
  beside: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const n = diagonal.length;
  const d = (i: number): number => diagonal[i] ?? 0;
  const e = (i: number): number => beside[i] ?? 0;
  for (let low = 0; low < n; low++) {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      let high = low;
      while (
        high < n - 1 &&
        Math.abs(e(high)) > Number.EPSILON * (Math.abs(d(high)) + Math.abs(d(high + 1)))
      ) {
        high++;
      }
      if (high === low) break;
      let g = (d(low + 1) - d(low)) / (2 * e(low));
      let r = Math.hypot(g, 1);
      g = d(high) - d(low) + e(low) / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = high - 1;
      for (; i >= low; i--) {
        const f = s * e(i);
        const b = c * e(i);
        r = Math.hypot(f, g);
        if (i + 1 < n - 1) beside[i + 1] = r;
        if (r === 0) {
          diagonal[i + 1] = d(i + 1) - p;
          break;
        }
        s = f / r;
        c = g / r;
        g = d(i + 1) - p;
        r = (d(i) - g) * s + 2 * c * b;
        p = s * r;
        diagonal[i + 1] = g + p;
        g = c * r - b;
      }
      // The entry at `high` splits the matrix and is zero from here on.
      if (high < n - 1) beside[high] = 0;
      if (r === 0 && i >= low) continue;
      diagonal[low] = d(low) - p;
      beside[low] = g;
    }
  }
  return diagonal;
}

/** (T − value · I)⁻¹ · right for the tridiagonal T, by elimination with row exchanges. */
function solveShifted(
  diagonal: Float64Array,
  beside: Float64Array,
  value: number,
  right: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const n = diagonal.length;
  const x = right.slice();
  const size = diagonal.reduce(
    (most, entry, i) => Math.max(most, Math.abs(entry), Math.abs(beside[i] ?? 0)),
    0,
  );
  // A pivot of zero is what the value of an exact eigenvector leads to; any tiny one gives its direction.
  const tiny = (size > 0 ? size : 1) * Number.EPSILON;
  const first = diagonal.map((entry) => entry - value);
  const second = Float64Array.from({ length: n }, (_, i) => beside[i] ?? 0);
  const third = new Float64Array(n);
  for (let i = 0; i + 1 < n; i++) {
    const below = beside[i] ?? 0;
    const [a, b, c] = [first[i] ?? 0, second[i] ?? 0, third[i] ?? 0];
    const [nextA, nextB] = [first[i + 1] ?? 0, second[i + 1] ?? 0];
    if (Math.abs(below) > Math.abs(a)) {
      const factor = a / below;
      [first[i], second[i], third[i]] = [below, nextA, nextB];
      first[i + 1] = b - factor * nextA;
      second[i + 1] = c - factor * nextB;
      const swapped = x[i] ?? 0;
      x[i] = x[i + 1] ?? 0;
      x[i + 1] = swapped - factor * (x[i] ?? 0);
    } else {
      const pivot = a === 0 ? tiny : a;
      first[i] = pivot;
      const factor = below / pivot;
      first[i + 1] = nextA - factor * b;
      second[i + 1] = nextB - factor * c;
      x[i + 1] = (x[i + 1] ?? 0) - factor * (x[i] ?? 0);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    const rest = (x[i] ?? 0) - (second[i] ?? 0) * (x[i + 1] ?? 0) - (third[i] ?? 0) * (x[i + 2] ?? 0);
    const pivot = first[i] ?? 0;
    x[i] = rest / (Math.abs(pivot) < tiny ? tiny : pivot);
  }
  return x;
}

/** From the three diagonals back to the matrix: all reflections, the last first. */
function turnBack(matrix: Float64Array, n: number, vector: Float64Array<ArrayBuffer>) {
  const turned = vector.slice();
  for (let k = n - 2; k >= 0; k--) {
    const v = matrix.subarray(k * n + k + 1, (k + 1) * n);
    const rest = turned.subarray(k + 1);
    addScaled(rest, -dot(v, rest), v);
  }
  return turned;
}
