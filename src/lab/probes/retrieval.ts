import type { Rows } from '../training/learner.ts';
import { FACTORS, type Factor, type Modality, SHOWS } from '../world/factors.ts';
import { levelNumber, type Scene } from '../world/scene.ts';
import { checkPairs, checkRows, checkWidths, dotAt, UnfitRows, unitRows } from './rows.ts';

/** Recall@k of items that are sought by their other modality. */
export interface Recall {
  readonly k: number;
  /** Share of the queries whose own item is among the k nearest, in 0..1. */
  readonly value: number;
  /** k / n. */
  readonly chance: number;
  /** Of the value, by the number of queries: √(value (1 − value) / n). */
  readonly standardError: number;
  /** Queries, and items to choose from. */
  readonly n: number;
}

/** Recall in both directions between two sets of rows of the same items. */
export interface Retrieval {
  /** Queries from the first set, items of the second. */
  readonly forward: readonly Recall[];
  readonly backward: readonly Recall[];
}

/**
 * Recall@k by cosine: is an item's own row of the other modality among the k nearest? Items that tie with it count at their expected value, as
 * if lots were drawn: with `above` nearer than it and `tied` as near, the share is (k − above) / (tied + 1), within 0..1. A
 * collapsed space, where all tie, so gets k / n, which is chance.
 *
 * @param first n × width
 * @param second n × width, the same items in the same order
 * @param ks each 1..n
 * @throws {UnfitRows} when rows are not finite, or fewer than the largest k
 */
export function retrieve(first: Rows, second: Rows, ks: readonly number[] = [1, 5]): Retrieval {
  checkRows(first, 'Embeddings of queries');
  checkRows(second, 'Embeddings to find');
  checkWidths(first, second);
  checkPairs(first, second);
  const { count: n, width } = first;
  for (const k of ks) {
    if (!Number.isInteger(k) || k < 1) throw new RangeError(`k is ${k}. Choose a whole number from 1.`);
    if (k > n) throw new UnfitRows(`There are no ${k} nearest among ${n} embeddings.`);
  }
  const a = unitRows(first);
  const b = unitRows(second);
  const own = Float64Array.from({ length: n }, (_, i) => dotAt(a, i * width, b, i * width, width));
  const forward = { above: new Uint32Array(n), tied: new Uint32Array(n) };
  const backward = { above: new Uint32Array(n), tied: new Uint32Array(n) };
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const similarity = dotAt(a, i * width, b, j * width, width);
      count(forward, i, similarity, own[i] ?? 0);
      count(backward, j, similarity, own[j] ?? 0);
    }
  }
  return {
    forward: ks.map((k) => recallOf(forward, n, k)),
    backward: ks.map((k) => recallOf(backward, n, k)),
  };
}

interface Rivals {
  readonly above: Uint32Array;
  readonly tied: Uint32Array;
}

function count({ above, tied }: Rivals, query: number, similarity: number, own: number): void {
  if (similarity > own) above[query] = (above[query] ?? 0) + 1;
  else if (similarity === own) tied[query] = (tied[query] ?? 0) + 1;
}

function recallOf({ above, tied }: Rivals, n: number, k: number): Recall {
  let found = 0;
  for (let i = 0; i < n; i++) {
    found += Math.min(1, Math.max(0, (k - (above[i] ?? 0)) / ((tied[i] ?? 0) + 1)));
  }
  const value = found / n;
  return { k, value, chance: k / n, standardError: Math.sqrt((value * (1 - value)) / n), n };
}

/**
 * Recall@k of embeddings that know exactly the levels of some factors and nothing else: scenes with the same levels tie, so that one of g alike
 * is found in min(k, g) of g cases. Modalities may tell more than levels, since each scene's exact size, place or speed lies a
 * little beside the level's: then recall can be higher.
 */
export function recallByLevels(scenes: readonly Scene[], factors: readonly Factor[], k: number): number {
  const keys = scenes.map(({ levels }) => factors.map((factor) => levelNumber(levels, factor)).join());
  const alike = new Map<string, number>();
  for (const key of keys) alike.set(key, (alike.get(key) ?? 0) + 1);
  let found = 0;
  for (const group of alike.values()) found += Math.min(k, group);
  return found / scenes.length;
}

/** `trained`: learned from each other; `emergent`: never, but others link them; `unrelated`: nothing does, so that chance is expected. */
export type PairMark = 'trained' | 'emergent' | 'unrelated';

/**
 * What two modalities can know of each other when pairs of modalities were trained: the factors that a chain of trained pairs leads from one to
 * the other, each link of which shows the factor. With all bound to images this is `factorsThroughImage`.
 */
export function reachableFactors(
  one: Modality,
  other: Modality,
  trained: readonly (readonly [Modality, Modality])[],
): Factor[] {
  return FACTORS.filter((factor) => {
    const shows = (modality: Modality): boolean => SHOWS[modality].includes(factor);
    if (!shows(one)) return false;
    const reached = new Set([one]);
    // A set that is added to while it is gone through: each is visited once.
    for (const at of reached) {
      for (const [a, b] of trained) {
        if (a === at && shows(b)) reached.add(b);
        if (b === at && shows(a)) reached.add(a);
      }
    }
    return reached.has(other);
  });
}

export function markPair(
  one: Modality,
  other: Modality,
  trained: readonly (readonly [Modality, Modality])[],
): PairMark {
  if (trained.some(([a, b]) => (a === one && b === other) || (a === other && b === one))) return 'trained';
  return reachableFactors(one, other, trained).length > 0 ? 'emergent' : 'unrelated';
}
