/** What is known of the neighborhoods of some items on a map and in its space; every array is items × k, row-major. */
export interface NeighborhoodRanks {
  readonly k: number;
  /** The nearest in the space, nearest first. */
  readonly trueNeighbors: Uint32Array<ArrayBuffer>;
  /** Ranks of these on the map: 1 for the item that is nearest there. */
  readonly ranksOnMap: Uint32Array<ArrayBuffer>;
  /** The nearest on the map, nearest first. */
  readonly mapNeighbors: Uint32Array<ArrayBuffer>;
  /** Ranks of these in the space. */
  readonly ranksInSpace: Uint32Array<ArrayBuffer>;
}

/** A mean over items, and how far off it may be as only some of all items were looked at: 0 where all were. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** One value an item; their mean is `value`. */
  readonly perItem: Float32Array<ArrayBuffer>;
}

export interface NeighborhoodQuality {
  readonly k: number;
  /** 1 where no item has a neighbor on the map that is far in the space; less the farther those are. */
  readonly trustworthiness: Estimate;
  /** 1 where no item has a neighbor in the space that is far on the map. */
  readonly continuity: Estimate;
  /** Share of the true k nearest that are among the k nearest on the map. */
  readonly kept: Estimate;
}

/**
 * Trustworthiness and continuity (Venna and Kaski 2001) with scikit-learn's normalization, and the share of neighbors kept.
 *
 * T(k) = 1 − 2 / (m k (2n − 3k − 1)) · Σ over the items and their k nearest on the map of max(0, r − k), with r the rank
 * in the space; continuity is the same with map and space exchanged.
 *
 * @param n how many items there are; the ranks may be of fewer (m), a sample
 * @param k below n / 2 and not above the k of the ranks
 * @throws {RangeError} when k is not
 */
export function measureNeighborhoods(ranks: NeighborhoodRanks, n: number, k: number): NeighborhoodQuality {
  if (!(Number.isInteger(k) && k >= 1 && k < n / 2 && k <= ranks.k)) {
    throw new RangeError(
      `k is ${k}; with ${ranks.k} neighbors at hand of each of ${n} items it must be a whole number from 1 to below ${Math.min(n / 2, ranks.k + 1)}.`,
    );
  }
  const items = ranks.trueNeighbors.length / ranks.k;
  const worst = (k * (2 * n - 3 * k - 1)) / 2;
  const trust = new Float64Array(items);
  const continuity = new Float64Array(items);
  const kept = new Float64Array(items);
  for (let i = 0; i < items; i++) {
    let falseFriends = 0;
    let torn = 0;
    let stayed = 0;
    for (let at = i * ranks.k; at < i * ranks.k + k; at++) {
      const inSpace = ranks.ranksInSpace[at] ?? 0;
      if (inSpace <= k) stayed++;
      falseFriends += Math.max(0, inSpace - k);
      torn += Math.max(0, (ranks.ranksOnMap[at] ?? 0) - k);
    }
    trust[i] = 1 - falseFriends / worst;
    continuity[i] = 1 - torn / worst;
    kept[i] = stayed / k;
  }
  return {
    k,
    trustworthiness: estimate(trust, n),
    continuity: estimate(continuity, n),
    kept: estimate(kept, n),
  };
}

/**
 * What a random map is expected to have, exactly: each of its k neighbors is any of the n − 1 others, with any rank.
 * T = C = 1 − (n − 1 − k)(n − k) / ((n − 1)(2n − 3k − 1)), near a half where k is small beside n.
 */
export function chanceNeighborhoods(
  n: number,
  k: number,
): { trustworthiness: number; continuity: number; kept: number } {
  const trust = 1 - ((n - 1 - k) * (n - k)) / ((n - 1) * (2 * n - 3 * k - 1));
  return { trustworthiness: trust, continuity: trust, kept: k / (n - 1) };
}

/** A neighbor on one side that is none on the other. */
export interface Stray {
  readonly item: number;
  /** Its rank on the other side. */
  readonly rank: number;
}

/**
 * Of one item: its true neighbors that the map tore away, and the false ones that it brought near, the worst first.
 *
 * @param row place of the item among those that the ranks are of
 */
export function straysOf(
  ranks: NeighborhoodRanks,
  row: number,
  k: number = ranks.k,
): { readonly torn: readonly Stray[]; readonly brought: readonly Stray[] } {
  const strays = (items: Uint32Array, itsRanks: Uint32Array): Stray[] =>
    Array.from({ length: Math.min(k, ranks.k) }, (_, place) => ({
      item: items[row * ranks.k + place] ?? 0,
      rank: itsRanks[row * ranks.k + place] ?? 0,
    }))
      .filter(({ rank }) => rank > k)
      .sort((a, b) => b.rank - a.rank);
  return {
    torn: strays(ranks.trueNeighbors, ranks.ranksOnMap),
    brought: strays(ranks.mapNeighbors, ranks.ranksInSpace),
  };
}

/** The same for the first `k` only. */
export function cutRanks(ranks: NeighborhoodRanks, k: number): NeighborhoodRanks {
  const keep = (_: number, at: number) => at % ranks.k < k;
  return {
    k: Math.min(k, ranks.k),
    trueNeighbors: ranks.trueNeighbors.filter(keep),
    ranksOnMap: ranks.ranksOnMap.filter(keep),
    mapNeighbors: ranks.mapNeighbors.filter(keep),
    ranksInSpace: ranks.ranksInSpace.filter(keep),
  };
}

function estimate(values: Float64Array, n: number): Estimate {
  const m = values.length;
  const value = values.reduce((sum, each) => sum + each, 0) / m;
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  // Drawn without repetition, so that the error vanishes as the sample becomes the whole (Cochran 1977, equation 2.20).
  const rest = 1 - m / n;
  return {
    value,
    standardError: rest > 0 ? Math.sqrt((squares / (m - 1) / m) * rest) : 0,
    perItem: Float32Array.from(values),
  };
}
