/** Numbers of each two metrics, whichever of them are asked for. */
import type { Agreement } from '../../compare/agreement.ts';
import type { Correlations } from '../../compare/compare-metrics.ts';
import {
  type Names,
  readCorrelation,
  readJaccard,
  readOverlap,
  readRankBiasedOverlap,
} from '../../compare/readings.ts';
import type { PairMeasure } from './state.ts';

export interface PairNumber {
  /** Places of the two, the first below the second. */
  readonly first: number;
  readonly second: number;
  readonly value: number;
  /** What two unrelated metrics have. */
  readonly chance: number;
  read(names: Names): string;
}

/** @returns none where there are too few items or metrics */
export function pairNumbers(
  measure: PairMeasure,
  { agreement, correlations }: { agreement?: Agreement | undefined; correlations?: Correlations | undefined },
  size: number,
): PairNumber[] {
  if (measure === 'spearman' || measure === 'kendall') {
    return (correlations?.pairs ?? []).map((pair) => ({
      first: pair.first,
      second: pair.second,
      value: pair[measure],
      chance: 0,
      read: (names) => readCorrelation(pair, correlations ?? { count: 0, isEveryPair: true }, names),
    }));
  }
  return (agreement?.pairs ?? []).flatMap((pair) => {
    const { first, second, overlaps, rbo, chanceRbo } = pair;
    if (measure === 'rbo') {
      const read = (names: Names) => readRankBiasedOverlap(pair, names);
      return [{ first, second, value: rbo, chance: chanceRbo, read }];
    }
    const overlap = overlaps.find(({ k }) => k === size) ?? overlaps.at(-1);
    if (!overlap) return [];
    const read = measure === 'share' ? readOverlap : readJaccard;
    return [
      {
        first,
        second,
        value: overlap[measure],
        chance: overlap.chance[measure],
        read: (names: Names) => read(overlap, names),
      },
    ];
  });
}
