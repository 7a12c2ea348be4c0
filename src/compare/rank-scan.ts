import { makeRankCounter, type RankCounter } from './ranks.ts';

/** What ranks are wanted of. */
export interface RankQuestion {
  /** Items that distances are given to. */
  readonly n: number;
  /** The items that the rows are of; null for all n. */
  readonly rows: Uint32Array<ArrayBuffer> | null;
  /** rows × width: for each row the items whose ranks are wanted */
  readonly targets: Uint32Array<ArrayBuffer>;
  readonly width: number;
  readonly isLargestNearest: boolean;
}

/** Counts ranks as rows of distances come. */
export class RankScan {
  readonly #question: RankQuestion;
  readonly #count: RankCounter;
  /** rows × width, 1 for the nearest */
  readonly ranks: Uint32Array<ArrayBuffer>;

  constructor(question: RankQuestion) {
    this.#question = question;
    this.#count = makeRankCounter(question.n, question.width);
    this.ranks = new Uint32Array(question.targets.length);
  }

  /** @param distances some whole rows of n; changed */
  take(firstRow: number, distances: Float32Array): void {
    const { n, rows, targets, width, isLargestNearest } = this.#question;
    if (isLargestNearest) negate(distances);
    for (let r = 0; r * n < distances.length; r++) {
      const row = firstRow + r;
      const [from, to] = [row * width, (row + 1) * width];
      this.#count(
        distances.subarray(r * n, (r + 1) * n),
        rows ? (rows[row] ?? 0) : row,
        targets.subarray(from, to),
        this.ranks.subarray(from, to),
      );
    }
  }
}

/** Makes the largest nearest: similarities become distances in the same order. */
export function negate(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = -(values[i] ?? 0);
}
