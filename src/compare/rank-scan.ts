import { makeRankCounter, type RankCounter } from './ranks.ts';

/** What ranks are wanted of. */
export interface RankQuestion {
  /** Items that distances are given to. */
  readonly n: number;
  /** The items that the rows are of; null for all n. */
  readonly rows: Uint32Array<ArrayBuffer> | null;
  /** Each rows × width: for each row the items whose ranks are wanted */
  readonly lists: readonly Uint32Array<ArrayBuffer>[];
  readonly width: number;
  readonly isLargestNearest: boolean;
}

/** Counts ranks as rows of distances come. */
export class RankScan {
  readonly #question: RankQuestion;
  readonly #count: RankCounter;
  /** Rows of all lists side by side, so that one look at a row serves them all. */
  readonly #targets: Uint32Array<ArrayBuffer>;
  readonly #ranks: Uint32Array<ArrayBuffer>;

  constructor(question: RankQuestion) {
    const { n, lists, width } = question;
    this.#question = question;
    this.#count = makeRankCounter(n, lists.length * width);
    const length = lists[0]?.length ?? 0;
    this.#targets = new Uint32Array(lists.length * length);
    this.#ranks = new Uint32Array(lists.length * length);
    lists.forEach((list, place) => {
      for (let row = 0; row * width < length; row++) {
        const start = (row * lists.length + place) * width;
        this.#targets.set(list.subarray(row * width, (row + 1) * width), start);
      }
    });
  }

  /** @param distances some whole rows of n; changed */
  take(firstRow: number, distances: Float32Array): void {
    const { n, rows, lists, width, isLargestNearest } = this.#question;
    if (isLargestNearest) negate(distances);
    const wide = lists.length * width;
    for (let r = 0; r * n < distances.length; r++) {
      const row = firstRow + r;
      const [from, to] = [row * wide, (row + 1) * wide];
      this.#count(
        distances.subarray(r * n, (r + 1) * n),
        rows ? (rows[row] ?? 0) : row,
        this.#targets.subarray(from, to),
        this.#ranks.subarray(from, to),
      );
    }
  }

  /** @returns for each list its ranks, rows × width, 1 for the nearest */
  finish(): Uint32Array<ArrayBuffer>[] {
    const { lists, width } = this.#question;
    return lists.map((list, place) => {
      const own = new Uint32Array(list.length);
      for (let row = 0; row * width < own.length; row++) {
        const start = (row * lists.length + place) * width;
        own.set(this.#ranks.subarray(start, start + width), row * width);
      }
      return own;
    });
  }
}

/** Makes the largest nearest: similarities become distances in the same order. */
export function negate(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = -(values[i] ?? 0);
}
