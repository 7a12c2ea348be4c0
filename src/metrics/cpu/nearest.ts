import type { Block } from './blocks.ts';
import { type Pause, slices } from './known-set.ts';

/** The index where there is nothing. */
const NOBODY = 2 ** 32 - 1;

type Keys = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
type Indices = Uint32Array<ArrayBuffer>;

/**
 * Lists of the k nearest, for which values come in any order; ties go by lower index. Each list is a heap with its
 * farthest on top, in the arrays of the answer: a value that is not nearer than that costs one comparison.
 */
export class NearestLists<K extends Keys> {
  readonly #k: number;
  readonly #sign: number;
  /** Values, negative where the largest is the nearest. */
  readonly #keys: K;
  readonly #indices: Indices;
  readonly #counts: Uint32Array<ArrayBuffer>;
  /** The farthest of each full list. */
  readonly #worst: Float64Array<ArrayBuffer>;

  /** @param values room for the values of the answer, lists × k; their order is as fine as this array shows */
  constructor(values: K, lists: number, k: number, nearest: 'smallest' | 'largest') {
    this.#k = k;
    this.#sign = nearest === 'largest' ? -1 : 1;
    this.#keys = values;
    this.#indices = new Uint32Array(lists * k);
    this.#counts = new Uint32Array(lists);
    this.#worst = new Float64Array(lists).fill(Infinity);
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

  /** One value, which the lists can hold as it is, to one list. */
  offer(list: number, index: number, value: number): void {
    const key = this.#sign * value;
    if (key <= (this.#worst[list] ?? 0)) this.#insert(list, key, index);
  }

  /**
   * Sorts each list.
   *
   * @returns lists × k, nearest first. Places that nothing came for have NaN and the index 4,294,967,295.
   */
  async finish(pause: Pause): Promise<{ readonly indices: Indices; readonly values: K }> {
    for (const [from, to] of slices(this.#counts.length, this.#k)) {
      for (let list = from; list < to; list++) this.#sort(list);
      await pause();
    }
    return { indices: this.#indices, values: this.#keys };
  }

  /** So many values, each `step` after the last, with indices from `index` on. */
  #addTo(
    list: number,
    values: Float32Array<ArrayBuffer>,
    start: number,
    step: number,
    count: number,
    index: number,
  ): void {
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
    if (this.#sign < 0) for (let at = top; at < top + count; at++) keys[at] = -(keys[at] ?? 0);
    keys.fill(Number.NaN, top + count, top + k);
    indices.fill(NOBODY, top + count, top + k);
  }
}

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
