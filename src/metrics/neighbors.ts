import type { Job } from '../common/job.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Pairing } from './distances.ts';
import type { Neighbors } from './engine.ts';
import { type SearchQuestion, searchNeighbors } from './neighbors-search.ts';

// Lists this long are kept by kernels whatever the set.
const SHORT = 64;
const LONGEST = 1024;
// Groups of 8 rows are measured twice, about 2 k of them, one pair after the other. On a software adapter that costs as much as
// listing all pairs on the CPU when k is a 32nd of the rows (measured: 2,000 rows of 64 and 384); GPUs are better at it.
const ROWS_PER_NEIGHBOR = { fallback: 32, gpu: 8 };

/** The largest k that kernels find in a base of so many rows; beyond it whole rows of distances are listed on the CPU (neighbors-sorted.ts). */
export function mostNeighbors(rows: number, isFallback: boolean): number {
  const share = Math.floor(rows / ROWS_PER_NEIGHBOR[isFallback ? 'fallback' : 'gpu']);
  return Math.min(LONGEST, Math.max(SHORT, share));
}

/**
 * Exact k nearest columns of every row, under one metric; k up to `mostNeighbors`.
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
