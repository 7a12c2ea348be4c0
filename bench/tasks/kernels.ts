import type { Storage } from '../../src/metrics/engine.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { reference } from '../../src/metrics/reference.ts';
import { kernelCandidates } from '../../src/metrics/tuner.ts';
import { OURS_WEBGPU, type Ours } from '../contenders/ours.ts';
import { randomSet } from '../data.mjs';
import { oneOfEachFamily } from '../families.ts';
import { judgeMatrix, rowOf } from '../judge.ts';
import { measureInTurns } from '../measure.ts';
import type { Task } from '../task.ts';

const ROWS = 1024;
const DIMENSION = 512;
// A 16-bit float keeps 11 bits: values below 0.5 move by up to 2^-13, and 512 products of such add up to this at worst.
const TOLERANCE = 2e-2;
// 32-bit rows stay below this and 16-bit rows do not: so it is seen when an engine passes one off as the other.
const ROUNDED = 1e-4;

export const kernels: Task = {
  id: 'kernels',
  title: 'The same A·Bᵀ by each family of kernels, and from rows stored in 16 bits',
  work: { amount: (2 * ROWS * ROWS * DIMENSION) / 1e9, unit: 'GFLOP/s' },
  note: 'The first row is what the engine chose. 16-bit rows take half the memory; the arithmetic is of 32 bits.',
  async measure({ ours, gpu }) {
    const [a, b] = [randomSet(ROWS, DIMENSION, 1), randomSet(ROWS, DIMENSION, 2)];
    const expected = (i: number, j: number) => reference.dot(rowOf(a, i), rowOf(b, j));
    const forced = gpu
      ? oneOfEachFamily(kernelCandidates(gpu).all).map(
          ({ name }): Ours => ({
            name: `${OURS_WEBGPU}, ${name}`,
            engine: createGpuEngine(gpu, { kernel: name }),
          }),
        )
      : [];
    const contenders = [...ours, ...forced].flatMap(({ name, engine }) =>
      (['float32', 'float16'] as const).map((storage: Storage) => ({
        name: storage === 'float32' ? name : `${name}, rows in 16 bits`,
        run: () => engine.distances(a, { metric: 'dot', columns: b, storage }),
      })),
    );
    const measured = await measureInTurns(
      contenders,
      (values, { name }) => {
        const verdict = judgeMatrix(values, ROWS, expected, TOLERANCE);
        const isExact = judgeMatrix(values, ROWS, expected, ROUNDED).isRight;
        return { ...verdict, isRight: verdict.isRight && isExact !== name.endsWith('rows in 16 bits') };
      },
      5,
    );
    for (const { engine } of forced) engine.dispose();
    return measured;
  },
};
