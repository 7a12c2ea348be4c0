import type { VectorSet } from '../src/metrics/engine.ts';
import type { Verdict } from './measure.ts';

type Row = Float32Array<ArrayBuffer>;

export function rowOf({ vectors, dimension }: VectorSet, row: number): Row {
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}

// A prime: evenly spread samples then come from all columns, whatever the size.
const SAMPLES = 1999;

/** Compares some values of a matrix with float64. `tolerance` is in the values' own unit. */
export function judgeMatrix(
  values: ArrayLike<number>,
  columns: number,
  expected: (row: number, column: number) => number,
  tolerance: number,
): Verdict {
  let worst = values.length > 0 ? 0 : Infinity;
  const samples = Math.min(SAMPLES, values.length);
  for (let i = 0; i < samples; i++) {
    const at = Math.floor((i * values.length) / samples);
    const error = Math.abs((values[at] ?? Number.NaN) - expected(Math.floor(at / columns), at % columns));
    // Unlike a comparison, this keeps a NaN to the end.
    worst = Math.max(worst, error);
  }
  return {
    isRight: worst <= tolerance,
    says: worst === 0 ? 'exact' : `error up to ${worst.toExponential(0)}`,
  };
}

// Rows at the same distance to the last digit may change places between two right answers.
const RIGHT_RECALL = 0.999;
const SAMPLED_QUERIES = { most: 200, fewest: 8 };
// Numbers of pairs that the truth may cost to find: about a second.
const MOST_ELEMENTS = 5e8;

/** Finds the true neighbors of some rows in float64, to hold every contender's against. */
export function recallJudge(
  base: VectorSet,
  queries: VectorSet,
  k: number,
  isSelfLeftOut: boolean,
): (indices: ArrayLike<number>, isApproximate?: boolean) => Verdict {
  const asked = queries.vectors.length / queries.dimension;
  const { most, fewest } = SAMPLED_QUERIES;
  const affordable = Math.max(fewest, Math.ceil(MOST_ELEMENTS / base.vectors.length));
  const samples = Math.min(most, asked, affordable);
  const truth = new Map<number, Set<number>>();
  for (let sample = 0; sample < samples; sample++) {
    const query = Math.floor((sample * asked) / samples);
    truth.set(query, nearestOf(rowOf(queries, query), base, k, isSelfLeftOut ? query : -1));
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

/** @param leftOut a row that does not count, or −1 */
function nearestOf(row: Row, base: VectorSet, k: number, leftOut: number): Set<number> {
  const rows = base.vectors.length / base.dimension;
  const best: { index: number; squared: number }[] = [];
  for (let index = 0; index < rows; index++) {
    if (index === leftOut) continue;
    const squared = squaredDistance(row, base.vectors, index * base.dimension);
    const last = best[k - 1];
    if (last && squared >= last.squared) continue;
    const slot = best.findLastIndex((kept) => kept.squared <= squared) + 1;
    best.splice(slot, 0, { index, squared });
    best.length = Math.min(best.length, k);
  }
  return new Set(best.map(({ index }) => index));
}

function squaredDistance(row: Row, vectors: Row, at: number): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += ((row[j] ?? 0) - (vectors[at + j] ?? 0)) ** 2;
  return sum;
}
