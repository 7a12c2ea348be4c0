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
    for (let r = 0; r < rows; r++) {
      this.#addTo(firstRow + r, distances, r * columns, 1, columns, firstColumn);
    }
    for (let c = mirrored; c < columns; c++) {
      this.#addTo(firstColumn + c, distances, c, columns, rows, firstRow);
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

  /** So many values, each `step` after the last, with indices from `index` on. */
  #addTo(list: number, values: Keys, start: number, step: number, count: number, index: number): void {
    let worst = this.#worst[list] ?? 0;
    for (let i = 0; i < count; i++) {
      const key = this.#sign * (values[start + i * step] ?? 0);
      if (!(key <= worst)) continue;
      this.#insert(list, key, index + i);
      worst = this.#worst[list] ?? 0;
    }
  }

  #insert(list: number, key: number, index: number): void {
    const [k, keys, indices] = [this.#k, this.#keys, this.#indices];
    const top = list * k;
    const count = this.#counts[list] ?? 0;
    if (count < k) {
      this.#counts[list] = count + 1;
      rise(keys, indices, top, count, key, index);
      if (count + 1 < k) return;
    } else {
      if (key === keys[top] && index > (indices[top] ?? 0)) return;
      sink(keys, indices, top, k, key, index);
    }
    this.#worst[list] = keys[top] ?? 0;
  }

  /** Heapsort: the farthest goes to the end, again and again. */
  #sort(list: number): void {
    const [k, keys, indices] = [this.#k, this.#keys, this.#indices];
    const top = list * k;
    const count = this.#counts[list] ?? 0;
    for (let end = top + count - 1; end > top; end--) {
      const key = keys[end] ?? 0;
      const index = indices[end] ?? 0;
      keys[end] = keys[top] ?? 0;
      indices[end] = indices[top] ?? 0;
      sink(keys, indices, top, end - top, key, index);
    }
    keys.fill(Number.NaN, top + count, top + k);
    indices.fill(NOBODY, top + count, top + k);
  }
}

type Keys = Float32Array<ArrayBuffer>;
type Indices = Uint32Array<ArrayBuffer>;

/** Puts an item at the empty place `at` of a heap or above it. */
function rise(keys: Keys, indices: Indices, top: number, at: number, key: number, index: number): void {
  let place = at;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = keys[top + parent] ?? 0;
    const indexAbove = indices[top + parent] ?? 0;
    if (above > key || (above === key && indexAbove > index)) break;
    keys[top + place] = above;
    indices[top + place] = indexAbove;
    place = parent;
  }
  keys[top + place] = key;
  indices[top + place] = index;
}

/** Puts an item at the empty top of a heap of so many or below it. */
function sink(keys: Keys, indices: Indices, top: number, count: number, key: number, index: number): void {
  let place = 0;
  for (let child = 1; child < count; child = 2 * place + 1) {
    let below = keys[top + child] ?? 0;
    let indexBelow = indices[top + child] ?? 0;
    if (child + 1 < count) {
      const other = keys[top + child + 1] ?? 0;
      const otherIndex = indices[top + child + 1] ?? 0;
      if (other > below || (other === below && otherIndex > indexBelow)) {
        child++;
        below = other;
        indexBelow = otherIndex;
      }
    }
    if (below < key || (below === key && indexBelow < index)) break;
    keys[top + place] = below;
    indices[top + place] = indexBelow;
    place = child;
  }
  keys[top + place] = key;
  indices[top + place] = index;
}
