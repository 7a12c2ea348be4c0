import type { Neighbors } from '../../src/metrics/engine.ts';
import { createRandom, gaussian } from '../../src/projection/random.ts';

/** Exact Euclidean neighbors in float64, self left out, ties by lower index. */
export function exactNeighbors(vectors: Float32Array, dimension: number, k: number): Neighbors {
  const n = vectors.length / dimension;
  const indices = new Uint32Array(n * k);
  const distances = new Float32Array(n * k);
  for (let i = 0; i < n; i++) {
    const row = Float64Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let c = 0; c < dimension; c++) {
        sum += ((vectors[i * dimension + c] ?? 0) - (vectors[j * dimension + c] ?? 0)) ** 2;
      }
      return Math.sqrt(sum);
    });
    const order = Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => (row[a] ?? 0) - (row[b] ?? 0) || a - b);
    for (let c = 0; c < k; c++) {
      indices[i * k + c] = order[c] ?? 0;
      distances[i * k + c] = row[order[c] ?? 0] ?? 0;
    }
  }
  return { k, indices, distances };
}

/** The first k of each row. */
export function cutNeighbors(neighbors: Neighbors, k: number): Neighbors {
  const keep = (_: number, at: number) => at % neighbors.k < k;
  return {
    k,
    indices: neighbors.indices.filter(keep),
    distances: neighbors.distances.filter(keep),
  };
}

/** Normally distributed vectors. */
export function scattered(n: number, dimension: number, seed: number): Float32Array<ArrayBuffer> {
  const random = createRandom(seed);
  return Float32Array.from({ length: n * dimension }, () => gaussian(random));
}

/** Normally distributed groups around centers in a cube of side 20; item i is of group i % groups. */
export function blobs(shape: { n: number; dimension: number; groups: number; seed: number }): {
  vectors: Float32Array<ArrayBuffer>;
  dimension: number;
} {
  const random = createRandom(shape.seed);
  const centers = Array.from({ length: shape.groups }, () =>
    Array.from({ length: shape.dimension }, () => (random() - 0.5) * 20),
  );
  const vectors = Float32Array.from({ length: shape.n * shape.dimension }, (_, at) => {
    const group = Math.floor(at / shape.dimension) % shape.groups;
    return (centers[group]?.[at % shape.dimension] ?? 0) + gaussian(random);
  });
  return { vectors, dimension: shape.dimension };
}
