// What the numbers say, one sentence each, in words a person reads.

import type { Overlap, PairAgreement } from './agreement.ts';
import type { Correlations } from './compare-metrics.ts';
import type { Hubness } from './hubness.ts';
import type { Isotropy } from './isotropy.ts';
import type { DistanceReadings, Space } from './measure-space.ts';
import type { NeighborhoodQuality } from './neighborhoods.ts';
import type { Outliers } from './outliers.ts';
import type { Spread } from './spread.ts';
import type { TripletAccuracy } from './triplets.ts';
import type { IntrinsicDimension } from './two-nn.ts';
import type { Correlation } from './work.ts';

/** Two metrics by the names that a person reads. */
export interface Names {
  readonly first: string;
  readonly second: string;
}

export function readOverlap({ k, share, chance }: Overlap, { first, second }: Names): string {
  return `Of each item's ${k} nearest under ${first}, ${decimal(share * k)} are also among those under ${second}; chance is ${decimal(chance.share * k)}.`;
}

export function readJaccard({ k, jaccard, chance }: Overlap, { first, second }: Names): string {
  return `Of all that are among the ${k} nearest under ${first} or ${second}, ${percent(jaccard)} are so under both; chance is ${percent(chance.jaccard)}.`;
}

export function readRankBiasedOverlap({ rbo, chanceRbo }: PairAgreement, { first, second }: Names): string {
  return `Read from the top, where the nearest count most, the lists of ${first} and ${second} agree to ${percent(rbo)}; chance is ${percent(chanceRbo)}.`;
}

export function readCorrelation(
  correlation: Correlation,
  { count, isEveryPair }: Pick<Correlations, 'count' | 'isEveryPair'>,
  { first, second }: Names,
): string {
  const { kendall, spearman } = correlation;
  if (Number.isNaN(kendall)) {
    return `Under ${first} or ${second} all distances are equal, so that there is no order to compare.`;
  }
  // Pairs of pairs: tau is the share in the same order less the share in opposite order.
  return `Of any two distances, the order under ${first} and ${second} is the same in ${percent((1 + kendall) / 2)} of the cases, ties aside (Kendall ${two(kendall)}, Spearman ${two(spearman)}; chance is 50 % and 0), of ${whole(count)} ${isEveryPair ? 'pairs, all there are' : 'pairs drawn at random'}.`;
}

export function readDisagreement(score: number, k: number): string {
  if (Number.isNaN(score)) return 'Two metrics and three items are needed to disagree.';
  return `Two metrics differ on ${decimal(score * k)} of the ${k} nearest of this item.`;
}

export function readTrustworthiness(
  { k, trustworthiness: { value, standardError } }: NeighborhoodQuality,
  chance: number,
): string {
  return `Trustworthiness ${three(value)}${within(standardError)}: ${judge(value, chance)} of the ${k} nearest on the map are near in truth (1 is perfect, a random map has ${three(chance)}).`;
}

export function readContinuity(
  { k, continuity: { value, standardError } }: NeighborhoodQuality,
  chance: number,
): string {
  return `Continuity ${three(value)}${within(standardError)}: ${judge(value, chance)} of the true ${k} nearest stayed near on the map (1 is perfect, a random map has ${three(chance)}).`;
}

export function readKept({ k, kept: { value, standardError } }: NeighborhoodQuality, chance: number): string {
  const share = standardError > 0 ? ` (± ${decimal(standardError * k)})` : '';
  return `Of each item's ${k} true nearest, ${decimal(value * k)}${share} are among its ${k} nearest on the map; chance is ${decimal(chance * k)}.`;
}

export function readTriplets({ accuracy, standardError, triplets }: TripletAccuracy): string {
  if (Number.isNaN(accuracy))
    return 'All items are equally far from each other, so that there is no order to keep.';
  return `Asked which of two items is nearer to a third, the map is right in ${percent(accuracy)} of ${whole(triplets)} cases (± ${(standardError * 100).toFixed(1)} %); chance is 50 %.`;
}

export function readMapCorrelation({ pearson, spearman }: { pearson: number; spearman: number }): string {
  if (Number.isNaN(pearson))
    return 'All distances are equal in the space or on the map: there is nothing to compare.';
  return `Distances on the map correlate with the true ones by ${two(pearson)} (Pearson), their order by ${two(spearman)} (Spearman): 1 is a map true to scale, a random map has 0.`;
}

/** The width of the distances for their mean, beside random data of the same size. */
export function readConcentration(
  { isSimilarity, spread }: DistanceReadings,
  random: { readonly gaussian: DistanceReadings } | null,
): string {
  if (!(spread.largest > spread.smallest)) {
    return spread.count === 0
      ? 'There are no pairs.'
      : `All ${isSimilarity ? 'similarities' : 'distances'} are equal.`;
  }
  if (isSimilarity) {
    // Similarities lie on both sides of 0, so that no width is a share of their mean.
    const about = ({ mean, deviation }: Spread): string =>
      `${significant(-mean)} ± ${significant(deviation)}`;
    const beside = random ? `; in random data of this size it is ${about(random.gaussian.spread)}` : '';
    return `The typical similarity is ${about(spread)}${beside}.`;
  }
  const share = (of: Spread): string => percent(of.deviation / of.mean);
  const beside = random ? `; in random data of this size it is ${share(random.gaussian.spread)}` : '';
  return `The typical distance is ${significant(spread.mean)}, give or take ${share(spread)}${beside}. The smaller that is, the less a difference means.`;
}

export function readContrast({ isSimilarity, contrast }: DistanceReadings, random: Space['random']): string {
  if (isSimilarity) return 'Contrast is a matter of distances, and this metric measures similarities.';
  if (contrast.items === 0) return 'Every item has a duplicate, and so no contrast.';
  const beside = random ? ` (random data: ${two(random.gaussian.contrast.median)})` : '';
  return `For half of the items the farthest is at least ${decimal(1 + contrast.median)} times as far as the nearest: a contrast of ${two(contrast.median)}${beside}.`;
}

export function readHubness({ k, skewness, chanceSkewness, hubs, antihubs, occurrences }: Hubness): string {
  if (Number.isNaN(skewness)) return `Every item is among the ${k} nearest of as many others.`;
  const most = hubs[0] === undefined ? 0 : (occurrences[hubs[0]] ?? 0);
  const hub =
    hubs.length > 0 ? `${count(hubs.length, 'hub')}, the largest near to ${whole(most)} others` : 'no hubs';
  return `${hub}, and ${count(antihubs.length, 'item')} among nobody's ${k} nearest; skew ${two(skewness)}, by chance ${two(chanceSkewness)}.`.replace(
    /^./,
    (letter) => letter.toUpperCase(),
  );
}

export function readNearPairs(pairs: number, threshold: number): string {
  return pairs === 1
    ? `One pair is at most ${significant(threshold)} apart.`
    : `${whole(pairs)} pairs are at most ${significant(threshold)} apart.`;
}

export function readOutliers({ k, scores, farthest, median }: Outliers): string {
  const [first] = farthest;
  if (first === undefined) return 'There are no items to compare.';
  const score = scores[first] ?? 0;
  const times = median > 0 ? `, ${decimal(score / median)} times the median` : '';
  return `The loneliest item is ${significant(score)} from its ${k} nearest on average${times}.`;
}

export function readIntrinsicDimension(
  { dimension, fitted, duplicates }: IntrinsicDimension,
  dimensions: number,
): string {
  const without = duplicates > 0 ? `, ${count(duplicates, 'duplicate')} left out` : '';
  if (Number.isNaN(dimension))
    return `Too few different items to tell how many dimensions they fill${without}.`;
  return `Locally the items fill about ${decimal(dimension)} of ${count(dimensions, 'dimension')} (from ${count(fitted, 'item')}${without}).`;
}

export function readIsotropy(
  { isoScore, effectiveDimensions, meanCosine }: Isotropy,
  dimensions: number,
): string {
  if (Number.isNaN(effectiveDimensions))
    return 'All items are the same, so that no direction is used at all.';
  const score = Number.isNaN(isoScore) ? '' : ` (IsoScore ${two(isoScore)}; 1 is all alike)`;
  return `The variance is shared among about ${decimal(effectiveDimensions)} of ${count(dimensions, 'direction')}${score}, and two items have a cosine of ${two(meanCosine)} on average; 0 is directions that cancel out.`;
}

export function readScaling(explained: readonly number[], negativeShare: number): string {
  const shown = explained.reduce((sum, share) => sum + share, 0);
  const rest =
    negativeShare >= 0.005
      ? ` These distances are not those of a flat space: ${percent(negativeShare)} of the spectrum is negative, which no map can show.`
      : '';
  return `${explained.length} directions show ${percent(shown)} of the variance.${rest}`;
}

/** Where a value stands between chance and perfection. */
function judge(value: number, chance: number): string {
  const way = (value - chance) / (1 - chance);
  if (way > 0.9) return 'nearly all';
  if (way > 0.6) return 'most';
  if (way > 0.2) return 'some';
  return 'hardly any, beyond chance,';
}

function within(standardError: number): string {
  return standardError > 0 ? ` ± ${three(standardError)}` : '';
}

function count(number: number, what: string): string {
  return `${whole(number)} ${what}${number === 1 ? '' : 's'}`;
}

function whole(number: number): string {
  return number.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

function decimal(number: number): string {
  return number.toFixed(1);
}

function two(number: number): string {
  return number.toFixed(2);
}

function three(number: number): string {
  return number.toFixed(3);
}

function significant(number: number): string {
  return Number(number.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** Below a tenth of a percent, too, something is not nothing. */
function percent(share: number): string {
  return `${(share * 100).toFixed(share !== 0 && Math.abs(share) < 0.1 ? 1 : 0)} %`;
}
