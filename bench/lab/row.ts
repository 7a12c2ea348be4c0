/** One line of the table. */
export interface Row {
  readonly objective: string;
  /** What was measured, in words. */
  readonly measured: string;
  readonly value: string;
  readonly wanted: string;
  /** `undefined` where nothing is wanted: a baseline, told for comparison. */
  readonly isReached: boolean | undefined;
}

export interface BenchOptions {
  readonly seed: number;
  /** The defaults of each recipe, for a GPU; else sizes that two cores learn in a minute. */
  readonly isFull: boolean;
}

/** Trains one objective, or the runs that it is compared with, and says what came of it. */
export type Task = (options: BenchOptions) => Promise<Row[]>;

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function number(value: number): string {
  return value.toPrecision(3);
}
