import * as Comlink from 'comlink';
import type { Neighbors } from '../metrics/engine.ts';
import { createRandom, gaussian } from '../projection/random.ts';
import { type Agreement, measureAgreement, type NeighborLists } from './agreement.ts';
import { kendall, pearson, rankValues, spearman } from './correlation.ts';
import { type Hubness, measureHubness } from './hubness.ts';
import { type Isotropy, measureIsotropy } from './isotropy.ts';
import { type NearPairs, nearPairs } from './near-duplicates.ts';
import {
  cutRanks,
  measureNeighborhoods,
  type NeighborhoodQuality,
  type NeighborhoodRanks,
} from './neighborhoods.ts';
import { type Outliers, scoreOutliers } from './outliers.ts';
import { type PairQuestion, PairScan } from './pair-scan.ts';
import { type RankQuestion, RankScan } from './rank-scan.ts';
import { type Shepard, shepardDiagram } from './shepard.ts';
import { type Contrast, describeSpread, relativeContrast, type Spread } from './spread.ts';
import { type TripletAccuracy, tripletAccuracy } from './triplets.ts';
import { type IntrinsicDimension, twoNn } from './two-nn.ts';

/** Steps done, of how many. */
export type Tell = (done: number, total: number) => void;

export interface Correlation {
  /** Places of the two, the first below the second. */
  readonly first: number;
  readonly second: number;
  readonly pearson: number;
  readonly spearman: number;
  readonly kendall: number;
}

/** How the distances of a map go with those of its space. */
export interface GlobalQuality {
  readonly pearson: number;
  readonly spearman: number;
  readonly shepard: Shepard;
  readonly triplets: TripletAccuracy;
}

/** What neighbors say of a space. */
export interface NeighborReadings {
  readonly hubness: Hubness;
  /** Null under a metric whose largest is nearest: these speak of distances. */
  readonly distances: {
    readonly outliers: Outliers;
    readonly nearPairs: NearPairs;
    readonly dimension: IntrinsicDimension;
  } | null;
}

/**
 * All the counting and sorting, which would hold up a page: what the worker does, one for each job. Distances come in
 * pieces of whole rows; what is picked from them stays here by name.
 */
export function createWork() {
  let ranking: RankScan | undefined;
  let picking: PairScan | undefined;
  const picked = new Map<string, Float32Array<ArrayBuffer>>();
  const pick = (name: string): Float32Array<ArrayBuffer> => picked.get(name) ?? new Float32Array(0);

  return {
    beginRanks(question: RankQuestion): void {
      ranking = new RankScan(question);
    },
    takeRankRows(firstRow: number, distances: Float32Array<ArrayBuffer>): void {
      ranking?.take(firstRow, distances);
    },
    /** Of each list that was asked for. */
    endRanks(): Uint32Array<ArrayBuffer>[] {
      const ranks = ranking?.finish() ?? [];
      ranking = undefined;
      return Comlink.transfer(
        ranks,
        ranks.map(({ buffer }) => buffer),
      );
    },

    beginPairs(question: PairQuestion): void {
      picking = new PairScan(question);
      for (const [name, values] of picking.picked) picked.set(name, values);
    },
    takePairRows(firstRow: number, distances: Float32Array<ArrayBuffer>): void {
      picking?.take(firstRow, distances);
    },
    /** Of the rows that were taken last. */
    contrast(): Contrast {
      return relativeContrast(
        picking?.nearest ?? new Float32Array(0),
        picking?.farthest ?? new Float32Array(0),
      );
    },

    agreement(
      lists: readonly NeighborLists[],
      sizes: readonly number[],
      options: { readonly k: number; readonly persistence?: number | undefined },
      tell: Tell,
    ): Agreement {
      return measureAgreement(lists, sizes, options, tell);
    },

    /** Correlations of each two of the picks. They are forgotten. */
    correlations(names: readonly string[], tell: Tell): Correlation[] {
      const pairs = names.flatMap((_, first) =>
        names.slice(first + 1).map((_name, later) => ({ first, second: first + 1 + later })),
      );
      const linear = pairs.map(({ first, second }) =>
        pearson(pick(names[first] ?? ''), pick(names[second] ?? '')),
      );
      // One after the other, and the distances are let go: ranks of 12 million pairs take twice their memory.
      const ranked = names.map((name) => {
        const ranks = rankValues(pick(name));
        picked.delete(name);
        return ranks;
      });
      return pairs.flatMap(({ first, second }, done) => {
        const [x, y] = [ranked[first], ranked[second]];
        if (!x || !y) return [];
        tell(done, pairs.length);
        return [
          {
            first,
            second,
            pearson: linear[done] ?? Number.NaN,
            spearman: spearman(x, y),
            kendall: kendall(x, y),
          },
        ];
      });
    },

    /** @param detail neighbors to keep of each item */
    neighborhoods(
      ranks: NeighborhoodRanks,
      n: number,
      sizes: readonly number[],
      detail: number,
    ): { readonly sizes: NeighborhoodQuality[]; readonly neighbors: NeighborhoodRanks } {
      return {
        sizes: sizes.map((k) => measureNeighborhoods(ranks, n, k)),
        neighbors: cutRanks(ranks, detail),
      };
    },

    /** @param names of the picks of pairs and of triplets, in the space and on the map */
    globalQuality(
      pairs: { readonly space: string; readonly map: string },
      triplets: { readonly space: string; readonly map: string },
      bins: number,
    ): GlobalQuality {
      const [space, map] = [pick(pairs.space), pick(pairs.map)];
      return {
        pearson: pearson(space, map),
        spearman: spearman(rankValues(space), rankValues(map)),
        shepard: shepardDiagram(space, map, bins),
        triplets: tripletAccuracy(pick(triplets.space), pick(triplets.map)),
      };
    },

    spread(name: string, bins: number): Spread {
      return describeSpread(pick(name), bins);
    },

    readNeighbors(neighbors: Neighbors, isLargestNearest: boolean): NeighborReadings {
      const { k, indices, distances } = neighbors;
      return {
        hubness: measureHubness(indices, k),
        distances: isLargestNearest
          ? null
          : {
              outliers: scoreOutliers(distances, k),
              nearPairs: nearPairs(neighbors),
              dimension: twoNn(neighbors),
            },
      };
    },

    isotropy(vectors: Float32Array<ArrayBuffer>, dimension: number, tell: Tell): Isotropy {
      return measureIsotropy(vectors, dimension, tell);
    },

    /** Independent numbers, normal or even between 0 and 1. */
    randomNumbers(kind: 'gaussian' | 'uniform', count: number, seed: number): Float32Array<ArrayBuffer> {
      const random = createRandom(seed);
      const draw = kind === 'gaussian' ? () => gaussian(random) : random;
      const numbers = new Float32Array(count);
      for (let i = 0; i < count; i++) numbers[i] = draw();
      return Comlink.transfer(numbers, [numbers.buffer]);
    },
  };
}

type Work = ReturnType<typeof createWork>;

/** The same, asked of a worker. */
export type AskedWork = {
  readonly [Name in keyof Work]: (...given: Parameters<Work[Name]>) => Promise<ReturnType<Work[Name]>>;
};
