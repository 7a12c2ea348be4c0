import type { Neighbors } from '../metrics/engine.ts';

export interface IntrinsicDimension {
  /** NaN where too few items are left, or all have their two nearest at the same distance. */
  readonly dimension: number;
  /** Items whose ratio of distances the line was fitted to. */
  readonly fitted: number;
  /** Items left out as they are at distance 0 from another that stays. */
  readonly duplicates: number;
  /** Items left out as fewer than two neighbors that are no duplicates were known of them. */
  readonly unknown: number;
  /** The share of the largest ratios that was left out of the fit. */
  readonly discarded: number;
}

/**
 * Intrinsic dimension by the two nearest neighbors (Facco, d'Errico, Rodriguez and Laio 2017): with μ = r₂ / r₁, sorted, and
 * F = i / N, the slope of the line through the origin of −ln(1 − F) over ln μ. Of items at distance 0 from each other one
 * stays, as the method asks for.
 *
 * @param neighbors of a set in itself; a k of some more than 2 bridges duplicates
 * @param discarded share of the largest ratios that the fit leaves out, as there the density changes most
 */
export function twoNn({ k, indices, distances }: Neighbors, discarded = 0.1): IntrinsicDimension {
  const n = k === 0 ? 0 : indices.length / k;
  const group = groupDuplicates(n, k, indices, distances);
  const ratios: number[] = [];
  let duplicates = 0;
  let unknown = 0;
  for (let i = 0; i < n; i++) {
    if (group[i] !== i) {
      duplicates++;
      continue;
    }
    const seen = new Set([i]);
    const radii: number[] = [];
    for (let at = i * k; at < (i + 1) * k && radii.length < 2; at++) {
      const other = group[indices[at] ?? 0] ?? 0;
      if (seen.has(other)) continue;
      seen.add(other);
      radii.push(distances[at] ?? 0);
    }
    const [nearest, next] = radii;
    if (nearest === undefined || next === undefined) unknown++;
    else ratios.push(next / nearest);
  }
  ratios.sort((a, b) => a - b);
  // The last has F = 1, whose logarithm is infinite.
  const fitted = Math.max(0, Math.min(ratios.length - 1, Math.floor(ratios.length * (1 - discarded))));
  let products = 0;
  let squares = 0;
  for (let i = 0; i < fitted; i++) {
    const x = Math.log(ratios[i] ?? 1);
    products += x * -Math.log(1 - (i + 1) / ratios.length);
    squares += x * x;
  }
  return {
    dimension: squares > 0 ? products / squares : Number.NaN,
    fitted,
    duplicates,
    unknown,
    discarded,
  };
}

/** For each item the lowest that it is joined to by distances of 0. */
function groupDuplicates(n: number, k: number, indices: Uint32Array, distances: Float32Array): Uint32Array {
  const parent = Uint32Array.from({ length: n }, (_, i) => i);
  const rootOf = (item: number): number => {
    let root = item;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root] ?? 0] ?? 0;
      root = parent[root] ?? 0;
    }
    return root;
  };
  for (let at = 0; at < n * k; at++) {
    if (distances[at] !== 0) continue;
    const a = rootOf(Math.floor(at / k));
    const b = rootOf(indices[at] ?? 0);
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  return parent.map((_, i) => rootOf(i));
}
