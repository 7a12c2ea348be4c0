/** Levels of one factor as numbers from 0, for the rows that a probe learns from and for those it is asked about. */
export interface Labels {
  readonly train: Uint8Array;
  readonly test: Uint8Array;
}

export interface Accuracy {
  /** Share of the test rows whose level was told, in 0..1. */
  readonly value: number;
  /** What the best of all constant answers would score: the share of the most frequent level among the test rows. */
  readonly chance: number;
  /** Of the value, by the number of test rows: √(value (1 − value) / n). */
  readonly standardError: number;
  /** Test rows. */
  readonly n: number;
  /** Different levels among the test rows. */
  readonly levels: number;
}

/** @param correct how many test rows were told; a fraction where lots are drawn */
export function describeAccuracy(correct: number, test: Uint8Array): Accuracy {
  const n = test.length;
  const counts = countLevels(test);
  const value = correct / n;
  return {
    value,
    chance: counts.reduce((most, count) => Math.max(most, count), 0) / n,
    standardError: Math.sqrt((value * (1 - value)) / n),
    n,
    levels: counts.filter((count) => count > 0).length,
  };
}

/** How often each level occurs, from 0 to the largest. */
export function countLevels(labels: Uint8Array): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(labels.reduce((most, label) => Math.max(most, label + 1), 0));
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** @throws {RangeError} when there is not one label for each row */
export function checkLabels(labels: readonly Labels[], train: number, test: number): void {
  for (const of of labels) {
    if (of.train.length !== train || of.test.length !== test) {
      throw new RangeError(
        `${of.train.length} and ${of.test.length} labels are not those of ${train} rows to learn from and ${test} to test.`,
      );
    }
  }
}
