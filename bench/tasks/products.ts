import * as tf from '@tensorflow/tfjs';
import { reference } from '../../src/metrics/reference.ts';
import { ourContenders } from '../contenders/ours.ts';
import { tfjsContender, toTensor, toTransposed } from '../contenders/tfjs.ts';
import { randomSet } from '../data.mjs';
import { judgeMatrix, rowOf } from '../judge.ts';
import { measureInTurns } from '../measure.ts';
import { plainDot, plainMatrix } from '../plain.ts';
import type { Task } from '../task.ts';

const ROWS = 1024;
const DIMENSION = 512;
// Rows are about 6.5 long; 32-bit sums in any order stay within this.
const TOLERANCE = 1e-4;

export const products: Task = {
  id: 'products',
  title: 'A·Bᵀ, 1,024 × 1,024 × 512',
  work: { amount: (2 * ROWS * ROWS * DIMENSION) / 1e9, unit: 'GFLOP/s' },
  goal: { than: 'tfjs-webgpu, matMul(A, B, false, true)', timesAsFast: 8 },
  async measure({ ours, tfjs }) {
    const [a, b] = [randomSet(ROWS, DIMENSION, 1), randomSet(ROWS, DIMENSION, 2)];
    const contenders = [
      ...ourContenders(ours, (engine) => engine.distances(a, { metric: 'dot', columns: b })),
      ...tfjs.flatMap((backend) => [
        tfjsContender(backend, 'matMul(A, B, false, true)', {
          prepare: () => ({ a: toTensor(a), b: toTensor(b) }),
          graph: ({ a, b }) => [tf.matMul(a, b, false, true)],
          collect: ([values = []]) => values,
          repetitions: 3,
        }),
        tfjsContender(backend, 'matMul(A, B), B turned before', {
          prepare: () => ({ a: toTensor(a), b: toTransposed(b) }),
          graph: ({ a, b }) => [tf.matMul(a, b)],
          collect: ([values = []]) => values,
          ...(backend.name === 'tfjs-webgpu' ? { repetitions: 3 } : {}),
        }),
      ]),
      { name: 'plain JavaScript', repetitions: 3, run: async () => plainMatrix(a, b, plainDot) },
    ];
    return measureInTurns<ArrayLike<number>>(
      contenders,
      (values) => judgeMatrix(values, ROWS, (i, j) => reference.dot(rowOf(a, i), rowOf(b, j)), TOLERANCE),
      5,
    );
  },
};
