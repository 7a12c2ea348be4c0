import type { Job } from '../common/job.ts';
import { makeTurns } from '../gpu/turns.ts';
import type { DistanceRows, Neighbors } from './engine.ts';

export interface SortQuestion {
  readonly rows: number;
  readonly columns: number;
  readonly k: number;
  /** For the neighbors of a set in itself. */
  readonly leaveOutSelf: boolean;
  /** A number other than 0 for each column that may be found; all unless told. */
  readonly allowed?: Uint8Array<ArrayBuffer> | undefined;
  readonly isLargestNearest: boolean;
}

/**
 * Neighbors by sorting whole rows of distances: for a k so large that most of each row is wanted.
 *
 * @param pieces all rows, in order
 * @returns `indices` and `distances`, rows × k, row-major, nearest first; ties by lower index
 */
export async function sortNeighbors(
  pieces: AsyncIterable<DistanceRows>,
  { rows, columns, k, leaveOutSelf, allowed, isLargestNearest }: SortQuestion,
  { signal }: Job = {},
): Promise<Neighbors> {
  const result = { k, indices: new Uint32Array(rows * k), distances: new Float32Array(rows * k) };
  const turn = makeTurns();
  // A column's key above its number: the order of these is the order of neighbors.
  const order = new BigUint64Array(columns);
  const halves = new Uint32Array(order.buffer);
  const key = new Float32Array(1);
  const keyBits = new Uint32Array(key.buffer);
  for await (const { firstRow, rows: some, distances } of pieces) {
    for (let i = 0; i < some; i++) {
      const row = firstRow + i;
      let count = 0;
      for (let column = 0; column < columns; column++) {
        if ((leaveOutSelf && column === row) || allowed?.[column] === 0) continue;
        const value = distances[i * columns + column] ?? 0;
        // Adding 0 makes 0 of −0.
        key[0] = (isLargestNearest ? -value : value) + 0;
        halves[2 * count] = column;
        halves[2 * count + 1] = sortable(keyBits[0] ?? 0);
        count++;
      }
      order.subarray(0, count).sort();
      for (let rank = 0; rank < k; rank++) {
        const column = halves[2 * rank] ?? 0;
        result.indices[row * k + rank] = column;
        result.distances[row * k + rank] = distances[i * columns + column] ?? 0;
      }
      await turn();
      signal?.throwIfAborted();
    }
  }
  return result;
}

const SIGN = 0x80000000;

/** The bits of a float as a number that is larger for a larger float. */
function sortable(bits: number): number {
  return bits >= SIGN ? ~bits : bits + SIGN;
}
