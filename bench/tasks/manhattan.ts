import * as tf from '@tensorflow/tfjs';
import type { VectorSet } from '../../src/metrics/engine.ts';
import { reference } from '../../src/metrics/reference.ts';
import { ourContenders } from '../contenders/ours.ts';
import { type Tfjs, tfjsContender } from '../contenders/tfjs.ts';
import { randomSet } from '../data.mjs';
import { judgeMatrix, rowOf } from '../judge.ts';
import { type Contender, measureInTurns } from '../measure.ts';
import { plainManhattan, plainMatrix } from '../plain.ts';
import type { Task } from '../task.ts';

const ROWS = 1024;
const DIMENSION = 512;
// Distances are about 170.
const TOLERANCE = 2e-3;
// tfjs has no such kernel: it must write every difference out, 2 GB of them at the full size.
const SMALL = 128;

export const manhattan: Task = {
  id: 'manhattan',
  title: 'Manhattan distances, 1,024 × 1,024 × 512',
  work: { amount: (ROWS * ROWS * DIMENSION) / 1e9, unit: 'G elements/s' },
  goal: { rate: 0.8 },
  note: `No peer has a kernel for it. tfjs writes out all differences, so it is measured at ${SMALL} × ${SMALL} × ${DIMENSION}.`,
  async measure({ ours, tfjs }) {
    const [a, b] = [randomSet(ROWS, DIMENSION, 1), randomSet(ROWS, DIMENSION, 2)];
    const expected = (i: number, j: number) => reference.manhattan(rowOf(a, i), rowOf(b, j));
    return measureInTurns<ArrayLike<number>>(
      [
        ...ourContenders(ours, (engine) => engine.distances(a, { metric: 'manhattan', columns: b })),
        ...tfjs.map((backend) => broadcast(backend, a, b)),
        { name: 'plain JavaScript', repetitions: 3, run: async () => plainMatrix(a, b, plainManhattan) },
      ],
      (values, { share }) => judgeMatrix(values, share ? SMALL : ROWS, expected, TOLERANCE),
      5,
    );
  },
};

function broadcast(backend: Tfjs, a: VectorSet, b: VectorSet): Contender<ArrayLike<number>> {
  const first = ({ vectors }: VectorSet) => vectors.slice(0, SMALL * DIMENSION);
  return tfjsContender(backend, `broadcast, ${SMALL} × ${SMALL}`, {
    prepare: () => ({
      a: tf.tensor3d(first(a), [SMALL, 1, DIMENSION]),
      b: tf.tensor3d(first(b), [1, SMALL, DIMENSION]),
    }),
    graph: ({ a, b }) => [tf.sum(tf.abs(tf.sub(a, b)), 2)],
    collect: ([values = []]) => values,
    share: SMALL ** 2 / ROWS ** 2,
  });
}
