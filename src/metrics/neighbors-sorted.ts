import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import { NearestLists } from './cpu/nearest.ts';
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
 * Neighbors from whole rows of distances, listed on the CPU: for a k so large that most of each row is wanted.
 *
 * @param pieces all rows, in order
 * @returns `indices` and `distances`, rows × k, row-major, nearest first; ties by lower index
 */
export async function sortNeighbors(
  pieces: AsyncIterable<DistanceRows>,
  { rows, columns, k, leaveOutSelf, allowed, isLargestNearest }: SortQuestion,
  { signal }: Job = {},
): Promise<Neighbors> {
  const turn = makeTurns(signal);
  const nearest = isLargestNearest ? 'largest' : 'smallest';
  const lists = new NearestLists(new Float32Array(rows * k), rows, k, nearest);
  for await (const { firstRow, rows: some, distances } of pieces) {
    for (let i = 0; i < some; i++) {
      const row = firstRow + i;
      const leftOut = leaveOutSelf ? row : -1;
      for (let column = 0; column < columns; column++) {
        if (column === leftOut || allowed?.[column] === 0) continue;
        lists.offer(row, column, distances[i * columns + column] ?? 0);
      }
      await turn();
    }
  }
  const { indices, values } = await lists.finish(turn);
  return { k, indices, distances: values };
}
