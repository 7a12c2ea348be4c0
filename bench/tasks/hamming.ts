import { ourContenders } from '../contenders/ours.ts';
import { randomSet } from '../data.mjs';
import { judgeMatrix } from '../judge.ts';
import { measureInTurns } from '../measure.ts';
import { plainHamming } from '../plain.ts';
import type { Task } from '../task.ts';

const ROWS = 1024;
const BITS = 4096;
const WORDS = BITS / 32;

export const hamming: Task = {
  id: 'hamming',
  title: 'Hamming distances, 1,024 × 1,024 rows of 4,096 bits',
  work: { amount: (ROWS * ROWS * WORDS) / 1e9, unit: 'G words/s' },
  goal: { rate: 0.7 },
  note: 'No peer has a kernel for it. Rows are packed into words of 32 bits before.',
  async measure({ ours }) {
    const set = randomSet(ROWS, BITS);
    const words = new Uint32Array(ROWS * WORDS);
    for (const [at, value] of set.vectors.entries()) {
      if (value > 0) words[at >> 5] = (words[at >> 5] ?? 0) | (1 << (at & 31));
    }
    return measureInTurns<ArrayLike<number>>(
      [
        ...ourContenders(ours, (engine) => engine.distances(set, { metric: 'hamming', threshold: 'zero' })),
        { name: 'plain JavaScript', repetitions: 3, run: async () => plainHamming(words, WORDS) },
      ],
      (values) => judgeMatrix(values, ROWS, (i, j) => differing(set.vectors, i, j), 0),
      5,
    );
  },
};

function differing(vectors: Float32Array, i: number, j: number): number {
  let count = 0;
  for (let at = 0; at < BITS; at++) {
    if ((vectors[i * BITS + at] ?? 0) > 0 !== (vectors[j * BITS + at] ?? 0) > 0) count++;
  }
  return count;
}
