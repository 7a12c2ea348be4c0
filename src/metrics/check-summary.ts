import type { SummaryOptions } from './engine.ts';
import { InvalidOptions } from './errors.ts';

/** How many bins and labels a summary has, once its options are known to make sense. */
export interface SummaryShape {
  readonly bins: number;
  /** 0 when none were given. */
  readonly labels: number;
}

const BINS = 64;
const MOST_BINS = 65_536;
const MOST_LABELS = 65_536;
// 4 GiB: what browsers give one array.
const MOST_SUMS = 2 ** 30;

/** @throws {InvalidOptions} when bins, range or labels make no sense for this many rows and columns */
export function checkSummary(
  rows: number,
  columns: number,
  { bins = BINS, range, labels }: Pick<SummaryOptions, 'bins' | 'range' | 'labels'>,
): SummaryShape {
  if (!Number.isInteger(bins) || bins < 1 || bins > MOST_BINS) {
    throw new InvalidOptions(`bins is ${bins}; it must be a whole number from 1 to ${MOST_BINS}.`);
  }
  if (range) {
    const [from, to] = range;
    if (!Number.isFinite(from) || !Number.isFinite(to) || from >= to) {
      throw new InvalidOptions(
        `The range is from ${from} to ${to}; both must be finite, and the first below the second.`,
      );
    }
    if (!Number.isFinite(to - from)) {
      throw new InvalidOptions(
        `The range from ${from} to ${to} is longer than any number; no distance is beyond ±1e38.`,
      );
    }
  }
  return { bins, labels: labels ? checkLabels(rows, columns, labels) : 0 };
}

/** @returns how many labels there are */
function checkLabels(rows: number, columns: number, labels: Uint32Array<ArrayBuffer>): number {
  if (!(labels instanceof Uint32Array)) {
    throw new InvalidOptions('`labels` must be a Uint32Array, with one label from 0 for each column.');
  }
  if (labels.length !== columns) {
    throw new InvalidOptions(`There are ${labels.length} labels for ${columns} columns; give one a column.`);
  }
  let count = 0;
  labels.forEach((label, column) => {
    if (label >= MOST_LABELS) {
      throw new InvalidOptions(
        `The label of column ${column} (counted from 0) is ${label}; labels go from 0 to ${MOST_LABELS - 1}. Number them without gaps.`,
      );
    }
    count = Math.max(count, label + 1);
  });
  if (rows * count > MOST_SUMS) {
    throw new InvalidOptions(
      `${rows} rows × ${count} labels are more sums than the ${MOST_SUMS} that fit in one array. Ask for fewer rows at a time, or fewer labels.`,
    );
  }
  return count;
}
