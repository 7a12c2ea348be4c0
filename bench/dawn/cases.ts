import type { Gpu } from '../../src/gpu/gpu.ts';
import { reference } from '../../src/metrics/reference.ts';
import { kernelCandidates } from '../../src/metrics/tuner.ts';
import { groupedSet, randomSet } from '../data.mjs';
import { oneOfEachFamily } from '../families.ts';
import { judgeMatrix, recallJudge, rowOf } from '../judge.ts';
import type { Case } from './case.ts';

const DIMENSION = 512;
const BITS = 4096;
const K = 15;
/** Rows by this name are what PyTorch is put beside. */
const OURS = 'Nearfield';

// Rows are about 6.5 long; 32-bit sums in any order stay within this.
const DOT_TOLERANCE = 1e-4;
// Distances are about 170.
const MANHATTAN_TOLERANCE = 2e-3;

const SQUARES = [512, 1024, 2048, 4096, 8192];

const NEIGHBORS = [
  [2000, 64],
  [5000, 64],
  [10_000, 64],
  [10_000, 512],
  [100_000, 64],
  [100_000, 512],
  [1_000_000, 64],
  [1_000_000, 128],
  [1_000_000, 512],
] as const;

/** Each list from small to large; a list is left at the first that would take too long. */
export const caseLists: readonly (readonly Case[])[] = [
  SQUARES.map(productsCase),
  SQUARES.map(keptProductsCase),
  SQUARES.map(manhattanCase),
  SQUARES.map(hammingCase),
  NEIGHBORS.map(([rows, dimension]) => neighborsCase(rows, dimension)),
];

function productsCase(rows: number): Case {
  return {
    ...{ task: 'products', rows, columns: rows, dimension: DIMENSION },
    by: OURS,
    title: `A·Bᵀ, ${format(rows)}² × ${DIMENSION}`,
    ...{ work: (2 * rows * rows * DIMENSION) / 1e9, unit: 'GFLOP/s', peak: ({ flops }) => flops },
    open() {
      const [a, b] = [randomSet(rows, DIMENSION, 1), randomSet(rows, DIMENSION, 2)];
      const expected = (i: number, j: number) => reference.dot(rowOf(a, i), rowOf(b, j));
      return {
        run: (engine) => engine.distances(a, { metric: 'dot', columns: b }),
        judge: (values) => judgeMatrix(values, rows, expected, DOT_TOLERANCE),
      };
    },
  };
}

/** Without the way back, which takes longer than the product where memory is far from the GPU. */
function keptProductsCase(rows: number): Case {
  const whole = productsCase(rows);
  return {
    ...whole,
    by: `${OURS}, kept on the GPU`,
    open() {
      const [a, b] = [randomSet(rows, DIMENSION, 1), randomSet(rows, DIMENSION, 2)];
      return {
        async run(engine) {
          const kept = await engine.distancesOnGpu(a, { metric: 'dot', columns: b });
          kept.free();
          return [];
        },
        judge: () => ({ isRight: true, says: 'not read' }),
      };
    },
  };
}

/**
 * One product by each kernel that this adapter may be measured with, chosen or not; on a software adapter, which takes many
 * seconds to compile some, by one of each family.
 *
 * @returns lists of one: none says how long another will take
 */
export function kernelCases(gpu: Gpu): Case[][] {
  const { isFallback } = gpu.adapter;
  const { all } = kernelCandidates(gpu);
  const names = new Set((isFallback ? oneOfEachFamily(all) : all).map(({ name }) => name));
  const rows = isFallback ? 512 : 4096;
  return [...names].map((kernel) => [
    { ...productsCase(rows), by: `${OURS}, ${kernel}`, engine: { kernel } },
  ]);
}

function manhattanCase(rows: number): Case {
  return {
    ...{ task: 'manhattan', rows, columns: rows, dimension: DIMENSION },
    by: OURS,
    title: `Manhattan, ${format(rows)}² × ${DIMENSION}`,
    work: (rows * rows * DIMENSION) / 1e9,
    unit: 'G elements/s',
    peak: ({ manhattanElements }) => manhattanElements,
    open() {
      const [a, b] = [randomSet(rows, DIMENSION, 1), randomSet(rows, DIMENSION, 2)];
      const expected = (i: number, j: number) => reference.manhattan(rowOf(a, i), rowOf(b, j));
      return {
        run: (engine) => engine.distances(a, { metric: 'manhattan', columns: b }),
        judge: (values) => judgeMatrix(values, rows, expected, MANHATTAN_TOLERANCE),
      };
    },
  };
}

function hammingCase(rows: number): Case {
  return {
    ...{ task: 'hamming', rows, columns: rows, dimension: BITS },
    by: OURS,
    title: `Hamming, ${format(rows)}² rows of ${format(BITS)} bits`,
    work: (rows * rows * BITS) / 32 / 1e9,
    unit: 'G words/s',
    peak: ({ hammingWords }) => hammingWords,
    open() {
      const set = randomSet(rows, BITS);
      const isSet = (row: number, bit: number) => (set.vectors[row * BITS + bit] ?? 0) > 0;
      const expected = (i: number, j: number) => {
        let count = 0;
        for (let bit = 0; bit < BITS; bit++) if (isSet(i, bit) !== isSet(j, bit)) count++;
        return count;
      };
      return {
        run: (engine) => engine.distances(set, { metric: 'hamming', threshold: 'zero' }),
        judge: (values) => judgeMatrix(values, rows, expected, 0),
      };
    },
  };
}

function neighborsCase(rows: number, dimension: number): Case {
  return {
    ...{ task: 'neighbors', rows, columns: rows, dimension, k: K },
    by: OURS,
    title: `${K} nearest of each of ${format(rows)} × ${dimension}, euclidean`,
    ...{ work: (2 * rows * rows * dimension) / 1e9, unit: 'GFLOP/s', peak: ({ flops }) => flops },
    open() {
      const set = groupedSet(rows, dimension);
      return {
        async run(engine) {
          const { indices } = await engine.neighbors(set, { metric: 'euclidean', k: K });
          return indices;
        },
        judge: (indices) => recallJudge(set, set, K, true)(indices),
      };
    },
  };
}

function format(value: number): string {
  return value.toLocaleString('en');
}
