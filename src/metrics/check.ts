import { LARGEST_HALF } from '../common/half.ts';
import type {
  BitThreshold,
  MetricOptions,
  MetricSet,
  NeighborsOptions,
  RankingOptions,
  Storage,
  VectorSet,
} from './engine.ts';
import { InvalidK, InvalidOptions, InvalidScale, InvalidVectors } from './errors.ts';
import { reference } from './reference.ts';
import { valuesOf } from './sets.ts';

// Squared and summed over a million dimensions this still fits a 32-bit float (3.4e38).
export const LARGEST = 1e15;
// CLIP clips its learned scale here (Radford et al. 2021, §2.5).
const LARGEST_SCALE = 100;

/**
 * The shape of a set.
 *
 * @param what names the set in messages, as in "The queries"
 * @throws {InvalidVectors} when the numbers do not make whole rows
 */
export function countRows(set: MetricSet, what: string): number {
  const { dimension } = set;
  const { length } = valuesOf(set);
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new InvalidVectors(`${what} have dimension ${dimension}; it must be a whole number of 1 or more.`);
  }
  if (length % dimension !== 0) {
    throw new InvalidVectors(
      `${what} hold ${length} numbers, which is no whole number of rows of dimension ${dimension}.`,
    );
  }
  return length / dimension;
}

/** @throws {InvalidVectors} when two sets cannot be compared */
export function checkSameDimension(a: MetricSet, whatA: string, b: MetricSet, whatB: string): void {
  if (a.dimension !== b.dimension) {
    throw new InvalidVectors(
      `${whatA} have dimension ${a.dimension} and ${lowerFirst(whatB)} have ${b.dimension}; both must be the same.`,
    );
  }
}

/**
 * Looks at every value of some rows.
 *
 * @throws {InvalidVectors} naming the first row and column (counted from 0) that hold NaN, an infinity, a number too
 * large to square, or one beyond the 16-bit floats in which it is to be stored
 */
export function checkValues(
  { vectors, dimension }: VectorSet,
  what: string,
  firstRow: number,
  rows: number,
  storage: Storage = 'float32',
): void {
  const largest = storage === 'float16' ? LARGEST_HALF : LARGEST;
  const end = (firstRow + rows) * dimension;
  for (let at = firstRow * dimension; at < end; at++) {
    const value = vectors[at] ?? Number.NaN;
    // One comparison that NaN, infinities and huge values all fail.
    if (Math.abs(value) <= largest) continue;
    const place = `row ${Math.floor(at / dimension)}, column ${at % dimension} (counted from 0)`;
    const fault = Number.isFinite(value)
      ? `the size of a value may be at most ${largest}${storage === 'float16' ? ' in 16-bit floats' : ''}`
      : 'every value must be finite';
    const cure =
      Math.abs(value) <= LARGEST ? 'Use storage "float32", or repair that row' : 'Remove or repair that row';
    throw new InvalidVectors(`${what} hold ${value} in ${place}; ${fault}. ${cure}.`);
  }
}

/**
 * @throws {InvalidK} when k is not in 1..n−1 (the set itself) or 1..n (other queries), n counting the allowed rows
 * @throws {InvalidVectors} when there is not one `allowed` number a row
 * @throws {InvalidOptions} when `allowed` is another kind of list
 */
export function checkK(rows: number, { k, queries, allowed }: NeighborsOptions): void {
  if (allowed && !(allowed instanceof Uint8Array)) {
    throw new InvalidOptions('`allowed` must be a Uint8Array, with 0 for each vector that may not be found.');
  }
  if (allowed && allowed.length !== rows) {
    throw new InvalidVectors(
      `\`allowed\` holds ${allowed.length} numbers for ${rows} vectors; it must hold one for each.`,
    );
  }
  const eligible = allowed ? allowed.reduce((count, one) => count + (one === 0 ? 0 : 1), 0) : rows;
  const most = queries ? eligible : eligible - 1;
  if (Number.isInteger(k) && k >= 1 && k <= most) return;
  const some = allowed ? `, ${eligible} of them allowed` : '';
  const self = queries ? '' : ', itself left out';
  const range = most < 1 ? 'there are no neighbors to find' : `it must be a whole number from 1 to ${most}`;
  throw new InvalidK(
    `k is ${k}, but ${range}: the set has ${rows} ${rows === 1 ? 'vector' : 'vectors'}${some}${self}.`,
  );
}

// 4 GiB: what browsers give one array.
const MOST_PAIRS = 2 ** 30;

/** @throws {InvalidVectors} when a value for every pair of rows and columns does not fit in one array */
export function checkPairs(rows: number, columns: number): void {
  if (rows * columns <= MOST_PAIRS) return;
  const gigabytes = ((rows * columns * 4) / 2 ** 30).toFixed(1);
  throw new InvalidVectors(
    `${rows} × ${columns} values would take ${gigabytes} GiB; at most 4 GiB fit in one array. Ask for fewer, or for neighbors.`,
  );
}

const THRESHOLDS: readonly string[] = ['median', 'mean', 'zero'] satisfies BitThreshold[];
const STORAGES: readonly string[] = ['float32', 'float16'] satisfies Storage[];

/** @throws {InvalidOptions} when an option is none of those there are: scripts have no types */
export function checkOptions({ metric, threshold, storage }: MetricOptions): void {
  checkOneOf('metric', metric, Object.keys(reference));
  checkOneOf('threshold', threshold ?? 'median', THRESHOLDS);
  checkOneOf('storage', storage ?? 'float32', STORAGES);
}

function checkOneOf(name: string, value: string, choices: readonly string[]): void {
  if (choices.includes(value)) return;
  throw new InvalidOptions(`${name} is "${value}"; it must be one of ${choices.join(', ')}.`);
}

/** @throws {InvalidScale} */
export function checkScale(scale: number): void {
  if (scale > 0 && scale <= LARGEST_SCALE) return;
  throw new InvalidScale(
    `The similarity scale is ${scale}; it must be above 0 and at most ${LARGEST_SCALE}.`,
  );
}

// Lists are filled by insertion, which is meant for tens.
const MOST_RANKED = 64;

/** @throws {InvalidK} unless both numbers are whole and from 0 to 64; more than there are means all */
export function checkRanking(options: Pick<RankingOptions, 'labelsPerPicture' | 'picturesPerLabel'>): void {
  for (const name of ['labelsPerPicture', 'picturesPerLabel'] as const) {
    const k = options[name];
    if (Number.isInteger(k) && k >= 0 && k <= MOST_RANKED) continue;
    throw new InvalidK(`${name} is ${k}; it must be a whole number from 0 to ${MOST_RANKED}.`);
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
