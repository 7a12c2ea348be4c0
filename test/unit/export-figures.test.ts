import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Space } from '../../src/compare/measure-space.ts';
import { shepardDiagram } from '../../src/compare/shepard.ts';
import { describeSpread } from '../../src/compare/spread.ts';
import { sheetOf, ticksOf } from '../../src/export/figure.ts';
import { hillsOf, histogramFigure } from '../../src/export/histogram.ts';
import { shepardFigure } from '../../src/export/shepard.ts';
import { paintOf } from '../../src/export/svg.ts';
import { palettes } from '../../src/map/theme.ts';
import { readXml } from './read-xml.ts';

const paint = paintOf(palettes.light);

function spaceOf(distances: readonly number[], gaussian: readonly number[]): Space {
  const measured = (values: readonly number[]) => ({
    spread: describeSpread(Float32Array.from(values), 8),
    contrast: { items: 0, mean: 0, median: 0 },
  });
  return {
    items: 4,
    dimension: 2,
    isEveryPair: true,
    distances: measured(distances),
    random: { gaussian: measured(gaussian), uniform: measured(gaussian) },
    neighbors: undefined,
    isotropy: undefined,
  };
}

describe('ticks', () => {
  test('are round, in order, and between the ends', () => {
    const end = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(end, fc.double({ min: 1e-4, max: 1e6, noNaN: true }), (from, span) => {
        const ticks = ticksOf(from, from + span, 5);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThan(8);
        const room = span * 1e-6 + Math.abs(from) * 1e-9;
        ticks.forEach(({ value, text }, at) => {
          expect(value).toBeGreaterThanOrEqual(from - room);
          expect(value).toBeLessThanOrEqual(from + span + room);
          expect(Math.abs(Number(text.replace('−', '-')) - value)).toBeLessThanOrEqual(room);
          expect(value).toBeGreaterThan(ticks[at - 1]?.value ?? Number.NEGATIVE_INFINITY);
        });
      }),
    );
  });

  test('of one value is that value', () => {
    expect(ticksOf(2, 2, 5)).toEqual([{ value: 2, text: '2' }]);
  });
});

describe('a Shepard diagram', () => {
  const space = Float32Array.of(1, 1, 2, 3, 4, 4);
  const map = Float32Array.of(10, 10, 20, 30, 40, 20);
  const shepard = shepardDiagram(space, map, 4);

  test('has a cell for each that has pairs, at its place, and a line through the medians', () => {
    const { svg } = sheetOf([shepardFigure('A <b> map', shepard, paint)], 'Shepard', paint);
    const paths = readXml(svg).filter(({ name }) => name === 'path');
    const cells = paths
      .filter(({ attributes }) => attributes['fill-opacity'] !== undefined)
      .flatMap(({ attributes }) => [...(attributes.d ?? '').matchAll(/M(\d+) (\d+)h1v1h-1Z/g)])
      .map(([, column, row]) => [Number(column), Number(row)]);
    // Rows count from the top: the nearest pair is at the lower left.
    expect(cells.sort()).toEqual([
      [0, 3],
      [1, 2],
      [2, 1],
      [3, 0],
      [3, 2],
    ]);
    const median = paths.find(({ attributes }) => attributes['stroke-width'] === '2.25');
    expect(median?.attributes.d).toBe('M48 288L144 192L240 96L336 96');
  });

  test('says what its axes measure', () => {
    const { marks } = shepardFigure('The map', shepard, paint);
    expect(marks).toContain('>distance in the space<');
    expect(marks).toContain('>distance on the map<');
  });
});

describe('a histogram', () => {
  test('of the same shape at another scale is the same hill', () => {
    const few = [1, 2, 2, 3, 3, 3, 4, 4, 5];
    const hills = hillsOf(
      spaceOf(
        few,
        few.map((distance) => distance * 7),
      ),
    );
    const [items, gaussian] = hills?.shapes ?? [];
    if (!hills || !items || !gaussian) throw new Error('no hills');
    expect(hills.outline(items, 100, 50)).toBe(hills.outline(gaussian, 100, 50));
    // The highest of its steps nearly reaches the top.
    expect(hills.outline(items, 100, 50)).toMatch(/ 4L/);
  });

  test('is well-formed; of distances that are all the same there is none', () => {
    const figure = histogramFigure('Distances: "<x>"', spaceOf([1, 2, 4], [1, 3, 3]), paint);
    expect(readXml(sheetOf(figure ? [figure] : [], 'Histogram', paint).svg).length).toBeGreaterThan(20);
    expect(figure?.description).toContain('From 1 to 4, mean 2.333');
    expect(histogramFigure('Same', spaceOf([2, 2], [2, 2]), paint)).toBeUndefined();
  });
});
