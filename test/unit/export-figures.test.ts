import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Space } from '../../src/compare/measure-space.ts';
import { shepardDiagram } from '../../src/compare/shepard.ts';
import { describeSpread } from '../../src/compare/spread.ts';
import { sheetOf, ticksOf } from '../../src/export/figure.ts';
import { hillsOf, histogramFigure } from '../../src/export/histogram.ts';
import { MATRIX_SIDE, type MatrixDrawing, matrixCorner, matrixFigure } from '../../src/export/matrix.ts';
import { shepardFigure } from '../../src/export/shepard.ts';
import { stringsFigure } from '../../src/export/strings.ts';
import { paintOf } from '../../src/export/svg.ts';
import { palettes } from '../../src/map/theme.ts';
import { readXml } from './read-xml.ts';

const paint = paintOf(palettes.light);

function spaceOf(distances: readonly number[], gaussian: readonly number[]): Space {
  const measured = (values: readonly number[]) => ({
    isSimilarity: false,
    spread: describeSpread(Float32Array.from(values), 8),
    contrast: { items: 0, mean: 0, median: 0 },
    rows: 0,
  });
  return {
    items: 4,
    dimension: 2,
    isEveryPair: true,
    distances: measured(distances),
    random: { items: 4, gaussian: measured(gaussian), uniform: measured(gaussian) },
    neighbors: null,
    isotropy: null,
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

  test('of similarities is in deviations from their mean, with near on the right, also where the mean is 0', () => {
    const similar = (values: readonly number[]) => {
      const space = spaceOf(values, values);
      return { ...space, distances: { ...space.distances, isSimilarity: true } };
    };
    // As the engine has them: turned around, so that −6 is the nearest. Their mean is 0, their deviation √(42/8).
    const space = similar([-6, 1, 1, 1, 1, 1, 1, 0]);
    const hills = hillsOf(space);
    const [items] = hills?.shapes ?? [];
    if (!hills || !items) throw new Error('no hills');
    expect(hills.unit).toBe('standard deviations from the mean');
    expect(hills.mean).toBe(0);
    expect(hills.to).toBeCloseTo(6 / Math.sqrt(42 / 8), 10);
    expect(hills.from).toBeCloseTo(-1 / Math.sqrt(42 / 8), 10);
    // The one near pair is a low step at the right end.
    expect(hills.outline(items, 100, 50)).toMatch(/^M100 50L100 (3[5-9]|4\d)/);
    expect(histogramFigure('Dot', space, paint)?.description).toContain(
      'From -1 to 6, mean 0'.replace('-', '−'),
    );
  });

  test('is well-formed; of distances that are all the same there is none', () => {
    const figure = histogramFigure('Distances: "<x>"', spaceOf([1, 2, 4], [1, 3, 3]), paint);
    expect(readXml(sheetOf(figure ? [figure] : [], 'Histogram', paint).svg).length).toBeGreaterThan(20);
    expect(figure?.description).toContain('From 1 to 4, mean 2.333');
    expect(histogramFigure('Same', spaceOf([2, 2], [2, 2]), paint)).toBeUndefined();
  });
});

describe('a matrix', () => {
  const drawing: MatrixDrawing = {
    title: 'Distance matrix: Cosine',
    subtitle: '3 items, by cluster',
    count: 3,
    raster: 'data:image/png;base64,AAAA',
    names: ['<b>', 'two', 'three'],
    stops: ['rgb(255 255 0)', 'rgb(0 0 128)'],
    ends: ['near 0', 'Cosine', 'far 1'],
    colors: Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 255, 0, 0, 255, 255),
    tree: { children: [0, 1, 3, 2], middles: [0.5, 1.5, 2.5, 1, 1.75], heights: [0, 0, 0, 0.5, 1] },
  };
  const draw = (given: MatrixDrawing) => {
    const figure = matrixFigure(given, paint);
    const sheet = sheetOf([figure], figure.title, paint, [{ label: 'red', color: 'rgb(255 0 0)' }]);
    return { svg: sheet.svg, elements: readXml(sheet.svg) };
  };

  test('has its cells, names beside rows and columns, runs of label colors, a tree, and the scale', () => {
    const { svg, elements } = draw(drawing);
    const image = elements.find(({ name }) => name === 'image');
    expect(image?.attributes).toMatchObject({ width: '640', height: '640', href: drawing.raster });
    expect(svg.match(/>&lt;b&gt;</g)).toHaveLength(2);
    expect(svg.match(/>three</g)).toHaveLength(2);
    const runs = elements.filter(({ attributes }) => attributes.d?.endsWith('h-5Z'));
    expect(runs.map(({ attributes }) => attributes.fill)).toEqual(['rgb(255 0 0)', 'rgb(0 0 255)']);
    const tree = elements.find(({ attributes }) => attributes['stroke-opacity'] !== undefined);
    expect(tree?.attributes.d?.match(/M/g)).toHaveLength(2);
    expect(elements.filter(({ name }) => name === 'stop')).toHaveLength(2);
    for (const end of drawing.ends) expect(svg).toContain(`>${end}<`);
  });

  test('of many items has their places along it, within its sides', () => {
    const count = 1_234;
    const names = Array.from({ length: count }, (_, at) => `item ${at}`);
    const { svg, elements } = draw({ ...drawing, count, names, colors: undefined, tree: undefined });
    expect(svg).not.toContain('item 7');
    expect(svg.match(/>1000</g)).toHaveLength(2);
    const ticks = elements.flatMap(({ attributes }) =>
      [...(attributes.d ?? '').matchAll(/M([\d.]+) \d+v5$/g)].map(([, x]) => Number(x)),
    );
    expect(ticks.length).toBeGreaterThan(2);
    const { x } = matrixCorner({ tree: undefined });
    for (const tick of ticks) expect(tick > x && tick < x + MATRIX_SIDE).toBe(true);
  });
});

test('strings are drawn letter below letter, and those that differ are framed', () => {
  const pairs = ['S', 'a', '<'].map((a, at) => ({ a, b: at === 1 ? 'o' : a, bytes: [] }));
  const figure = stringsFigure('Hamming distance 1 of 3 positions', pairs, paint);
  expect(figure.description).toContain('1 of 3 differ');
  const elements = readXml(sheetOf([figure], 'Strings', paint).svg);
  expect(elements.filter(({ attributes }) => attributes['stroke-width'] === '2')).toHaveLength(1);
});
