import { createRandom, type Random } from '../projection/random.ts';
import { negate } from './rank-scan.ts';
import { countPairs, drawOther } from './sample.ts';

/** Pairs that are picked from the rows of a distance matrix, the same ones wherever plan and seed are. */
export interface PairDraw {
  /** What the picked distances are kept as. */
  readonly name: string;
  /** Second items drawn for each row; 0 for all that come after it. */
  readonly perRow: number;
  readonly seed: number;
}

export interface PairQuestion {
  readonly n: number;
  /** The items that the rows are of; null for all n. */
  readonly rows: Uint32Array<ArrayBuffer> | null;
  readonly isLargestNearest: boolean;
  readonly draws: readonly PairDraw[];
}

/** Picks the distances of some pairs, and the nearest and farthest of each row, as rows come. */
export class PairScan {
  readonly #question: PairQuestion;
  readonly #randoms: readonly Random[];
  readonly #filled: number[];
  /** By the names of the draws. */
  readonly picked: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Of each row, itself left out. */
  readonly nearest: Float32Array<ArrayBuffer>;
  readonly farthest: Float32Array<ArrayBuffer>;

  constructor(question: PairQuestion) {
    const { n, rows, draws } = question;
    const count = rows?.length ?? n;
    this.#question = question;
    this.#randoms = draws.map(({ seed }) => createRandom(seed));
    this.#filled = draws.map(() => 0);
    this.picked = new Map(
      draws.map(({ name, perRow }) => [
        name,
        new Float32Array(perRow === 0 ? countPairs(n) : count * perRow),
      ]),
    );
    this.nearest = new Float32Array(count);
    this.farthest = new Float32Array(count);
  }

  /** @param distances some whole rows of n, the next after those that came before; changed */
  take(firstRow: number, distances: Float32Array): void {
    const { n, rows, isLargestNearest } = this.#question;
    if (isLargestNearest) negate(distances);
    for (let r = 0; r * n < distances.length; r++) {
      const place = firstRow + r;
      const self = rows ? (rows[place] ?? 0) : place;
      const row = distances.subarray(r * n, (r + 1) * n);
      this.#pick(row, self);
      let nearest = Number.POSITIVE_INFINITY;
      let farthest = Number.NEGATIVE_INFINITY;
      for (let item = 0; item < n; item++) {
        if (item === self) continue;
        const distance = row[item] ?? 0;
        if (distance < nearest) nearest = distance;
        if (distance > farthest) farthest = distance;
      }
      this.nearest[place] = nearest;
      this.farthest[place] = farthest;
    }
  }

  #pick(row: Float32Array, self: number): void {
    this.#question.draws.forEach(({ name, perRow }, d) => {
      const values = this.picked.get(name);
      const random = this.#randoms[d];
      let at = this.#filled[d] ?? 0;
      if (!values || !random) return;
      if (perRow === 0) {
        values.set(row.subarray(self + 1), at);
        at += row.length - self - 1;
      }
      for (let q = 0; q < perRow; q++) values[at++] = row[drawOther(random, row.length, self)] ?? 0;
      this.#filled[d] = at;
    });
  }
}
