import type { BitThreshold, VectorSet } from './engine.ts';

/**
 * One threshold a dimension, over all rows of a set: a value above it becomes bit 1.
 *
 * The median of an even number of values is the mean of the middle two, as in NumPy. Medians are exact; means are
 * summed in float64.
 *
 * @param turn is awaited between dimensions, so that a page can stay alive meanwhile
 */
export async function computeThresholds(
  set: VectorSet,
  kind: BitThreshold,
  turn: () => Promise<void> | undefined = () => undefined,
): Promise<Float64Array<ArrayBuffer>> {
  const { vectors, dimension } = set;
  const thresholds = new Float64Array(dimension);
  const rows = vectors.length / dimension;
  if (kind === 'zero' || rows === 0) return thresholds;
  const column = new Float32Array(rows);
  for (let j = 0; j < dimension; j++) {
    for (let i = 0; i < rows; i++) column[i] = vectors[i * dimension + j] ?? 0;
    thresholds[j] = kind === 'mean' ? meanOf(column) : medianOf(column);
    await turn();
  }
  return thresholds;
}

function meanOf(values: Float32Array<ArrayBuffer>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Reorders the values. */
function medianOf(values: Float32Array<ArrayBuffer>): number {
  const middle = values.length >> 1;
  const upper = select(values, middle);
  if (values.length % 2 === 1) return upper;
  // All before the middle are at most the upper one: the largest of them is the lower one.
  let lower = values[0] ?? 0;
  for (let i = 1; i < middle; i++) lower = Math.max(lower, values[i] ?? 0);
  return (lower + upper) / 2;
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

/** Sets bit j of the words at `offset` where the row's value j is above its threshold. */
export function packBits(
  { vectors, dimension }: VectorSet,
  row: number,
  thresholds: Float64Array<ArrayBuffer>,
  out: Uint32Array<ArrayBuffer>,
  offset: number,
): void {
  for (let j = 0; j < dimension; j++) {
    if ((vectors[row * dimension + j] ?? 0) > (thresholds[j] ?? 0)) {
      const word = offset + (j >>> 5);
      out[word] = (out[word] ?? 0) | (1 << (j & 31));
    }
  }
}
