import * as tf from '@tensorflow/tfjs';
import { ourContenders } from '../contenders/ours.ts';
import { tfjsContender, toTensor } from '../contenders/tfjs.ts';
import { unitSet } from '../data.mjs';
import { recallJudge } from '../judge.ts';
import { measureInTurns } from '../measure.ts';
import { plainNearest } from '../plain.ts';
import type { Task } from '../task.ts';

const ROWS = 10_000;
const DIMENSION = 384;
const K = 50;

export const search: Task = {
  id: 'search',
  title: `${K} nearest of one query in 10,000 × ${DIMENSION}, cosine`,
  async measure({ ours, tfjs }) {
    const base = unitSet(ROWS, DIMENSION, 1);
    const query = unitSet(1, DIMENSION, 2);
    const judge = recallJudge(base, query, K, false);
    return measureInTurns<ArrayLike<number>>(
      [
        ...ourContenders(ours, async (engine) => {
          const { indices } = await engine.neighbors(base, { metric: 'cosine', k: K, queries: query });
          return indices;
        }),
        ...tfjs.map((backend) =>
          tfjsContender(backend, 'matMul + topk', {
            prepare: () => ({ query: toTensor(query), base: toTensor(base) }),
            graph: ({ query, base }) => {
              const { values, indices } = tf.topk(tf.matMul(query, base, false, true), K);
              return [indices, values];
            },
            collect: ([indices = []]) => indices,
          }),
        ),
        { name: 'plain JavaScript', run: async () => plainNearest(query, base, K, false) },
      ],
      (indices) => judge(indices),
      15,
    );
  },
};
