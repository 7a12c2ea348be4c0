import * as tf from '@tensorflow/tfjs';
import { referenceSimilarity } from '../../src/metrics/reference.ts';
import { ourContenders } from '../contenders/ours.ts';
import { tfjsContender, toTensor, toTransposed } from '../contenders/tfjs.ts';
import { unitSet } from '../data.mjs';
import { judgeMatrix } from '../judge.ts';
import { measureInTurns } from '../measure.ts';
import type { Task } from '../task.ts';

const PICTURES = 1000;
const LABELS = 200;
const DIMENSION = 512;
const SCALE = 100;
// Of a probability. Ours promises a hundredth of this; 32-bit logits up to 100 cannot.
const TOLERANCE = 1e-3;

export const similarity: Task = {
  id: 'similarity',
  title: 'CLIP similarity, 1,000 pictures × 200 labels × 512',
  note: 'Logits and both softmaxes, all read. The error is of the probabilities: ours keeps twice the digits of the cosines for it.',
  async measure({ ours, tfjs }) {
    const [pictures, labels] = [unitSet(PICTURES, DIMENSION, 1), unitSet(LABELS, DIMENSION, 2)];
    const truth = referenceSimilarity(pictures, labels, SCALE);
    const at = (values: Float64Array) => (i: number, j: number) => values[i * LABELS + j] ?? 0;
    return measureInTurns<readonly ArrayLike<number>[]>(
      [
        ...ourContenders(ours, async (engine) => {
          const { overLabels, overPictures } = await engine.similarity(pictures, labels, { scale: SCALE });
          return [overLabels, overPictures];
        }),
        ...tfjs.map((backend) =>
          tfjsContender(backend, 'matMul + softmax both ways', {
            prepare: () => ({ pictures: toTensor(pictures), labels: toTransposed(labels) }),
            graph({ pictures, labels }) {
              const logits = tf.mul(tf.matMul(pictures, labels), SCALE);
              const overPictures = tf.transpose(tf.softmax(tf.transpose(logits)));
              return [tf.softmax(logits), overPictures, logits];
            },
            collect: ([overLabels = [], overPictures = []]) => [overLabels, overPictures],
          }),
        ),
      ],
      ([overLabels = [], overPictures = []]) => {
        const rows = judgeMatrix(overLabels, LABELS, at(truth.overLabels), TOLERANCE);
        const columns = judgeMatrix(overPictures, LABELS, at(truth.overPictures), TOLERANCE);
        return !columns.isRight ? columns : rows;
      },
      5,
    );
  },
};
