/** How often each item is among the k nearest of others. */
export interface Hubness {
  readonly k: number;
  /** n: the k-occurrence N_k; its mean is k. */
  readonly occurrences: Uint32Array<ArrayBuffer>;
  /** Third standardized moment of N_k; NaN where all are equal. Above 1 is strong. */
  readonly skewness: number;
  /** The skewness where every item draws its k at random: (1 − 2p) / √((n − 1) p (1 − p)) with p = k / (n − 1). */
  readonly chanceSkewness: number;
  /** Items chosen more often than the mean and two standard deviations, most often first. */
  readonly hubs: Uint32Array<ArrayBuffer>;
  /** Items that nobody chooses, ascending. */
  readonly antihubs: Uint32Array<ArrayBuffer>;
}

/**
 * Hubness as in Radovanović, Nanopoulos and Ivanović (2010), sections 2 and 3: skewness E(N_k − μ)³ / σ³ over all items.
 *
 * @param indices n × k, the nearest of each item
 */
export function measureHubness(indices: Uint32Array, k: number): Hubness {
  const n = k === 0 ? 0 : indices.length / k;
  const occurrences = new Uint32Array(n);
  for (let at = 0; at < indices.length; at++) {
    const item = indices[at] ?? 0;
    occurrences[item] = (occurrences[item] ?? 0) + 1;
  }
  let squares = 0;
  let cubes = 0;
  for (const count of occurrences) {
    squares += (count - k) ** 2;
    cubes += (count - k) ** 3;
  }
  const deviation = Math.sqrt(squares / n);
  const chance = k / (n - 1);
  const items = Uint32Array.from({ length: n }, (_, i) => i);
  const of = (item: number): number => occurrences[item] ?? 0;
  return {
    k,
    occurrences,
    skewness: deviation > 0 ? cubes / n / deviation ** 3 : Number.NaN,
    chanceSkewness: (1 - 2 * chance) / Math.sqrt((n - 1) * chance * (1 - chance)),
    hubs: items.filter((i) => of(i) > k + 2 * deviation).sort((a, b) => of(b) - of(a) || a - b),
    antihubs: items.filter((i) => of(i) === 0),
  };
}
