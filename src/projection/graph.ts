import type { Neighbors } from '../metrics/engine.ts';

/** The neighbors given to a layout are not what the contract says. */
export class InvalidNeighbors extends Error {
  override readonly name = 'InvalidNeighbors';
}

/** Neighbor rows that a layout can use: self left out, all of one length, distances ≥ 0 and larger is farther. */
export interface NeighborRows {
  readonly n: number;
  readonly k: number;
  /** n × k, row-major, nearest first */
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly distances: Float32Array<ArrayBuffer>;
}

/** A symmetric weighted graph in compressed rows: row i's columns and weights lie at starts[i] … starts[i + 1]. */
export interface Graph {
  readonly n: number;
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly columns: Uint32Array<ArrayBuffer>;
  /** 0..1 */
  readonly weights: Float64Array<ArrayBuffer>;
}

/**
 * Checks neighbors and brings them into the form of {@link NeighborRows}.
 *
 * Entries that name their own row are taken for padding and dropped. Values that fall along a row are similarities
 * (the `dot` metric): each becomes its distance from the row's largest. A row of zeros (copies) becomes a row of
 * ones: UMAP subtracts the nearest distance, so the graph is the same, and umap-js needs no time n × n for it.
 *
 * @throws {InvalidNeighbors} for lengths that do not fit, indices out of range, or a value that is not finite
 */
export function readNeighbors(neighbors: Neighbors): NeighborRows {
  const { k, indices, distances } = neighbors;
  if (!Number.isInteger(k) || k < 0)
    throw new InvalidNeighbors(`k is ${k}; it must be a whole number, 0 or more.`);
  if (indices.length !== distances.length || (k === 0 ? indices.length > 0 : indices.length % k !== 0)) {
    throw new InvalidNeighbors(
      `${indices.length} indices and ${distances.length} distances are not both rows of k = ${k} neighbors.`,
    );
  }
  const n = k === 0 ? 0 : indices.length / k;
  let shortest = k;
  let falling = false;
  for (let i = 0; i < n; i++) {
    let kept = 0;
    let previous = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const j = indices[i * k + c] ?? 0;
      const distance = distances[i * k + c] ?? 0;
      if (j >= n)
        throw new InvalidNeighbors(`Row ${i}, neighbor ${c} is item ${j}, but there are only ${n} items.`);
      if (!Number.isFinite(distance)) {
        throw new InvalidNeighbors(
          `Row ${i}, neighbor ${c} is at distance ${distance}; distances must be finite.`,
        );
      }
      if (j === i) continue;
      kept++;
      falling ||= distance < previous;
      previous = distance;
    }
    shortest = Math.min(shortest, kept);
  }
  const rows = {
    n,
    k: shortest,
    indices: new Uint32Array(n * shortest),
    distances: new Float32Array(n * shortest),
  };
  for (let i = 0; i < n; i++) {
    copyRow(neighbors, i, rows);
    const row = rows.distances.subarray(i * shortest, (i + 1) * shortest);
    if (falling) fallToRise(row);
    if (row.every((distance) => distance <= 0)) row.fill(1);
  }
  return rows;
}

/**
 * UMAP's fuzzy graph: how strongly each pair is tied, by the distances each side sees. Memberships
 * exp(−(d − ρ)/σ) with ρ the nearest non-zero distance and σ such that they sum to log2(k + 1); both directions
 * joined by a + b − ab (McInnes, Healy and Melville 2018, §3.1).
 */
export function fuzzyGraph(rows: NeighborRows): Graph {
  const { n, k, indices } = rows;
  const directed = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    directed.set(memberships(rows.distances.subarray(i * k, (i + 1) * k)), i * k);
  }
  // Each pair once for a side that does not see the other back, so that every tie is stored in both rows.
  const sees = (i: number, j: number): number => {
    const at = indices.subarray(i * k, (i + 1) * k).indexOf(j);
    return at < 0 ? -1 : i * k + at;
  };
  const starts = new Uint32Array(n + 1);
  const back = new Int32Array(n * k);
  for (let e = 0; e < n * k; e++) {
    const i = Math.floor(e / k);
    const j = indices[e] ?? 0;
    const seen = sees(j, i);
    back[e] = seen;
    starts[i + 1] = (starts[i + 1] ?? 0) + 1;
    if (seen < 0) starts[j + 1] = (starts[j + 1] ?? 0) + 1;
  }
  for (let i = 0; i < n; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const total = starts[n] ?? 0;
  const columns = new Uint32Array(total);
  const weights = new Float64Array(total);
  const next = starts.slice();
  const put = (i: number, j: number, weight: number): void => {
    const at = next[i] ?? 0;
    columns[at] = j;
    weights[at] = weight;
    next[i] = at + 1;
  };
  for (let e = 0; e < n * k; e++) {
    const i = Math.floor(e / k);
    const j = indices[e] ?? 0;
    const seen = back[e] ?? -1;
    const out = directed[e] ?? 0;
    const home = seen < 0 ? 0 : (directed[seen] ?? 0);
    const weight = out + home - out * home;
    put(i, j, weight);
    if (seen < 0) put(j, i, weight);
  }
  return { n, starts, columns, weights };
}

function copyRow(from: Neighbors, i: number, to: NeighborRows): void {
  let kept = 0;
  for (let c = 0; c < from.k && kept < to.k; c++) {
    const j = from.indices[i * from.k + c] ?? 0;
    if (j === i) continue;
    to.indices[i * to.k + kept] = j;
    to.distances[i * to.k + kept] = from.distances[i * from.k + c] ?? 0;
    kept++;
  }
}

/** Turns similarities, largest first, into distances, smallest first and above 0. */
function fallToRise(row: Float32Array): void {
  const first = row[0] ?? 0;
  const span = first - (row[row.length - 1] ?? 0);
  // UMAP sees only differences within a row; the offset keeps the nearest from counting as a copy of the item.
  const offset = span > 0 ? span : 1;
  for (let c = 0; c < row.length; c++) row[c] = first - (row[c] ?? 0) + offset;
}

function memberships(distances: Float32Array): Float64Array {
  const k = distances.length;
  const rho = distances.find((distance) => distance > 0) ?? 0;
  const target = Math.log2(k + 1);
  const at = (sigma: number): Float64Array =>
    Float64Array.from(distances, (distance) => (distance <= rho ? 1 : Math.exp(-(distance - rho) / sigma)));
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let sigma = 1;
  for (let round = 0; round < 64; round++) {
    const sum = at(sigma).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) high = sigma;
    else low = sigma;
    sigma = high === Number.POSITIVE_INFINITY ? sigma * 2 : (low + high) / 2;
  }
  const mean = distances.reduce((total, value) => total + value, 0) / (k + 1);
  return at(Math.max(sigma, 1e-3 * mean));
}
