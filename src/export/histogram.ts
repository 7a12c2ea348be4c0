import type { Space } from '../compare/measure-space.ts';
import type { Spread } from '../compare/spread.ts';
import { axisBelow, type Figure, type Plot } from './figure.ts';
import type { Paint } from './svg.ts';
import { svgNumber, svgText } from './svg-parts.ts';

/** A hill of a histogram, with what it is of. */
export interface Hill {
  readonly name: string;
  readonly kind: 'items' | 'gaussian' | 'uniform';
  readonly spread: Spread;
}

/**
 * Hills on one axis, for random numbers have another scale. Distances are in multiples of each hill's own mean: what counts is
 * how wide a hill is for it. Similarities lie on both sides of 0, which leaves such multiples without a meaning, so they are in
 * standard deviations from each hill's own mean: what counts is its shape. Near is on the left, or of similarities on the right.
 */
export interface Hills {
  readonly shapes: readonly Hill[];
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  /** What one step of the axis is, and what the numbers are of. */
  readonly unit: 'multiples of the mean' | 'standard deviations from the mean';
  readonly what: 'distance' | 'similarity';
  /** The outline of a hill as closed path data. */
  outline(hill: Hill, width: number, height: number): string;
}

/** @returns undefined where there is no hill, as all distances are the same */
export function hillsOf({ distances, random }: Space): Hills | undefined {
  const all: Hill[] = [
    { name: 'these items', kind: 'items', spread: distances.spread },
    ...(random
      ? ([
          { name: 'normal random numbers', kind: 'gaussian', spread: random.gaussian.spread },
          { name: 'uniform random numbers', kind: 'uniform', spread: random.uniform.spread },
        ] as const)
      : []),
  ];
  const { isSimilarity } = distances;
  const stepOf = ({ mean, deviation }: Spread) => (isSimilarity ? deviation : mean);
  // The engine turns similarities around, so that less is nearer.
  const placeOf = (value: number, of: Spread) =>
    isSimilarity ? (of.mean - value) / of.deviation : value / of.mean;
  const shapes = all.filter(({ spread }) => spread.largest > spread.smallest && stepOf(spread) > 0);
  if (shapes.length === 0) return undefined;
  const ends = shapes.flatMap(({ spread }) =>
    [spread.smallest, spread.largest].map((end) => placeOf(end, spread)),
  );
  const [from, to] = [Math.min(0, ...ends), Math.max(...ends)];
  /** Share of the pairs for each step of the axis. */
  const densities = (spread: Spread): number[] => {
    const { counts, count, smallest, largest } = spread;
    const width = (largest - smallest) / counts.length / stepOf(spread);
    return Array.from(counts, (pairs) => pairs / count / width);
  };
  const highest = Math.max(...shapes.map(({ spread }) => Math.max(...densities(spread))));
  return {
    shapes,
    from,
    to,
    mean: isSimilarity ? 0 : 1,
    unit: isSimilarity ? 'standard deviations from the mean' : 'multiples of the mean',
    what: isSimilarity ? 'similarity' : 'distance',
    outline({ spread }, width, height) {
      const { smallest, largest, counts } = spread;
      const y = (density: number) => svgNumber(height - (density / highest) * (height - 4));
      const edge = (bin: number) => {
        const distance = smallest + ((largest - smallest) * bin) / counts.length;
        return svgNumber(((placeOf(distance, spread) - from) / (to - from)) * width);
      };
      const steps = densities(spread).map(
        (density, bin) => `L${edge(bin)} ${y(density)}L${edge(bin + 1)} ${y(density)}`,
      );
      return `M${edge(0)} ${height}${steps.join('')}L${edge(counts.length)} ${height}Z`;
    },
  };
}

const WIDTH = 460;
const HEIGHT = 280;
/** Where the words of the key begin. */
const KEYS = [14, 116, 288];
const PLOT: Plot = { x: 14, y: 8, width: 432, height: 180 };

/** Distances as a hill, with those of random data beside it; undefined where all are the same. */
export function histogramFigure(title: string, space: Space, paint: Paint): Figure | undefined {
  const hills = hillsOf(space);
  if (!hills) return undefined;
  const { from, to, shapes, unit, what } = hills;
  const { x, y, width, height } = PLOT;
  const paths = shapes.map(
    (hill) => `<path ${lookOf(hill.kind, paint)} d="${hills.outline(hill, width, height)}"/>`,
  );
  const mean = ((hills.mean - from) / (to - from)) * width;
  const key = y + height + 62;
  const entries = shapes.map(
    ({ name, kind }, at) =>
      `<g transform="translate(${KEYS[at] ?? 0} ${key})"><path ${lookOf(kind, paint)} d="M0 0V-8H16V0"/>${svgText(22, 0, name, paint.label, { size: 11 })}</g>`,
  );
  const { spread } = space.distances;
  const short = (value: number) => String(Number(value.toPrecision(4))).replace('-', '−');
  const [least, most, middle] = endsOf(space);
  const words = `From ${short(least)} to ${short(most)}, mean ${short(middle)}, deviation ${short(spread.deviation)}; ${spread.count.toLocaleString('en-US')} pairs.`;
  return {
    title,
    description: `Histogram: each ${what} in ${unit}. ${words}`,
    width: WIDTH,
    height: HEIGHT,
    marks: [
      `<g transform="translate(${x} ${y})">${paths.join('')}<path d="M${svgNumber(mean)} 0V${height}" stroke="${paint.label}" opacity="0.75"/></g>`,
      axisBelow(PLOT, { from, to, label: `${what}, in ${unit} (upright line)` }, paint),
      ...entries,
      svgText(14, key + 20, words, paint.label, { size: 11, opacity: 0.75 }),
    ].join('\n'),
  };
}

/** The smallest, the largest and the mean, of similarities as they are. */
export function endsOf({ distances: { isSimilarity, spread } }: Space): [number, number, number] {
  const { smallest, largest, mean } = spread;
  return isSimilarity ? [-largest, -smallest, -mean] : [smallest, largest, mean];
}

function lookOf(kind: Hill['kind'], { accent, label }: Paint): string {
  if (kind === 'items') return `fill="${accent}" fill-opacity="0.35" stroke="${accent}"`;
  return `fill="none" stroke="${label}" stroke-opacity="0.75" stroke-width="1.5"${kind === 'uniform' ? ' stroke-dasharray="3 3"' : ''}`;
}
