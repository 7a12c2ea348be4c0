import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import type { BitThreshold, VectorSet } from './engine.ts';

type Turn = (done: number, total: number) => Promise<void> | undefined;

// Looked at between two turns: a millisecond or so.
const VALUES_AT_ONCE = 2 ** 18;
// Values of some dimensions side by side, read in one walk over the rows. One dimension alone would fetch a line of the
// cache for every value.
const BLOCK_VALUES = 2 ** 22;
const FEWEST_COLUMNS = 8;

/**
 * One threshold a dimension, over all rows of a set: a value above it becomes bit 1.
 *
 * The median of an even number of values is the mean of the middle two, as in NumPy. Medians are exact; means are
 * summed in float64, from the first row to the last.
 *
 * @param turn is awaited now and then, so that a page can stay alive meanwhile; it is told how far the work is
 */
export async function computeThresholds(
  set: VectorSet,
  kind: BitThreshold,
  turn: Turn = () => undefined,
): Promise<Float64Array<ArrayBuffer>> {
  if (kind === 'zero' || set.vectors.length === 0) return new Float64Array(set.dimension);
  return kind === 'mean' ? computeMeans(set, turn) : computeMedians(set, turn);
}

/** The same on a page that stays alive, with progress and a way to stop. */
export function findThresholds(
  set: VectorSet,
  kind: BitThreshold,
  { signal, onProgress }: Job,
): Promise<Float64Array<ArrayBuffer>> {
  const turn = makeTurns(signal);
  return computeThresholds(set, kind, (done, total) => {
    onProgress?.(done, total, 'Finding thresholds');
    return turn();
  });
}

async function computeMeans(
  { vectors, dimension }: VectorSet,
  turn: Turn,
): Promise<Float64Array<ArrayBuffer>> {
  const rows = vectors.length / dimension;
  const sums = new Float64Array(dimension);
  const most = Math.ceil(VALUES_AT_ONCE / dimension);
  for (let first = 0; first < rows; first += most) {
    const stop = Math.min(rows, first + most);
    for (let i = first; i < stop; i++) {
      const start = i * dimension;
      for (let j = 0; j < dimension; j++) sums[j] = (sums[j] ?? 0) + (vectors[start + j] ?? 0);
    }
    await turn(stop, rows);
  }
  return sums.map((sum) => sum / rows);
}

async function computeMedians(
  { vectors, dimension }: VectorSet,
  turn: Turn,
): Promise<Float64Array<ArrayBuffer>> {
  const rows = vectors.length / dimension;
  const medians = new Float64Array(dimension);
  const most = Math.min(dimension, Math.max(FEWEST_COLUMNS, Math.floor(BLOCK_VALUES / rows)));
  const rowsAtOnce = Math.ceil(VALUES_AT_ONCE / most);
  const block = new Float32Array(most * rows);
  const scratch = new Float32Array(rows);
  for (let first = 0; first < dimension; first += most) {
    const columns = Math.min(most, dimension - first);
    for (let start = 0; start < rows; start += rowsAtOnce) {
      const stop = Math.min(rows, start + rowsAtOnce);
      for (let i = start; i < stop; i++) {
        const from = i * dimension + first;
        for (let j = 0; j < columns; j++) block[j * rows + i] = vectors[from + j] ?? 0;
      }
      await turn(first, dimension);
    }
    for (let j = 0; j < columns; j++) {
      medians[first + j] = medianOf(block.subarray(j * rows, (j + 1) * rows), scratch);
      await turn(first + j + 1, dimension);
    }
  }
  return medians;
}

// By their sign, exponent and first three digits: a histogram that fits the fastest cache.
const BUCKETS = 2 ** 12;
const BUCKET_SHIFT = 20;
const counts = new Uint32Array(BUCKETS);

/**
 * Only values of the middle's bucket are looked at closely: a fifth of them at worst, unless they lie close together.
 *
 * @param scratch as long as the values
 */
function medianOf(values: Float32Array<ArrayBuffer>, scratch: Float32Array<ArrayBuffer>): number {
  const middle = values.length >> 1;
  const isEven = values.length % 2 === 0;
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  counts.fill(0);
  for (let i = 0; i < bits.length; i++) {
    const bucket = bucketOf(bits[i] ?? 0);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const first = bucketAt(isEven ? middle - 1 : middle);
  const last = isEven ? bucketAt(middle) : first;
  let before = 0;
  for (let bucket = 0; bucket < first; bucket++) before += counts[bucket] ?? 0;
  let length = 0;
  for (let i = 0; i < bits.length; i++) {
    const bucket = bucketOf(bits[i] ?? 0);
    if (bucket >= first && bucket <= last) scratch[length++] = values[i] ?? 0;
  }
  const near = scratch.subarray(0, length);
  const rank = middle - before;
  const upper = select(near, rank);
  if (!isEven) return upper;
  // All before the middle are at most the upper one: the largest of them is the lower one.
  let lower = near[0] ?? 0;
  for (let i = 1; i < rank; i++) lower = Math.max(lower, near[i] ?? 0);
  return (lower + upper) / 2;
}

/** In the order of the floats whose bits they are. */
function bucketOf(bits: number): number {
  return (bits ^ ((bits >> 31) | 0x80000000)) >>> BUCKET_SHIFT;
}

/** Of the value that sorting would put at `rank`. */
function bucketAt(rank: number): number {
  let bucket = 0;
  for (let before = counts[0] ?? 0; before <= rank && bucket < BUCKETS; before += counts[bucket] ?? 0)
    bucket++;
  return bucket;
}

/** The value that sorting would put at `rank`; puts smaller or equal ones before it (Hoare 1961, "FIND"). */
function select(values: Float32Array<ArrayBuffer>, rank: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? 0;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i++;
      while ((values[j] ?? 0) > pivot) j--;
      if (i > j) break;
      const swapped = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = swapped;
      i++;
      j--;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank] ?? 0;
}

/** 32-bit words that a row of bits takes. */
export function wordsOf(dimension: number): number {
  return Math.ceil(dimension / 32);
}

/** Sets bit j of the words at `offset`, which are 0, where the row's value j is above its threshold. */
export function packBits(
  { vectors, dimension }: VectorSet,
  row: number,
  thresholds: Float64Array<ArrayBuffer>,
  out: Uint32Array<ArrayBuffer>,
  offset: number,
): void {
  const start = row * dimension;
  for (let first = 0, at = offset; first < dimension; first += 32, at++) {
    const stop = Math.min(dimension, first + 32);
    let word = 0;
    // The last bit first: each moves up as the ones below it come.
    for (let j = stop - 1; j >= first; j--) {
      word = (word << 1) | Number((vectors[start + j] ?? 0) > (thresholds[j] ?? 0));
    }
    out[at] = word;
  }
}
