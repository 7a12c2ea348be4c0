import type { VectorSet } from '../src/metrics/engine.ts';
import { reference } from '../src/metrics/reference.ts';
import type { Verdict } from './measure.ts';

type Row = Float32Array<ArrayBuffer>;

export function rowOf({ vectors, dimension }: VectorSet, row: number): Row {
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}

const SAMPLES = 2000;
// A step that shares no factor with the sizes in use: samples come from all over the matrix.
const STEP = 7919;

/** Compares some values of a matrix with float64. `tolerance` is in the values' own unit. */
export function judgeMatrix(
  values: ArrayLike<number>,
  columns: number,
  expected: (row: number, column: number) => number,
  tolerance: number,
): Verdict {
  let worst = 0;
  for (let i = 0; i < Math.min(SAMPLES, values.length); i++) {
    const at = (i * STEP) % values.length;
    const error = Math.abs((values[at] ?? Number.NaN) - expected(Math.floor(at / columns), at % columns));
    // NaN is no number that compares: it must end as the worst.
    if (!(error <= worst)) worst = error;
  }
  return { isRight: worst <= tolerance, says: `error up to ${worst.toExponential(0)}` };
}

const SAMPLED_QUERIES = 200;
// Rows at the same distance to the last digit may change places between two right answers.
const RIGHT_RECALL = 0.999;

/** Finds the true neighbors of some rows in float64, to hold every contender's against. */
export function recallJudge(
  base: VectorSet,
  queries: VectorSet,
  k: number,
  isSelfLeftOut: boolean,
): (indices: ArrayLike<number>, isApproximate?: boolean) => Verdict {
  const rows = base.vectors.length / base.dimension;
  const asked = queries.vectors.length / queries.dimension;
  const step = Math.max(1, Math.floor(asked / SAMPLED_QUERIES));
  const truth = new Map<number, Set<number>>();
  for (let query = 0; query < asked; query += step) {
    const row = rowOf(queries, query);
    const distances = Float64Array.from({ length: rows }, (_, j) =>
      isSelfLeftOut && j === query ? Infinity : reference.euclidean(row, rowOf(base, j)),
    );
    const order = Uint32Array.from({ length: rows }, (_, j) => j);
    order.sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0));
    truth.set(query, new Set(order.subarray(0, k)));
  }
  return (indices, isApproximate = false) => {
    let found = 0;
    for (const [query, nearest] of truth) {
      for (let rank = 0; rank < k; rank++) if (nearest.has(indices[query * k + rank] ?? -1)) found++;
    }
    const recall = found / (truth.size * k);
    return {
      isRight: recall >= RIGHT_RECALL || (isApproximate && recall > 0.5),
      says: `recall ${recall.toFixed(3)}${isApproximate ? ', approximate' : ''}`,
    };
  };
}
