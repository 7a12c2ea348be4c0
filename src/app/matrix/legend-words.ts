import type { DistanceRange } from '../../matrix/scale.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricId } from '../../metrics/engine.ts';
import { distanceText } from '../words.ts';
import type { ShownMatrix } from './state.ts';

/** What the two ends of the colors say, and what is between them. */
export function legendWords({ picture, setting }: ShownMatrix): readonly [string, string, string] {
  const { metric, other, scale } = setting;
  if (picture.colors === 'difference') {
    const most = Math.round(picture.most * 100);
    return [
      `nearer under ${catalogue[metric].label}`,
      `by up to ${most} % of the ${scale === 'rank' ? 'ranks' : 'range'}`,
      `nearer under ${catalogue[other].label}`,
    ];
  }
  const first = endsOf(metric, picture.upper);
  const second = picture.lower && endsOf(other, picture.lower);
  const names = second
    ? `${catalogue[metric].label} above, ${catalogue[other].label} below`
    : catalogue[metric].label;
  return [
    `near ${first[0]}${second ? ` · ${second[0]}` : ''}`,
    `${names}${scale === 'rank' ? ', by rank' : ''}`,
    `far ${first[1]}${second ? ` · ${second[1]}` : ''}`,
  ];
}

function endsOf(metric: MetricId, { smallest, largest }: DistanceRange): [string, string] {
  const ends: [string, string] = [distanceText(smallest), distanceText(largest)];
  return catalogue[metric].nearest === 'largest' ? [ends[1], ends[0]] : ends;
}

/** How many items there are, and whether all are shown. */
export function itemsShown({ ids, total }: ShownMatrix): string {
  const number = (value: number) => value.toLocaleString('en-US');
  return total > ids.length
    ? `${number(ids.length)} of ${number(total)} shown, drawn at random`
    : `${number(total)} items`;
}
