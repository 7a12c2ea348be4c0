import * as tf from '@tensorflow/tfjs';
import type { VectorSet } from '../../src/metrics/engine.ts';
import { descentContenders, openEmbeddingAtlas } from '../contenders/embedding-atlas.ts';
import { ourContenders } from '../contenders/ours.ts';
import { type Tfjs, tfjsContender, toTensor, toTransposed } from '../contenders/tfjs.ts';
import { groupedSet } from '../data.mjs';
import { recallJudge } from '../judge.ts';
import { type Contender, measureInTurns } from '../measure.ts';
import { plainNearest } from '../plain.ts';
import type { Goal, Task } from '../task.ts';

const DIMENSION = 64;
const K = 15;

export const neighbors2000 = neighbors(2000, {
  goal: { than: 'tfjs-webgpu, matMul(X, X, false, true) + topk', timesAsFast: 15 },
});

export const neighbors5000 = neighbors(5000, {
  goal: { than: 'tfjs-wasm, matMul(X, X, false, true) + topk', timesAsFast: 0.8 },
});

// Sizes from here take tfjs-webgpu over a minute on a software adapter.
const SLOW_ROWS = 5000;

function neighbors(rows: number, { goal }: { readonly goal: Goal }): Task {
  return {
    id: `neighbors-${rows}`,
    title: `${K} nearest of each of ${rows.toLocaleString('en')} × ${DIMENSION}, euclidean`,
    work: { amount: (2 * rows * rows * DIMENSION) / 1e9, unit: 'GFLOP/s' },
    goal,
    async measure({ ours, tfjs, findPeer, isSlow }) {
      const atlas = await findPeer('embedding-atlas');
      const set = groupedSet(rows, DIMENSION);
      const judge = recallJudge(set, set, K, true);
      const backends = tfjs.filter(({ name }) => name !== 'tfjs-webgpu' || rows < SLOW_ROWS || isSlow);
      const plain: Contender<ArrayLike<number>> = {
        name: 'plain JavaScript',
        repetitions: 3,
        run: async () => plainNearest(set, set, K, true),
      };
      return measureInTurns<ArrayLike<number>>(
        [
          ...ourContenders(ours, async (engine) => {
            const { indices } = await engine.neighbors(set, { metric: 'euclidean', k: K });
            return indices;
          }),
          ...backends.flatMap((backend) => [
            tfjsNearest(backend, set, false),
            tfjsNearest(backend, set, true),
          ]),
          ...(rows < SLOW_ROWS ? [plain] : []),
          ...(atlas ? descentContenders(await openEmbeddingAtlas(atlas), set, K) : []),
        ],
        (indices, { name }) => judge(indices, name.startsWith('embedding-atlas')),
        5,
      );
    },
  };
}

/**
 * The fewest operations that give both indices and distances: 2x·y − ‖y‖² orders as the distance does, and only the
 * nearest need ‖x‖² and a root.
 *
 * @param isTurned with the set turned before, not timed, as tfjs's matMul likes it best; else as it is stored
 */
function tfjsNearest(backend: Tfjs, set: VectorSet, isTurned: boolean): Contender<ArrayLike<number>> {
  const what = isTurned ? 'matMul(X, Xᵀ) + topk, Xᵀ made before' : 'matMul(X, X, false, true) + topk';
  return tfjsContender(backend, what, {
    prepare: () => ({ rows: toTensor(set), columns: isTurned ? toTransposed(set) : toTensor(set) }),
    graph({ rows, columns }) {
      const norms = tf.sum(tf.square(rows), 1);
      const scores = tf.sub(tf.matMul(tf.mul(rows, 2), columns, false, !isTurned), norms);
      const { values, indices } = tf.topk(scores, K + 1);
      const squared = tf.sub(tf.reshape(norms, [-1, 1]), values);
      return [indices, tf.sqrt(tf.maximum(squared, 0))];
    },
    collect: ([indices = []]) => withoutSelf(indices, K),
    ...(backend.name === 'tfjs-webgpu' ? { repetitions: 3 } : {}),
  });
}

/** From lists of k + 1 that hold each row itself, or, where duplicates crowd it out, one too many. */
function withoutSelf(indices: ArrayLike<number>, k: number): Uint32Array<ArrayBuffer> {
  const rows = indices.length / (k + 1);
  const out = new Uint32Array(rows * k);
  for (let row = 0; row < rows; row++) {
    for (let rank = 0, slot = 0; rank <= k && slot < k; rank++) {
      const index = indices[row * (k + 1) + rank] ?? 0;
      if (index !== row) out[row * k + slot++] = index;
    }
  }
  return out;
}
