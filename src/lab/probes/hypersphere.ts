import type { Rows } from '../training/learner.ts';
import { checkPairs, checkRows, checkWidths, dotAt, meanRow, unitRows } from './rows.ts';

/** How near pairs are, beside how near they would be if they were not pairs. */
export interface Alignment {
  /** In 0..4: 0 where both of every pair point the same way. */
  readonly value: number;
  /** The same mean over all that are no pairs. */
  readonly chance: number;
  /** Pairs. */
  readonly n: number;
}

/**
 * Alignment (Wang and Isola 2020, section 4.1, α = 2): mean squared distance of the two rows of a pair, each at length 1.
 *
 *     E ‖ x − y ‖²  =  2 − 2 E cos(x, y)
 *
 * @param first n × width
 * @param second n × width, the same items in the same order
 * @throws {UnfitRows} when rows are not finite, or fewer than two
 */
export function measureAlignment(first: Rows, second: Rows): Alignment {
  const { a, b, n, width } = unitPairs(first, second);
  let own = 0;
  for (let at = 0; at < a.length; at += width) own += squaredDistance(a, at, b, at, width);
  // Σ over all pairs of Σ (aᵢ − bⱼ)², from sums of rows and of squares.
  const both = dotAt(meanRow(a, width), 0, meanRow(b, width), 0, width) * n * n;
  const all = n * (dotAt(a, 0, a, 0, a.length) + dotAt(b, 0, b, 0, b.length)) - 2 * both;
  return { value: own / n, chance: Math.max(0, all - own) / (n * (n - 1)), n };
}

/** How evenly rows lie around the origin. */
export interface Uniformity {
  /** At most 0, which is where all point the same way. */
  readonly value: number;
  /** Of very many rows that are uniform on the sphere of this dimension: as low as it gets. */
  readonly best: number;
  readonly n: number;
}

/**
 * Uniformity (Wang and Isola 2020, section 4.1, t = 2): the logarithm of the mean Gaussian potential of all pairs of rows, each at length 1.
 *
 *     ln E exp(−2 ‖ x − y ‖²)
 *
 * @throws {UnfitRows} when rows are not finite, or fewer than two
 */
export function measureUniformity(rows: Rows): Uniformity {
  checkRows(rows, 'Embeddings', 2);
  const { count: n, width } = rows;
  const units = unitRows(rows);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++)
      sum += Math.exp(-2 * squaredDistance(units, i * width, units, j * width, width));
  }
  return { value: Math.log((2 * sum) / (n * (n - 1))), best: uniformityOfSphere(width), n };
}

/** ln( e⁻⁴ E e^{4 cos} ): the mean is the confluent series ₀F₁(; d/2; 4) = Σ 4ᵏ / (k! (d/2) (d/2 + 1) … (d/2 + k − 1)). */
function uniformityOfSphere(dimension: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= 4 / (k * (dimension / 2 + k - 1));
    sum += term;
  }
  return Math.log(sum) - 4;
}

export interface ModalityGap {
  /** Distance of the two centers, in 0..2. */
  readonly value: number;
  /** Root mean square of what the distance would be without any gap, from n rows each. */
  readonly chance: number;
  /** The gap's part, in 0..1, of the mean squared distance of pairs; 0 where all pairs coincide. */
  readonly share: number;
  readonly n: number;
}

/**
 * Modality gap (Liang et al. 2022, section 2): the distance of the two modalities' centers, of rows at length 1.
 *
 *     ‖ mean x − mean y ‖
 *
 * @param first n × width
 * @param second n × width, the same items in the same order
 * @throws {UnfitRows} when rows are not finite, or fewer than two
 */
export function measureGap(first: Rows, second: Rows): ModalityGap {
  const { a, b, n, width } = unitPairs(first, second);
  const centerA = meanRow(a, width);
  const centerB = meanRow(b, width);
  const squared = squaredDistance(centerA, 0, centerB, 0, width);
  let apart = 0;
  for (let at = 0; at < a.length; at += width) apart += squaredDistance(a, at, b, at, width) / n;
  // Pairs go together, so that centers of the same distribution differ by the spread of their differences only.
  const spread = Math.max(0, apart - squared) / (n - 1);
  return {
    value: Math.sqrt(squared),
    chance: Math.sqrt(spread),
    share: apart > 0 ? Math.min(1, squared / apart) : 0,
    n,
  };
}

/** Cosines of every row of one set with every row of another: n × m, row-major. */
export function cosinesOf(first: Rows, second: Rows): Float32Array<ArrayBuffer> {
  checkRows(first, 'Embeddings');
  checkRows(second, 'Embeddings');
  checkWidths(first, second);
  const a = unitRows(first);
  const b = unitRows(second);
  const cosines = new Float32Array(first.count * second.count);
  for (let i = 0; i < first.count; i++) {
    for (let j = 0; j < second.count; j++) {
      cosines[i * second.count + j] = dotAt(a, i * first.width, b, j * first.width, first.width);
    }
  }
  return cosines;
}

function unitPairs(first: Rows, second: Rows) {
  checkRows(first, 'Embeddings of the first modality', 2);
  checkRows(second, 'Embeddings of the second modality', 2);
  checkWidths(first, second);
  checkPairs(first, second);
  return { a: unitRows(first), b: unitRows(second), n: first.count, width: first.width };
}

function squaredDistance(first: Float64Array, a: number, second: Float64Array, b: number, width: number) {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += ((first[a + c] ?? 0) - (second[b + c] ?? 0)) ** 2;
  return sum;
}
