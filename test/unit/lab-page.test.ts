// What the lab's page makes of runs: places on the map, curves, names of changes, presets.
import { describe, expect, test } from 'vitest';
import { addSteps } from '../../src/app/lab/curves.ts';
import { createFramer } from '../../src/app/lab/frames.ts';
import { livePca } from '../../src/app/lab/live-pca.ts';
import { PRESETS } from '../../src/app/lab/presets.ts';
import { differences, runNames } from '../../src/app/lab/run-names.ts';
import { startingSettings } from '../../src/app/lab/settings-fields.ts';
import { shownRows } from '../../src/app/lab/shown-rows.ts';
import { NO_CURVES, type SizeOfRun } from '../../src/app/lab/state.ts';
import { checkSettings } from '../../src/lab/training/check-settings.ts';
import type { StepNumbers } from '../../src/lab/training/learner.ts';
import { pca } from '../../src/projection/pca.ts';
import { createRandom } from '../../src/projection/random.ts';

const ROWS = 120;
const WIDTH = 24;

/** Rows that spread less from one dimension to the next. */
function cloud(seed: number, spread = 1): Float32Array<ArrayBuffer> {
  const random = createRandom(seed);
  return Float32Array.from({ length: ROWS * WIDTH }, (_, at) => {
    const column = at % WIDTH;
    return 3 + spread * 0.8 ** column * (random() - 0.5);
  });
}

describe('places', () => {
  test('live PCA finds the directions of the full one, from nothing and from a frame before', () => {
    const values = cloud(1);
    const full = pca(values, WIDTH, 2);
    const cold = livePca(values, WIDTH);
    const warm = livePca(values, WIDTH, livePca(cloud(2), WIDTH).directions);
    for (const found of [cold, warm]) {
      // It settles at a ten-millionth of the first variance; directions have the root of that.
      found.explained.forEach((share, at) => {
        expect(share).toBeCloseTo(full.explained[at] ?? 0, 5);
      });
      for (const direction of [0, 1]) {
        const own = Array.from({ length: ROWS }, (_, row) => found.scores[row * 2 + direction] ?? 0);
        const wanted = Array.from({ length: ROWS }, (_, row) => full.scores[row * 2 + direction] ?? 0);
        const product = own.reduce((sum, value, row) => sum + value * (wanted[row] ?? 0), 0);
        expect(Math.abs(product) / (Math.hypot(...own) * Math.hypot(...wanted))).toBeGreaterThan(0.999);
      }
    }
  });

  test('a frame is turned to lie as the one before did', () => {
    const frame = createFramer();
    const request = { width: WIDTH, projection: 'pca', follows: true } as const;
    // The same rows with both axes the other way round and the dimensions in another order.
    const values = cloud(1);
    const turned = values.map((_, at) => {
      const column = at % WIDTH;
      return -(values[at - column + (WIDTH - 1 - column)] ?? 0);
    });
    const first = frame({ ...request, values }).positions;
    const second = frame({ ...request, values: turned }).positions;
    const most = second.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (first[at] ?? 0))), 0);
    // Of a map 20 wide: less than a tenth of a pixel on most screens.
    expect(most).toBeLessThan(2e-3);
  });

  test('an embedding that collapsed is a point, not its rounding errors in large', () => {
    const extent = (values: Float32Array<ArrayBuffer>) => {
      const { positions } = createFramer()({ values, width: WIDTH, projection: 'pca', follows: false });
      return positions.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    };
    expect(extent(cloud(1, 40))).toBeCloseTo(10, 4);
    expect(extent(cloud(1, 1e-3))).toBeLessThan(0.05);
  });

  test('rows of all modalities lie below one another, as directions where the loss compares these', () => {
    const rows = (scale: number) => ({
      values: Float32Array.from({ length: 4 }, (_, at) => scale * (at + 1)),
      ...{ count: 2, width: 2 },
    });
    const clip = startingSettings('clip', 'small', 1);
    const snapshot = { step: 1, rows: { image: rows(1), text: rows(7) } };
    const both = shownRows(clip, snapshot, []);
    expect(both?.modalities).toEqual(['image', 'text']);
    expect([...(both?.values ?? [])].slice(4)).toEqual([...(both?.values ?? [])].slice(0, 4));
    expect(Math.hypot(...(both?.values.slice(0, 2) ?? []))).toBeCloseTo(1, 6);
    expect(shownRows(clip, snapshot, ['image'])?.modalities).toEqual(['text']);
    expect(shownRows(clip, snapshot, ['image', 'text'])?.modalities).toEqual(['image', 'text']);
    const broken = { step: 2, rows: { image: rows(Number.NaN), text: rows(1) } };
    expect(shownRows(clip, broken, [])).toBeUndefined();
  });
});

const numbers = (step: number, terms: Readonly<Record<string, number>>): StepNumbers => ({
  ...{ step, rate: step / 10, total: 100 - step, terms, weights: {}, learned: {} },
});

describe('curves', () => {
  test('steps that are taken again after a lost device count in their newer form', () => {
    const first = addSteps(
      NO_CURVES,
      [1, 2, 3, 4].map((step) => numbers(step, { a: step })),
    );
    const again = addSteps(
      first,
      [3, 4, 5].map((step) => numbers(step, { a: -step })),
    );
    expect(again.steps).toEqual([1, 2, 3, 4, 5]);
    expect(again.terms.a).toEqual([1, 2, -3, -4, -5]);
  });

  test('a term of a later stage is no number before it', () => {
    const curves = addSteps(addSteps(NO_CURVES, [numbers(1, { a: 1 })]), [numbers(2, { b: 2 })]);
    expect(curves.terms).toEqual({ a: [1, Number.NaN], b: [Number.NaN, 2] });
  });

  test('long runs keep both ends, and all columns the same length', () => {
    let curves = NO_CURVES;
    for (let from = 1; from <= 20_000; from += 500) {
      curves = addSteps(
        curves,
        Array.from({ length: 500 }, (_, at) => numbers(from + at, { a: from + at })),
      );
    }
    expect(curves.steps.length).toBeLessThanOrEqual(6000);
    expect(curves.steps[0]).toBe(1);
    expect(curves.steps.at(-1)).toBe(20_000);
    expect(curves.terms.a).toEqual(curves.steps);
    expect([...curves.steps].sort((a, b) => a - b)).toEqual(curves.steps);
  });
});

describe.each(['small', 'full'] as const)('presets at the size %s', (size: SizeOfRun) => {
  test.each(PRESETS)('$id: both runs can be trained, and differ in what the preset says', (preset) => {
    const healthy = startingSettings(preset.recipe, size, 7);
    const broken = preset.breakIt(healthy);
    expect(() => checkSettings(healthy)).not.toThrow();
    expect(() => checkSettings(broken)).not.toThrow();
    expect(broken.seed).toBe(7);
    const differing = differences(healthy, broken);
    expect(differing.length).toBeGreaterThanOrEqual(1);
    expect(differing.length).toBeLessThanOrEqual(preset.id === 'no-jitter' ? 2 : 1);
    expect(runNames(healthy, broken)[1]).toBe(differing.join(', '));
    // Two sentences say what to look for.
    expect(preset.look.match(/[.](?: |$)/g)).toHaveLength(2);
  });
});
