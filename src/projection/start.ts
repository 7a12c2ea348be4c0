import type { Graph } from './graph.ts';
import { gaussian, type Random } from './random.ts';

/** How many rows of `initial` have a position. */
export function countPlaced(initial: Float32Array, dimensions: number): number {
  let placed = 0;
  for (let i = 0; i * dimensions < initial.length; i++) if (isPlaced(initial, i, dimensions)) placed++;
  return placed;
}

/** True where every coordinate of a row is a finite number. */
export function isPlaced(positions: Float32Array, row: number, dimensions: number): boolean {
  return positions.subarray(row * dimensions, (row + 1) * dimensions).every(Number.isFinite);
}

/**
 * Completes given positions: a row without one goes to the weighted mean of its neighbors that have one (in as many
 * rounds as it takes to reach it through other new rows), or near the middle of the map where no way leads to one.
 *
 * @param initial n × dimensions; NaN in rows that have no position
 * @returns n × dimensions; given rows are unchanged but for a jitter of 1e-4 that keeps coinciding points apart
 */
export function completeStart(
  graph: Graph,
  initial: Float32Array,
  dimensions: number,
  random: Random,
): Float64Array<ArrayBuffer> {
  const { n } = graph;
  const positions = Float64Array.from(initial);
  const placed = Uint8Array.from({ length: n }, (_, i) => (isPlaced(initial, i, dimensions) ? 1 : 0));
  const middle = meanOfPlaced(positions, placed, dimensions);
  let waiting = Array.from({ length: n }, (_, i) => i).filter((i) => !placed[i]);
  while (waiting.length > 0) {
    const reached = waiting.filter((i) => placeAtNeighbors(graph, positions, placed, i, dimensions));
    // A whole round is placed from the round before it, so that the order of the rows does not matter.
    for (const i of reached) placed[i] = 1;
    if (reached.length === 0) break;
    waiting = waiting.filter((i) => !placed[i]);
  }
  for (const i of waiting) {
    for (let d = 0; d < dimensions; d++) positions[i * dimensions + d] = (middle[d] ?? 0) + gaussian(random);
  }
  const known = new Set(waiting);
  for (let i = 0; i < n; i++) {
    const spread = isPlaced(initial, i, dimensions) || known.has(i) ? 1e-4 : 1e-2;
    for (let d = 0; d < dimensions; d++) {
      const at = i * dimensions + d;
      positions[at] = (positions[at] ?? 0) + gaussian(random) * spread;
    }
  }
  return positions;
}

function placeAtNeighbors(
  graph: Graph,
  positions: Float64Array,
  placed: Uint8Array,
  item: number,
  dimensions: number,
): boolean {
  const sum = new Float64Array(dimensions);
  let total = 0;
  for (let e = graph.starts[item] ?? 0; e < (graph.starts[item + 1] ?? 0); e++) {
    const other = graph.columns[e] ?? 0;
    const weight = graph.weights[e] ?? 0;
    if (!placed[other] || weight === 0) continue;
    total += weight;
    for (let d = 0; d < dimensions; d++) {
      sum[d] = (sum[d] ?? 0) + weight * (positions[other * dimensions + d] ?? 0);
    }
  }
  if (total === 0) return false;
  for (let d = 0; d < dimensions; d++) positions[item * dimensions + d] = (sum[d] ?? 0) / total;
  return true;
}

function meanOfPlaced(positions: Float64Array, placed: Uint8Array, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  const count = placed.reduce((total, value) => total + value, 0);
  placed.forEach((value, i) => {
    if (!value) return;
    for (let d = 0; d < dimensions; d++) {
      mean[d] = (mean[d] ?? 0) + (positions[i * dimensions + d] ?? 0) / count;
    }
  });
  return mean;
}
