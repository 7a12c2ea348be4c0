import { largestItems } from './sorting.ts';

/** The k nearest of each item, nearest first: n × k, row-major. `Neighbors` of an engine are such lists. */
export interface NeighborLists {
  readonly k: number;
  readonly indices: Uint32Array<ArrayBuffer>;
}

export interface Overlap {
  readonly k: number;
  /** |A ∩ B| / k, mean over the items */
  readonly share: number;
  /** |A ∩ B| / |A ∪ B|, mean over the items */
  readonly jaccard: number;
  /** What two unrelated metrics are expected to have. */
  readonly chance: { readonly share: number; readonly jaccard: number };
  /** n: share of each item; {@link jaccardOfShare} makes it Jaccard's. */
  readonly shares: Float32Array<ArrayBuffer>;
}

export interface ListAgreement {
  /** One for each size, in the order of the sizes. */
  readonly overlaps: readonly Overlap[];
  /** Extrapolated rank-biased overlap of the whole lists, mean over the items. */
  readonly rbo: number;
  readonly chanceRbo: number;
  /** n */
  readonly rbos: Float32Array<ArrayBuffer>;
}

/** Two of the lists that were compared, by their place, the first below the second. */
export interface PairAgreement extends ListAgreement {
  readonly first: number;
  readonly second: number;
}

export interface Agreement {
  readonly pairs: readonly PairAgreement[];
  /** Size of the neighborhoods that `disagreement` speaks of; 0 where there are none. */
  readonly k: number;
  /** n: 1 − share of the k nearest that two metrics have in common, mean over the pairs of metrics; NaN without a pair. */
  readonly disagreement: Float32Array<ArrayBuffer>;
  /** The items with the largest, most contested first. */
  readonly contested: Uint32Array<ArrayBuffer>;
}

// The share of the weight that lies in the first 50: 99.7 % at 0.9.
export const PERSISTENCE = 0.9;
const MOST_CONTESTED = 100;

/**
 * How far several metrics agree on who is near.
 *
 * @param lists of each metric, the same items in the same order
 * @param sizes neighborhoods to compare; none above the k of the lists
 * @param options `k`: the size that items are scored by; the persistence of {@link compareLists}
 */
export function measureAgreement(
  lists: readonly NeighborLists[],
  sizes: readonly number[],
  options: { readonly k: number; readonly persistence?: number | undefined },
  onPair: (done: number, total: number) => void = () => {},
): Agreement {
  const total = (lists.length * (lists.length - 1)) / 2;
  const pairs: PairAgreement[] = [];
  lists.forEach((a, first) => {
    lists.slice(first + 1).forEach((b, later) => {
      pairs.push({ first, second: first + 1 + later, ...compareLists(a, b, sizes, options.persistence) });
      onPair(pairs.length, total);
    });
  });
  // The nearest size that was compared, for a few items have no 15 neighbors.
  const place = Math.max(0, sizes.filter((size) => size <= options.k).length - 1);
  const n = pairs[0]?.rbos.length ?? 0;
  const disagreement = Float32Array.from({ length: n }, (_, i) => {
    const shared = pairs.reduce((sum, pair) => sum + (pair.overlaps[place]?.shares[i] ?? Number.NaN), 0);
    return 1 - shared / pairs.length;
  });
  return {
    pairs,
    k: sizes[place] ?? 0,
    disagreement,
    contested: largestItems(disagreement, MOST_CONTESTED),
  };
}

/**
 * Overlap of two lists of neighbors of the same items, and rank-biased overlap (Webber, Moffat and Zobel 2010, equation
 * 32, extrapolated beyond the end of lists of equal length).
 *
 * @param persistence of a reader who looks one place further, above 0 and below 1: 0.9 puts 86 % of the weight on the
 * first ten places
 * @throws {RangeError} when the lists differ in length or a size lies outside 1..k
 */
export function compareLists(
  a: NeighborLists,
  b: NeighborLists,
  sizes: readonly number[],
  persistence: number = PERSISTENCE,
): ListAgreement {
  const { k } = a;
  if (b.k !== k || a.indices.length !== b.indices.length) {
    throw new RangeError(
      `The lists hold ${a.indices.length} and ${b.indices.length} neighbors, ${k} and ${b.k} an item; both must be alike.`,
    );
  }
  if (!sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= k)) {
    throw new RangeError(`The sizes are ${sizes.join(', ')}; each must be a whole number from 1 to ${k}.`);
  }
  if (!(persistence > 0 && persistence < 1)) {
    throw new RangeError(`The persistence is ${persistence}; it must be above 0 and below 1.`);
  }
  const n = k === 0 ? 0 : a.indices.length / k;
  const shares = sizes.map(() => new Float32Array(n));
  const rbos = new Float32Array(n);
  const seenInA = new Uint32Array(n);
  const seenInB = new Uint32Array(n);
  const totals = sizes.map(() => ({ share: 0, jaccard: 0 }));
  let totalRbo = 0;
  const common = new Uint32Array(k + 1);
  for (let i = 0; i < n; i++) {
    let shared = 0;
    let weight = 1;
    let sum = 0;
    for (let place = 0; place < k; place++) {
      const inA = a.indices[i * k + place] ?? 0;
      const inB = b.indices[i * k + place] ?? 0;
      seenInA[inA] = i + 1;
      seenInB[inB] = i + 1;
      if (seenInB[inA] === i + 1) shared++;
      if (inA !== inB && seenInA[inB] === i + 1) shared++;
      common[place + 1] = shared;
      weight *= persistence;
      sum += (shared / (place + 1)) * weight;
    }
    const rbo = (shared / k) * weight + ((1 - persistence) / persistence) * sum;
    rbos[i] = rbo;
    totalRbo += rbo;
    sizes.forEach((size, s) => {
      const share = (common[size] ?? 0) / size;
      const row = shares[s];
      const total = totals[s];
      if (!row || !total) return;
      row[i] = share;
      total.share += share;
      total.jaccard += jaccardOfShare(share);
    });
  }
  return {
    overlaps: sizes.map((size, s) => ({
      k: size,
      share: (totals[s]?.share ?? 0) / n,
      jaccard: (totals[s]?.jaccard ?? 0) / n,
      chance: { share: chanceShare(n, size), jaccard: chanceJaccard(n, size) },
      shares: shares[s] ?? new Float32Array(0),
    })),
    rbo: totalRbo / n,
    chanceRbo: chanceRbo(n, k, persistence),
    rbos,
  };
}

/** Jaccard's index of two sets of equal size that have this share in common: x / (2 − x). */
export function jaccardOfShare(share: number): number {
  return share / (2 - share);
}

/** The expected share of two independent draws of k from the n − 1 others: k / (n − 1). */
export function chanceShare(n: number, k: number): number {
  return k / (n - 1);
}

/**
 * The expected Jaccard index of two independent draws of k from the n − 1 others: Σ x / (2k − x) · P(x), with x, what they
 * have in common, distributed hypergeometrically: P(x) = C(k, x) C(n − 1 − k, k − x) / C(n − 1, k).
 */
export function chanceJaccard(n: number, k: number): number {
  const others = n - 1;
  let expected = 0;
  for (let x = Math.max(0, 2 * k - others); x <= k; x++) {
    const chance = logChoose(k, x) + logChoose(others - k, k - x) - logChoose(others, k);
    expected += (x / (2 * k - x)) * Math.exp(chance);
  }
  return expected;
}

/** The expected extrapolated overlap of two unrelated rankings: at depth d a share of d / (n − 1) is in common. */
function chanceRbo(n: number, k: number, persistence: number): number {
  let weight = 1;
  let sum = 0;
  for (let depth = 1; depth <= k; depth++) {
    weight *= persistence;
    sum += depth * weight;
  }
  return (k * weight + ((1 - persistence) / persistence) * sum) / (n - 1);
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let j = 0; j < k; j++) sum += Math.log((n - j) / (j + 1));
  return sum;
}
