import type { BitThreshold, MetricId, Neighbors, Similarity } from '../engine.ts';
import { type KnownSet, makeMeasure, ROWS_AT_ONCE } from './measure.ts';

/** What a job calls between pieces of work: it hands the thread over now and then, tells progress, and throws on cancel. */
export type Turn = (done: number, total: number) => Promise<void> | undefined;

export interface Question {
  readonly metric: MetricId;
  readonly threshold?: BitThreshold | undefined;
}

/** @returns rows × columns distances, row-major */
export async function computeDistances(
  rows: KnownSet,
  columns: KnownSet,
  { metric, threshold }: Question,
  turn: Turn,
): Promise<Float32Array<ArrayBuffer>> {
  const result = new Float32Array(rows.rows * columns.rows);
  if (result.length === 0) return result;
  const measure = await makeMeasure(metric, rows, columns, threshold);
  for (let first = 0; first < rows.rows; first += ROWS_AT_ONCE) {
    measure(first, result.subarray(first * columns.rows));
    await turn(first + ROWS_AT_ONCE, rows.rows);
  }
  return result;
}

/** @returns k nearest columns of every row, as the engine's `neighbors` says */
export async function computeNeighbors(
  rows: KnownSet,
  columns: KnownSet,
  { metric, threshold, k, leaveOutSelf }: Question & { readonly k: number; readonly leaveOutSelf: boolean },
  turn: Turn,
): Promise<Neighbors> {
  const indices = new Uint32Array(rows.rows * k);
  const distances = new Float32Array(rows.rows * k);
  if (rows.rows === 0) return { k, indices, distances };
  const measure = await makeMeasure(metric, rows, columns, threshold);
  const sign = metric === 'dot' ? -1 : 1;
  const block = new Float32Array(ROWS_AT_ONCE * columns.rows);
  for (let first = 0; first < rows.rows; first += ROWS_AT_ONCE) {
    measure(first, block);
    for (let row = first; row < Math.min(first + ROWS_AT_ONCE, rows.rows); row++) {
      const values = block.subarray((row - first) * columns.rows, (row - first + 1) * columns.rows);
      const out = row * k;
      const leftOut = leaveOutSelf ? row : -1;
      selectNearest(values, sign, leftOut, distances.subarray(out, out + k), indices.subarray(out, out + k));
    }
    await turn(first + ROWS_AT_ONCE, rows.rows);
  }
  return { k, indices, distances };
}

/** CLIP-style similarity; sums and exponentials in float64. */
export async function computeSimilarity(
  pictures: KnownSet,
  labels: KnownSet,
  scale: number,
  turn: Turn,
): Promise<Similarity> {
  const pairs = pictures.rows * labels.rows;
  const cosines = new Float64Array(pairs);
  const logits = new Float32Array(pairs);
  const overLabels = new Float32Array(pairs);
  const overPictures = new Float32Array(pairs);
  for (let i = 0; i < pictures.rows; i++) {
    for (let j = 0; j < labels.rows; j++) {
      const at = i * labels.rows + j;
      const cosine = cosineOf(pictures, i, labels, j);
      cosines[at] = cosine;
      logits[at] = scale * cosine;
    }
    writeSoftmax(cosines, overLabels, scale, i * labels.rows, 1, labels.rows);
    await turn(i + 1, pictures.rows + labels.rows);
  }
  for (let j = 0; j < labels.rows; j++) {
    writeSoftmax(cosines, overPictures, scale, j, labels.rows, pictures.rows);
    await turn(pictures.rows + j + 1, pictures.rows + labels.rows);
  }
  return { logits, overLabels, overPictures };
}

/** Fills sorted lists by insertion; an equal value that is already there has the lower index and stays before. */
function selectNearest(
  values: Float32Array<ArrayBuffer>,
  sign: number,
  leftOut: number,
  distances: Float32Array<ArrayBuffer>,
  indices: Uint32Array<ArrayBuffer>,
): void {
  const k = distances.length;
  let count = 0;
  let worst = Infinity;
  for (let column = 0; column < values.length; column++) {
    const value = values[column] ?? 0;
    const key = sign * value;
    if ((count === k && key >= worst) || column === leftOut) continue;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sign * (distances[middle] ?? 0) <= key) low = middle + 1;
      else high = middle;
    }
    if (count < k) count++;
    distances.copyWithin(low + 1, low, count - 1);
    indices.copyWithin(low + 1, low, count - 1);
    distances[low] = value;
    indices[low] = column;
    worst = sign * (distances[count - 1] ?? 0);
  }
}

/** 0 where either is a zero vector. */
function cosineOf(pictures: KnownSet, row: number, labels: KnownSet, column: number): number {
  const { dimension } = labels.set;
  const [a, b] = [pictures.set.vectors, labels.set.vectors];
  const norms = Math.sqrt((pictures.squaredNorms[row] ?? 0) * (labels.squaredNorms[column] ?? 0));
  if (norms === 0) return 0;
  let sum = 0;
  for (let j = 0; j < dimension; j++) sum += (a[row * dimension + j] ?? 0) * (b[column * dimension + j] ?? 0);
  return sum / norms;
}

function writeSoftmax(
  cosines: Float64Array<ArrayBuffer>,
  out: Float32Array<ArrayBuffer>,
  scale: number,
  start: number,
  step: number,
  count: number,
): void {
  let largest = -Infinity;
  for (let i = 0; i < count; i++) largest = Math.max(largest, cosines[start + i * step] ?? 0);
  let total = 0;
  for (let i = 0; i < count; i++) total += Math.exp(scale * ((cosines[start + i * step] ?? 0) - largest));
  for (let i = 0; i < count; i++) {
    const at = start + i * step;
    out[at] = Math.exp(scale * ((cosines[at] ?? 0) - largest)) / total;
  }
}
