import type { Storage } from '../../src/metrics/engine.ts';
import { reference } from '../../src/metrics/reference.ts';
import { randomSet } from '../data.mjs';
import { judgeMatrix, rowOf } from '../judge.ts';
import { measureInTurns } from '../measure.ts';
import type { Task } from '../task.ts';

const ROWS = 1024;
const DIMENSION = 512;
// A 16-bit float keeps 11 bits: values below 0.5 move by up to 2^-13, and 512 products of such add up to this at worst.
const TOLERANCE = 2e-2;
// 32-bit rows stay below this and 16-bit rows do not: so it is seen when an engine passes one off as the other.
const ROUNDED = 1e-4;

export const storage: Task = {
  id: 'storage',
  title: 'The same A·Bᵀ from rows stored as 32-bit and as 16-bit floats',
  work: { amount: (2 * ROWS * ROWS * DIMENSION) / 1e9, unit: 'GFLOP/s' },
  note: '16-bit rows take half the memory; the arithmetic is of 32 bits.',
  async measure({ ours }) {
    const [a, b] = [randomSet(ROWS, DIMENSION, 1), randomSet(ROWS, DIMENSION, 2)];
    const expected = (i: number, j: number) => reference.dot(rowOf(a, i), rowOf(b, j));
    return measureInTurns(
      (['float32', 'float16'] as const).flatMap((kind: Storage) =>
        ours.map(({ name, engine }) => ({
          name: `${name}, ${kind}`,
          run: () => engine.distances(a, { metric: 'dot', columns: b, storage: kind }),
        })),
      ),
      (values, { name }) => {
        const verdict = judgeMatrix(values, ROWS, expected, TOLERANCE);
        const isExact = judgeMatrix(values, ROWS, expected, ROUNDED).isRight;
        return { ...verdict, isRight: verdict.isRight && isExact === name.endsWith('float32') };
      },
      5,
    );
  },
};
