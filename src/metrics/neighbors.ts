import type { Job } from '../common/job.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Pairing } from './distances.ts';
import type { Neighbors } from './engine.ts';
import { type SearchQuestion, searchNeighbors } from './neighbors-search.ts';

/** More neighbors than this are sorted on the CPU (neighbors-sorted.ts). */
export const MOST_ON_GPU = 1024;

/**
 * Exact k nearest columns of every row, under one metric; k up to MOST_ON_GPU.
 *
 * @returns `indices` and `distances`, rows × k, row-major, nearest first; ties by lower index
 */
export async function computeNeighbors(
  pairing: Pairing,
  question: SearchQuestion,
  job: Job = {},
): Promise<Neighbors> {
  const { rows } = pairing.rows;
  const { k } = question;
  const result = { k, indices: new Uint32Array(rows * k), distances: new Float32Array(rows * k) };
  if (rows === 0) return result;
  const scope = new BufferScope(pairing.gpu.memory);
  try {
    await searchNeighbors(pairing, question, scope, result, job);
    return result;
  } finally {
    scope.free();
  }
}
