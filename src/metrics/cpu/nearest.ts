import type { Neighbors } from '../engine.ts';
import type { Block } from './blocks.ts';
import { type Pause, slices } from './known-set.ts';

/** The index where there is nothing. */
const NOBODY = 2 ** 32 - 1;

/**
 * Lists of the k nearest, for which values come in any order; ties go by lower index. Each list is a heap with its
 * farthest on top, in the arrays of the answer: a value that is not nearer than that costs one comparison.
 */
export class NearestLists {
  readonly #lists: number;
  readonly #k: number;
  readonly #sign: number;
  /** Distances, negative where the largest is the nearest. */
  readonly #keys: Float32Array<ArrayBuffer>;
  readonly #indices: Uint32Array<ArrayBuffer>;
  readonly #counts: Uint32Array<ArrayBuffer>;
  /** The farthest of each full list. */
  readonly #worst: Float32Array<ArrayBuffer>;

  constructor(lists: number, k: number, isLargestNearest: boolean) {
    this.#lists = lists;
    this.#k = k;
    this.#sign = isLargestNearest ? -1 : 1;
    this.#keys = new Float32Array(lists * k);
    this.#indices = new Uint32Array(lists * k);
    this.#counts = new Uint32Array(lists);
    this.#worst = new Float32Array(lists).fill(Infinity);
  }

  /**
   * The distances of a block, to the list of each row; those of columns from `mirrored` on also to the list that has the
   * column's number, with the row's as index. NaN is left out.
   */
  add(block: Block, distances: Float32Array<ArrayBuffer>, mirrored: number): void {
    const { firstRow, rows, firstColumn, columns } = block;
    const sign = this.#sign;
    const worst = this.#worst;
    for (let r = 0; r < rows; r++) {
      const list = firstRow + r;
      let ownWorst = worst[list] ?? 0;
      for (let c = 0; c < columns; c++) {
        const key = sign * (distances[r * columns + c] ?? 0);
        if (key <= ownWorst) {
          this.#insert(list, key, firstColumn + c);
          ownWorst = worst[list] ?? 0;
        }
        if (c >= mirrored && key <= (worst[firstColumn + c] ?? 0)) this.#insert(firstColumn + c, key, list);
      }
    }
  }

  /** One value, as a 32-bit float, to one list. */
  offer(list: number, index: number, value: number): void {
    const key = this.#sign * value;
    if (key <= (this.#worst[list] ?? 0)) this.#insert(list, key, index);
  }

  /** Sorts each list. Places that nothing came for get NaN and the index 4,294,967,295. */
  async finish(pause: Pause): Promise<Neighbors> {
    for (const [from, to] of slices(this.#lists, this.#k)) {
      for (let list = from; list < to; list++) this.#sort(list);
      await pause();
    }
    const distances = this.#sign < 0 ? this.#keys.map((key) => -key) : this.#keys;
    return { k: this.#k, indices: this.#indices, distances };
  }

  #insert(list: number, key: number, index: number): void {
    const top = list * this.#k;
    const count = this.#counts[list] ?? 0;
    if (count === this.#k) {
      if (key === this.#keys[top] && index > (this.#indices[top] ?? 0)) return;
      this.#sink(top, this.#k, key, index);
    } else {
      this.#counts[list] = count + 1;
      this.#rise(top, count, key, index);
    }
    if (count + 1 >= this.#k) this.#worst[list] = this.#keys[top] ?? 0;
  }

  /** Puts an item at the empty place `at` or above it. */
  #rise(top: number, at: number, key: number, index: number): void {
    let place = at;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isNearer(top + parent, key, index)) break;
      this.#move(top + parent, top + place);
      place = parent;
    }
    this.#put(top + place, key, index);
  }

  /** Puts an item at the empty top or below it, in a heap of so many. */
  #sink(top: number, count: number, key: number, index: number): void {
    let place = 0;
    for (let child = 1; child < count; child = 2 * place + 1) {
      const next = top + child + 1;
      if (child + 1 < count && this.#isNearer(top + child, this.#keys[next] ?? 0, this.#indices[next] ?? 0)) {
        child++;
      }
      if (this.#isNearer(top + child, key, index)) break;
      this.#move(top + child, top + place);
      place = child;
    }
    this.#put(top + place, key, index);
  }

  /** Heapsort: the farthest goes to the end, again and again. */
  #sort(list: number): void {
    const top = list * this.#k;
    const count = this.#counts[list] ?? 0;
    for (let last = count - 1; last > 0; last--) {
      const [key, index] = [this.#keys[top + last] ?? 0, this.#indices[top + last] ?? 0];
      this.#move(top, top + last);
      this.#sink(top, last, key, index);
    }
    this.#keys.fill(Number.NaN, top + count, top + this.#k);
    this.#indices.fill(NOBODY, top + count, top + this.#k);
  }

  /** Whether the item in a place is nearer than another, by index where they are equal. */
  #isNearer(place: number, key: number, index: number): boolean {
    const there = this.#keys[place] ?? 0;
    return there < key || (there === key && (this.#indices[place] ?? 0) < index);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from] ?? 0, this.#indices[from] ?? 0);
  }

  #put(place: number, key: number, index: number): void {
    this.#keys[place] = key;
    this.#indices[place] = index;
  }
}
