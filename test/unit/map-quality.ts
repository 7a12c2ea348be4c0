import { measureNeighborhoods } from '../../src/compare/neighborhoods.ts';
import { makeRankCounter } from '../../src/compare/ranks.ts';

/** Trustworthiness, continuity and neighbors kept of a map, from plain Euclidean distances in float64. */
export function mapQuality(
  space: { readonly vectors: Float32Array; readonly dimension: number },
  map: { readonly vectors: Float32Array; readonly dimension: number },
  k: number,
) {
  const n = space.vectors.length / space.dimension;
  const [inSpace, onMap] = [space, map].map(({ vectors, dimension }) =>
    Array.from({ length: n }, (_, i) => rowOf(vectors, dimension, i)),
  );
  const trueNeighbors = nearest(inSpace ?? [], k);
  const mapNeighbors = nearest(onMap ?? [], k);
  const quality = measureNeighborhoods(
    {
      k,
      trueNeighbors,
      mapNeighbors,
      ranksOnMap: ranks(onMap ?? [], trueNeighbors, k),
      ranksInSpace: ranks(inSpace ?? [], mapNeighbors, k),
    },
    n,
    k,
  );
  return {
    trustworthiness: quality.trustworthiness.value,
    continuity: quality.continuity.value,
    kept: quality.kept.value,
  };
}

function rowOf(vectors: Float32Array, dimension: number, i: number): Float32Array {
  return Float32Array.from({ length: vectors.length / dimension }, (_, j) => {
    let sum = 0;
    for (let c = 0; c < dimension; c++) {
      sum += ((vectors[i * dimension + c] ?? 0) - (vectors[j * dimension + c] ?? 0)) ** 2;
    }
    return Math.sqrt(sum);
  });
}

function nearest(rows: readonly Float32Array[], k: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    rows.flatMap((row, i) =>
      [...row.keys()]
        .filter((j) => j !== i)
        .sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b)
        .slice(0, k),
    ),
  );
}

function ranks(rows: readonly Float32Array[], targets: Uint32Array, k: number): Uint32Array<ArrayBuffer> {
  const count = makeRankCounter(rows.length, k);
  const found = new Uint32Array(targets.length);
  rows.forEach((row, i) => {
    count(row, i, targets.subarray(i * k, (i + 1) * k), found.subarray(i * k, (i + 1) * k));
  });
  return found;
}
