import { SHEPARD_QUANTILES, type Shepard } from '../compare/shepard.ts';
import { axisBelow, axisBeside, type Figure, type Plot } from './figure.ts';
import type { Paint } from './svg.ts';
import { svgNumber, svgText } from './svg-parts.ts';

const WIDTH = 460;
const HEIGHT = 372;
const PLOT: Plot = { x: 62, y: 8, width: 384, height: 288 };
/** Steps of fullness: cells of one step are one path, so that a diagram is some kilobytes. */
const STEPS = 24;
/** The quantiles that are drawn as lines. */
export const SHEPARD_LINES = [0.05, 0.5, 0.95] as const;

/** The diagram with both axes: fuller cells have more pairs, lines are the median and what holds nine of ten pairs. */
export function shepardFigure(title: string, shepard: Shepard, paint: Paint): Figure {
  const { bins, space, map } = shepard;
  const { x, y, width, height } = PLOT;
  const frame = `translate(${x} ${y}) scale(${width / bins} ${height / bins})`;
  const cells = cellPaths(shepard).map(
    ({ opacity, d }) => `<path fill-opacity="${svgNumber(opacity)}" d="${d}"/>`,
  );
  const lines = SHEPARD_LINES.map(
    (share) =>
      `<path d="${shepardLine(shepard, share, width, height)}" stroke-width="${share === 0.5 ? 2.25 : 1}"/>`,
  );
  const key = y + height + 58;
  const words = 'The fuller a cell, the more pairs. Thick line: median of the map; thin: 5 % and 95 %.';
  return {
    title,
    description: `Heat map of pairs of items by their distance in the space and on the map. ${words}`,
    width: WIDTH,
    height: HEIGHT,
    marks: [
      `<g transform="${frame}" fill="${paint.accent}" shape-rendering="crispEdges">${cells.join('')}</g>`,
      `<g transform="translate(${x} ${y})" fill="none" stroke="${paint.label}">${lines.join('')}</g>`,
      axisBeside(PLOT, { from: map[0], to: map[1], label: 'distance on the map' }, paint),
      axisBelow(PLOT, { from: space[0], to: space[1], label: 'distance in the space' }, paint),
      svgText(WIDTH / 2, key, words, paint.label, { anchor: 'middle', size: 11, opacity: 0.75 }),
    ].join('\n'),
  };
}

/** @returns NaN where the column has no pairs */
export const shepardQuantile = ({ quantiles }: Shepard, column: number, share: number): number =>
  quantiles[column * SHEPARD_QUANTILES.length + SHEPARD_QUANTILES.indexOf(share)] ?? Number.NaN;

/** A line through the middles of the columns that have pairs, as path data on a plot of this size. */
export function shepardLine(shepard: Shepard, share: number, width: number, height: number): string {
  const { bins, map } = shepard;
  let d = '';
  for (let column = 0; column < bins; column++) {
    const value = shepardQuantile(shepard, column, share);
    if (Number.isNaN(value) || !(map[1] > map[0])) continue;
    const x = ((column + 0.5) / bins) * width;
    const y = height * (1 - (value - map[0]) / (map[1] - map[0]));
    d += `${d === '' ? 'M' : 'L'}${svgNumber(x)} ${svgNumber(y)}`;
  }
  return d;
}

/** How full a cell is, 0 to 1: by the logarithm, as a few cells have most. */
export function shepardStrength({ counts }: Shepard): (count: number) => number {
  const most = Math.log1p(counts.reduce((found, count) => Math.max(found, count), 1));
  return (count) => Math.log1p(count) / most;
}

function cellPaths(shepard: Shepard): { readonly opacity: number; readonly d: string }[] {
  const { bins, counts } = shepard;
  const strength = shepardStrength(shepard);
  const paths = Array.from({ length: STEPS + 1 }, () => '');
  for (let column = 0; column < bins; column++) {
    for (let row = 0; row < bins; row++) {
      const count = counts[column * bins + row] ?? 0;
      // The least that is there is seen.
      if (count > 0)
        paths[Math.max(1, Math.round(strength(count) * STEPS))] += `M${column} ${bins - 1 - row}h1v1h-1Z`;
    }
  }
  return paths.flatMap((d, step) => (d === '' ? [] : [{ opacity: step / STEPS, d }]));
}
