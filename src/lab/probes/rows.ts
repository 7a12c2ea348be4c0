import type { Rows } from '../training/learner.ts';

/** Embeddings that a probe has no number for; the message says why. */
export class UnfitRows extends Error {
  override readonly name = 'UnfitRows';
}

/**
 * @param what the rows are of, as the message begins
 * @throws {RangeError} when the numbers are not `count` rows of `width`
 * @throws {UnfitRows} when a number is not finite, as after a divergence, or there are fewer rows than `least`
 */
export function checkRows({ values, count, width }: Rows, what: string, least = 1): void {
  if (!Number.isInteger(width) || width < 1 || values.length !== count * width) {
    throw new RangeError(`${what}: ${values.length} numbers are not ${count} rows of ${width}.`);
  }
  if (count < least) {
    throw new UnfitRows(`${what}: at least ${least} items are needed, and there are ${count}.`);
  }
  let unfit = 0;
  for (let i = 0; i < count; i++) {
    if (!values.subarray(i * width, (i + 1) * width).every(Number.isFinite)) unfit++;
  }
  if (unfit > 0) {
    throw new UnfitRows(
      `${what}: ${unfit} of ${count} embeddings are not finite. The run has diverged; start it again with a lower learning rate.`,
    );
  }
}

/** @throws {RangeError} when two sets of rows are not of the same width */
export function checkWidths(first: Rows, second: Rows): void {
  if (first.width !== second.width) {
    throw new RangeError(
      `Embeddings of ${first.width} and of ${second.width} numbers have no cosine. Give both one width.`,
    );
  }
}

/** @throws {RangeError} when two sets of rows are not of the same items */
export function checkPairs(first: Rows, second: Rows): void {
  if (first.count !== second.count) {
    throw new RangeError(`${first.count} and ${second.count} embeddings are not pairs.`);
  }
}

/** Each row over its length, n × width; a row of zeros stays one, with a cosine of 0 to all others. */
export function unitRows({ values, count, width }: Rows): Float64Array<ArrayBuffer> {
  const units = new Float64Array(count * width);
  for (let start = 0; start < units.length; start += width) {
    let squares = 0;
    for (let c = start; c < start + width; c++) squares += (values[c] ?? 0) ** 2;
    if (squares === 0) continue;
    const factor = 1 / Math.sqrt(squares);
    for (let c = start; c < start + width; c++) units[c] = (values[c] ?? 0) * factor;
  }
  return units;
}

/** Some of the items, without a copy. */
export function sliceRows({ values, width }: Rows, from: number, to: number): Rows {
  return { values: values.subarray(from * width, to * width), count: to - from, width };
}

/** Some of the dimensions, such as the common ones of DeCUR. */
export function pickRows({ values, width }: Rows, places: readonly number[]): Rows {
  const picked = new Float32Array(places.length * width);
  places.forEach((place, at) => {
    picked.set(values.subarray(place * width, (place + 1) * width), at * width);
  });
  return { values: picked, count: places.length, width };
}

export function sliceColumns({ values, count, width }: Rows, from: number, to: number): Rows {
  const columns = to - from;
  const kept = new Float32Array(count * columns);
  for (let i = 0; i < count; i++) kept.set(values.subarray(i * width + from, i * width + to), i * columns);
  return { values: kept, count, width: columns };
}

/** Mean of every column. */
export function meanRow(values: Float32Array | Float64Array, width: number): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(width);
  for (let start = 0; start < values.length; start += width) {
    for (let c = 0; c < width; c++) mean[c] = (mean[c] ?? 0) + (values[start + c] ?? 0);
  }
  return mean.map((sum) => (sum * width) / Math.max(width, values.length));
}

/** Σ of the products of two rows, the first at `a` and the second at `b`. */
export function dotAt(
  first: Float64Array,
  a: number,
  second: Float64Array,
  b: number,
  width: number,
): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += (first[a + c] ?? 0) * (second[b + c] ?? 0);
  return sum;
}
