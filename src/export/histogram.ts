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

/** Hills on one axis, in multiples of each one's own mean: random numbers have another scale, and what counts is how wide a hill is. */
export interface Hills {
  readonly shapes: readonly Hill[];
  readonly from: number;
  readonly to: number;
  /** −1 where the mean is below 0, as that of a similarity may be. */
  readonly mean: number;
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
  const shapes = all.filter(({ spread }) => spread.largest > spread.smallest && spread.mean !== 0);
  if (shapes.length === 0) return undefined;
  const ends = shapes.flatMap(({ spread }) =>
    [spread.smallest, spread.largest].map((end) => end / Math.abs(spread.mean)),
  );
  const [from, to] = [Math.min(0, ...ends), Math.max(...ends)];
  const highest = Math.max(...shapes.map(({ spread }) => Math.max(...densities(spread))));
  return {
    shapes,
    from,
    to,
    mean: Math.sign(distances.spread.mean),
    outline({ spread }, width, height) {
      const { smallest, largest, mean, counts } = spread;
      const y = (density: number) => svgNumber(height - (density / highest) * (height - 4));
      const edge = (bin: number) => {
        const distance = smallest + ((largest - smallest) * bin) / counts.length;
        return svgNumber(((distance / Math.abs(mean) - from) / (to - from)) * width);
      };
      const steps = densities(spread).map(
        (density, bin) => `L${edge(bin)} ${y(density)}L${edge(bin + 1)} ${y(density)}`,
      );
      return `M${edge(0)} ${height}${steps.join('')}L${edge(counts.length)} ${height}Z`;
    },
  };
}

/** Share of the pairs for each unit of the mean. */
function densities({ counts, count, smallest, largest, mean }: Spread): number[] {
  const width = (largest - smallest) / counts.length / Math.abs(mean);
  return Array.from(counts, (pairs) => pairs / count / width);
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
  const { from, to, shapes } = hills;
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
  const words = `From ${short(spread.smallest)} to ${short(spread.largest)}, mean ${short(spread.mean)}, deviation ${short(spread.deviation)}; ${spread.count.toLocaleString('en-US')} pairs.`;
  return {
    title,
    description: `Histogram of distances in multiples of their mean. ${words}`,
    width: WIDTH,
    height: HEIGHT,
    marks: [
      `<g transform="translate(${x} ${y})">${paths.join('')}<path d="M${svgNumber(mean)} 0V${height}" stroke="${paint.label}" opacity="0.75"/></g>`,
      axisBelow(PLOT, { from, to, label: 'distance, in multiples of the mean (upright line)' }, paint),
      ...entries,
      svgText(14, key + 20, words, paint.label, { size: 11, opacity: 0.75 }),
    ].join('\n'),
  };
}

function lookOf(kind: Hill['kind'], { accent, label }: Paint): string {
  if (kind === 'items') return `fill="${accent}" fill-opacity="0.35" stroke="${accent}"`;
  return `fill="none" stroke="${label}" stroke-opacity="0.75" stroke-width="1.5"${kind === 'uniform' ? ' stroke-dasharray="3 3"' : ''}`;
}
