import type { Job } from '../common/job.ts';
import type { MetricEngine, MetricId, Neighbors, VectorSet } from './engine.ts';

/** Metrics whose distance between two rows does not depend on the other rows (Hamming's threshold does). */
const PAIRWISE: ReadonlySet<MetricId> = new Set(['euclidean', 'manhattan', 'cosine', 'dot']);

/**
 * Exact neighbors of a set that grew at its end, from the neighbors it had: only pairs with a new row are measured,
 * so that adding m rows to n costs 2·n·m distances and not (n+m)².
 *
 * @param known neighbors of the first `knownRows` rows, or undefined to begin anew
 * @returns neighbors of all rows, k of them or as many as there are others
 */
export async function extendNeighbors(
  engine: Pick<MetricEngine, 'neighbors'>,
  set: VectorSet,
  options: { metric: MetricId; k: number; known?: Neighbors | undefined; knownRows?: number },
  job?: Job,
): Promise<Neighbors> {
  const { metric, known } = options;
  const rows = set.dimension === 0 ? 0 : set.vectors.length / set.dimension;
  const k = Math.min(options.k, rows - 1);
  const knownRows = options.knownRows ?? 0;
  if (k < 1) return { k: 0, indices: new Uint32Array(0), distances: new Float32Array(0) };
  const added = rows - knownRows;
  // Past half, two rectangles cost as much as the whole square.
  const worthwhile = known && known.k === k && PAIRWISE.has(metric) && added > 0 && added < rows / 2;
  if (!worthwhile) return engine.neighbors(set, { metric, k }, job);

  const rowsFrom = (from: number, to: number): VectorSet => ({
    vectors: set.vectors.slice(from * set.dimension, to * set.dimension),
    dimension: set.dimension,
  });
  const fresh = rowsFrom(knownRows, rows);
  const ofNew = await engine.neighbors(set, { metric, k: k + 1, queries: fresh }, job);
  const ofOld = await engine.neighbors(
    fresh,
    { metric, k: Math.min(k, added), queries: rowsFrom(0, knownRows) },
    job,
  );

  const indices = new Uint32Array(rows * k);
  const distances = new Float32Array(rows * k);
  for (let row = 0; row < knownRows; row++) {
    mergeInto(indices, distances, row * k, k, known, row, ofOld, knownRows);
  }
  for (let row = knownRows; row < rows; row++) {
    dropSelf(indices, distances, row, k, ofNew, row - knownRows);
  }
  return { k, indices, distances };
}

/** Merges row `row` of two sorted lists; the second list's indices count from `offset`, so on a tie the first goes first. */
function mergeInto(
  indices: Uint32Array,
  distances: Float32Array,
  at: number,
  k: number,
  first: Neighbors,
  row: number,
  second: Neighbors,
  offset: number,
): void {
  let a = row * first.k;
  let b = row * second.k;
  const endA = a + first.k;
  const endB = b + second.k;
  for (let i = 0; i < k; i++) {
    const distanceA = a < endA ? (first.distances[a] ?? Infinity) : Infinity;
    const distanceB = b < endB ? (second.distances[b] ?? Infinity) : Infinity;
    if (distanceA <= distanceB) {
      indices[at + i] = first.indices[a++] ?? 0;
      distances[at + i] = distanceA;
    } else {
      indices[at + i] = (second.indices[b++] ?? 0) + offset;
      distances[at + i] = distanceB;
    }
  }
}

/** Copies a list of k + 1 without the row itself; where k or more duplicates push it out, the last goes. */
function dropSelf(
  indices: Uint32Array,
  distances: Float32Array,
  row: number,
  k: number,
  found: Neighbors,
  foundRow: number,
): void {
  let to = row * k;
  const end = to + k;
  for (let from = foundRow * found.k; to < end && from < (foundRow + 1) * found.k; from++) {
    if (found.indices[from] === row) continue;
    indices[to] = found.indices[from] ?? 0;
    distances[to] = found.distances[from] ?? 0;
    to++;
  }
}
