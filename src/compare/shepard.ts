import { binOf, quantileOf, rangeOf } from './statistics.ts';

/** A Shepard diagram: how often a distance in the space goes with a distance on the map. */
export interface Shepard {
  /** Distances in the space: where the first column begins and the last ends. */
  readonly space: readonly [from: number, to: number];
  /** The same of the map, for the rows. */
  readonly map: readonly [from: number, to: number];
  readonly bins: number;
  /** Counts, bins × bins: those of column c (space) and row r (map) at c × bins + r. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** For each column of the space the map distances at {@link SHEPARD_QUANTILES}: bins × 5; NaN in an empty column. */
  readonly quantiles: Float32Array<ArrayBuffer>;
}

export const SHEPARD_QUANTILES: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * Bins pairs by both distances (Shepard 1962; de Leeuw and Mair 2015).
 *
 * @param space distances of some pairs
 * @param map distances of the same pairs
 */
export function shepardDiagram(space: Float32Array, map: Float32Array, bins: number): Shepard {
  const spaceRange = rangeOf(space);
  const mapRange = rangeOf(map);
  const counts = new Uint32Array(bins * bins);
  const columns = new Uint32Array(space.length);
  const sizes = new Uint32Array(bins + 1);
  for (let i = 0; i < space.length; i++) {
    const column = binOf(space[i] ?? 0, spaceRange, bins);
    const cell = column * bins + binOf(map[i] ?? 0, mapRange, bins);
    columns[i] = column;
    sizes[column + 1] = (sizes[column + 1] ?? 0) + 1;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  for (let column = 0; column < bins; column++) {
    sizes[column + 1] = (sizes[column + 1] ?? 0) + (sizes[column] ?? 0);
  }
  const next = sizes.slice();
  const byColumn = new Float32Array(map.length);
  for (let i = 0; i < map.length; i++) {
    const column = columns[i] ?? 0;
    const at = next[column] ?? 0;
    byColumn[at] = map[i] ?? 0;
    next[column] = at + 1;
  }
  const quantiles = new Float32Array(bins * SHEPARD_QUANTILES.length);
  for (let column = 0; column < bins; column++) {
    const sorted = byColumn.subarray(sizes[column], sizes[column + 1]).sort();
    SHEPARD_QUANTILES.forEach((share, q) => {
      quantiles[column * SHEPARD_QUANTILES.length + q] = quantileOf(sorted, share);
    });
  }
  return { space: spaceRange, map: mapRange, bins, counts, quantiles };
}
