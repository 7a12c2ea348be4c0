/** The numbers of a map, each with what a random map and PCA have beside it. */
import type { Honesty, MapHonesty } from '../../compare/measure-honesty.ts';
import type { NeighborhoodQuality } from '../../compare/neighborhoods.ts';
import {
  readContinuity,
  readKept,
  readMapCorrelation,
  readTriplets,
  readTrustworthiness,
} from '../../compare/readings.ts';

export interface Score {
  readonly label: string;
  /** 0 where all items were looked at. */
  readonly standardError: number;
  readonly value: number;
  readonly pca: number;
  readonly random: number;
  /** A sentence; the correlations have one together. */
  readonly reading: string | undefined;
}

/** Of `honesty.maps`, of which the first is the map and the second PCA; none where there are too few items. */
export function scoresOf({ maps, chance }: Honesty, size: number): Score[] {
  const [map, pca] = maps;
  if (!map) return [];
  const at = (of: MapHonesty | undefined, k: number) => of?.sizes.find((quality) => quality.k === k);
  const chanceAt = (k: number) => chance.sizes.find((each) => each.k === k);
  const chosen = qualityAt(map.sizes, size);
  const scores: Score[] = [];
  const estimate = (
    label: string,
    quality: NeighborhoodQuality,
    name: 'trustworthiness' | 'continuity' | 'kept',
    read: (quality: NeighborhoodQuality, chance: number) => string,
  ) => {
    const random = chanceAt(quality.k)?.[name] ?? Number.NaN;
    scores.push({
      label: `${label} @${quality.k}`,
      value: quality[name].value,
      standardError: quality[name].standardError,
      pca: at(pca, quality.k)?.[name].value ?? Number.NaN,
      random,
      reading: read(quality, random),
    });
  };
  if (chosen) {
    estimate('Trustworthiness', chosen, 'trustworthiness', readTrustworthiness);
    estimate('Continuity', chosen, 'continuity', readContinuity);
  }
  for (const quality of map.sizes) estimate('Neighbors kept', quality, 'kept', readKept);
  const { pearson, spearman, triplets } = map.global;
  const correlation = (label: string, name: 'pearson' | 'spearman', reading: string | undefined) =>
    scores.push({
      label,
      value: map.global[name],
      standardError: 0,
      pca: pca?.global[name] ?? Number.NaN,
      random: chance[name],
      reading,
    });
  correlation('Pearson of distances', 'pearson', readMapCorrelation({ pearson, spearman }));
  correlation('Spearman of distances', 'spearman', undefined);
  scores.push({
    label: 'Triplet accuracy',
    value: triplets.accuracy,
    standardError: triplets.standardError,
    pca: pca?.global.triplets.accuracy ?? Number.NaN,
    random: chance.triplets,
    reading: readTriplets(triplets),
  });
  return scores;
}

/** The neighborhood of this size; the largest where there are too few items for it. */
export function qualityAt(
  sizes: readonly NeighborhoodQuality[],
  size: number,
): NeighborhoodQuality | undefined {
  return sizes.find(({ k }) => k === size) ?? sizes.at(-1);
}
