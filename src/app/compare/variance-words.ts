import type { Variance } from './setting.ts';

const percent = (share: number): string =>
  share > 0 && share < 0.005 ? 'under 1 %' : `${Math.round(share * 100)} %`;

/** "62 % of the variance in 2 directions"; undefined for UMAP, which has no such number. */
export function varianceText({ explained }: Variance): string | undefined {
  if (!explained) return undefined;
  const total = explained.reduce((sum, share) => sum + share, 0);
  return `${percent(total)} of the variance in ${explained.length} directions`;
}

/** The same with each direction's share, and what no map can show. */
export function varianceSentences(variance: Variance): string | undefined {
  const { explained, negativeShare, landmarks } = variance;
  const short = varianceText(variance);
  if (!explained || short === undefined) return undefined;
  return [
    `${short} (${explained.map(percent).join(', ')}).`,
    ...(negativeShare === undefined ? [] : [negativeSentence(negativeShare)]),
    ...(landmarks === undefined
      ? []
      : [`Only ${landmarks} landmarks were scaled; the other items are placed by their distances to these.`]),
  ].join(' ');
}

// Below half a percent it is what rounding leaves of distances that are Euclidean.
const negativeSentence = (share: number): string =>
  share < 0.005
    ? 'The distances are those of a flat space, so enough directions would show them all.'
    : `${percent(share)} of what the distances hold is of negative eigenvalues, and no map can show it in any number of dimensions.`;
