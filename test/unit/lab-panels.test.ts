import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedCursor, readAt } from '../../src/app/lab/panels/curve-chart.tsx';
import { equationOf, equationText, settingsOf } from '../../src/app/lab/panels/live-formula.ts';
import { divergedAt } from '../../src/app/lab/panels/loss-columns.ts';
import { evenly } from '../../src/app/lab/panels/loss-table.tsx';
import { colorRangeOf, movedCell, numbersOf, ownIsLargest } from '../../src/app/lab/panels/matrix-numbers.ts';
import { numberText, percentText, plainNumber } from '../../src/app/lab/panels/number-words.ts';
import { changesOf } from '../../src/app/lab/panels/run-changes.ts';
import { rangeOf, scaleExactly, scaleOver, ticksOf } from '../../src/app/lab/panels/scale.ts';
import { decimate, indexAt, linePath, smooth } from '../../src/app/lab/panels/trace.ts';
import { addReport } from '../../src/app/lab/probe-history.ts';
import { probeSettingsOf } from '../../src/app/lab/probe-settings.ts';
import { type LabRun, NO_PROBES, type Probes } from '../../src/app/lab/state.ts';
import type { ProbeReport } from '../../src/lab/probes/report.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('scales', () => {
  it('span what is finite', () => {
    expect(
      rangeOf([
        [3, Number.NaN, 1],
        [Number.POSITIVE_INFINITY, 7],
      ]),
    ).toEqual([1, 7]);
    expect(rangeOf([[Number.NaN], []])).toBeUndefined();
  });

  it('hold their range with a margin, also a range of one value', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (from, width) => {
          const scale = scaleOver([from, from + width], 'linear');
          for (const end of [from, from + width]) {
            expect(scale.place(end)).toBeGreaterThan(0);
            expect(scale.place(end)).toBeLessThan(1);
          }
        },
      ),
    );
  });

  it('are logarithmic only above 0', () => {
    const scale = scaleOver([0.01, 100], 'log');
    expect(scale.kind).toBe('log');
    expect(scale.place(1)).toBeCloseTo(0.5);
    expect(scale.place(-1)).toBeNaN();
    expect(scaleOver([-1, 100], 'log').kind).toBe('linear');
  });

  it('have round ticks within', () => {
    expect(ticksOf(scaleExactly(0, 1), 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksOf(scaleExactly(-0.3, 0.3), 3)).toEqual([-0.2, 0, 0.2]);
    expect(ticksOf(scaleOver([0.001, 1000], 'log'), 3)).toEqual([0.001, 0.1, 10, 1000]);
    expect(ticksOf(scaleOver([2, 9], 'log'), 3)).toEqual([2, 5]);
    for (const [from, to] of [
      [4.85, 4.86],
      [1e-5, 3e5],
      [-7, -6.9],
    ] as const) {
      for (const kind of ['linear', 'log'] as const) {
        const scale = scaleOver([from, to], kind);
        const ticks = ticksOf(scale, 4);
        expect(ticks.length).toBeGreaterThan(1);
        for (const tick of ticks) expect(scale.place(tick) >= 0 && scale.place(tick) <= 1).toBe(true);
      }
    }
  });
});

describe('lines', () => {
  it('are smoothed without the pull of their start, and over gaps', () => {
    expect(smooth([5, 5, 5], 0.9)).toEqual([5, 5, 5].map((each) => expect.closeTo(each)));
    const calm = smooth([0, Number.NaN, 1], 0.5);
    expect(calm[1]).toBeNaN();
    // (0.5·0.5·0 + 0.5·1) / 0.75
    expect(calm[2]).toBeCloseTo(2 / 3);
    const values = [1, 2];
    expect(smooth(values, 0)).toBe(values);
  });

  it('keep every spike and both ends when points are left out', () => {
    const values = upTo(5000).map((at) => (at === 1234 ? 99 : at === 4321 ? -99 : Math.sin(at)));
    const kept = decimate(upTo(5000), values, scaleExactly(0, 4999), 200);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept.length).toBeLessThanOrEqual(3 * 200 + 2);
    for (const at of [0, 1234, 4321, 4999]) expect(kept).toContain(at);
  });

  it('break where a number is missing, however many points share a column', () => {
    const frame = { across: scaleExactly(0, 4), up: scaleExactly(0, 1), width: 4, height: 1 };
    expect(linePath(upTo(5), [0, 1, Number.NaN, 1, 0], frame)).toBe('M0 1L1 0M3 0L4 1');
    const values = upTo(1000).map((at) => (at === 500 ? Number.NaN : 1));
    const wide = { across: scaleExactly(0, 999), up: scaleExactly(0, 1), width: 50, height: 1 };
    expect(linePath(upTo(1000), values, wide).split('M')).toHaveLength(3);
  });

  it('are read at the last step before', () => {
    const steps = [10, 20, 30];
    expect([9, 10, 19, 20, 31].map((step) => indexAt(steps, step))).toEqual([-1, 0, 0, 1, 2]);
    expect(indexAt([], 5)).toBe(-1);
    const line = {
      which: 'first',
      name: '',
      steps,
      values: [1, 2, 3],
      has: (at: number) => at !== 1,
    } as const;
    expect([undefined, 5, 15, 25, 30, 31].map((cursor) => readAt(line, cursor))).toEqual([
      2,
      undefined,
      0,
      undefined,
      2,
      undefined,
    ]);
  });

  it('are walked by keys, within their steps', () => {
    const across = scaleExactly(1, 1001);
    const press = (key: string, cursor: number | undefined, shiftKey = false) =>
      movedCursor({ key, shiftKey }, cursor, across);
    expect(press('ArrowLeft', undefined)).toBe(991);
    expect(press('ArrowRight', 500)).toBe(510);
    expect(press('ArrowRight', 500, true)).toBe(600);
    expect(press('PageDown', 50)).toBe(1);
    expect(press('Home', 500)).toBe(1);
    expect(press('End', 500)).toBe(1001);
    expect(press('Escape', 500)).toBeUndefined();
    expect(press('a', 500)).toBe('other');
  });
});

it('a table has its ends and no row twice', () => {
  expect(evenly(3, 10)).toEqual([0, 1, 2]);
  const rows = evenly(11, 10);
  expect([rows[0], rows.at(-1), new Set(rows).size]).toEqual([0, 10, 10]);
});

it('a run has diverged from the first step on that all later ones have no loss', () => {
  const run = (total: number[]) =>
    ({ curves: { steps: total.map((_, at) => at + 1), total } }) as unknown as LabRun;
  expect(divergedAt(run([3, 2, 1]))).toBeUndefined();
  expect(divergedAt(run([3, Number.NaN, 1]))).toBeUndefined();
  expect(divergedAt(run([3, Number.NaN, 1, Number.NaN, Number.POSITIVE_INFINITY]))).toBe(4);
  expect(divergedAt(run([]))).toBeUndefined();
});

describe('numbers in words', () => {
  it('have three digits that count', () => {
    expect([0, 1, 12.345, 0.06931, 123.4, 1240.4, -0.5].map(numberText)).toEqual([
      '0',
      '1.00',
      '12.3',
      '0.0693',
      '123',
      '1,240',
      '−0.500',
    ]);
    expect([0.000032, 1e-4, -2.5e7, 9.996].map(numberText)).toEqual([
      '3.2 · 10⁻⁵',
      '10⁻⁴',
      '−2.5 · 10⁷',
      '10.0',
    ]);
    expect([Number.NaN, Number.NEGATIVE_INFINITY].map(numberText)).toEqual(['not a number', '−∞']);
  });

  it('are plain on axes and in settings', () => {
    expect([0.5, 25, 100, 0.07, 1200].map(plainNumber)).toEqual(['0.5', '25', '100', '0.07', '1,200']);
  });

  it('are percent where they are shares', () => {
    expect([0, 0.0039, 0.125, 0.63, 1, Number.NaN].map(percentText)).toEqual([
      '0\u00a0%',
      '0.4\u00a0%',
      '13\u00a0%',
      '63\u00a0%',
      '100\u00a0%',
      'not a number',
    ]);
  });
});

describe('the live formula', () => {
  const run = (weights: Record<string, number>, terms: Record<string, number[]>, total: number[]) =>
    ({
      settings: { ...defaultsOf('vicreg'), objective: { varianceWeight: 0 } },
      weights,
      curves: { steps: [1, 2], total, terms, learned: {}, rate: [] },
    }) as unknown as LabRun;

  it('is the sum that the loss is, with what was changed', () => {
    const weights = { invariance: 25, variance: 0, covariance: 1 };
    const vicreg = run(
      weights,
      { invariance: [1, 0.25], variance: [1, 0.5], covariance: [0, -1] },
      [25, 5.25],
    );
    const equation = equationOf(vicreg);
    expect(
      equation?.addends.map(({ symbol, product, share, isChanged }) => [symbol, product, share, isChanged]),
    ).toEqual([
      ['λ s', 6.25, 6.25 / 7.25, false],
      ['μ v', 0, 0, true],
      ['ν c', -1, 1 / 7.25, false],
    ]);
    expect(equation && equationText(equation)).toBe(
      'At step 2: 5.25 = 25 · 0.250 (Invariance) + 0 · 0.500 (Variance) + −1.00 (Covariance)',
    );
    expect(settingsOf(vicreg).filter(({ changedFrom }) => changedFrom !== undefined)).toMatchObject([
      { id: 'varianceWeight', text: '0', changedFrom: '25' },
    ]);
  });

  it('leaves out terms of another stage, but not those of a loss that is no number', () => {
    const terms = { invariance: [1, 2], covariance: [1, Number.NaN] };
    expect(equationOf(run({}, terms, [2, 2]))).toMatchObject({
      addends: [{ id: 'invariance' }],
      absent: ['Covariance'],
    });
    expect(equationOf(run({}, terms, [2, Number.NaN]))?.addends).toHaveLength(2);
    expect(
      equationOf({ ...run({}, {}, []), curves: { steps: [], total: [], terms: {}, learned: {}, rate: [] } }),
    ).toBeUndefined();
  });
});

it('what was changed is told beside what it was', () => {
  const initial = defaultsOf('simclr');
  expect(changesOf(initial)).toEqual([]);
  expect(
    changesOf({ ...initial, batchSize: 8, seed: 7, views: { ...initial.views, jitter: false } }),
  ).toEqual([
    { what: 'Batch', now: '8', initially: '128' },
    { what: 'Views: color jitter', now: 'off', initially: 'on' },
  ]);
});

describe('what the probes are told', () => {
  it('is which modalities learn from each other', () => {
    const trained = (change: object, recipe: Parameters<typeof defaultsOf>[0]) =>
      probeSettingsOf({ ...defaultsOf(recipe), ...change }, 128).trained;
    expect(trained({}, 'simclr')).toEqual([]);
    expect(trained({}, 'clip')).toEqual([['image', 'text']]);
    expect(trained({ shuffled: true }, 'clip')).toEqual([]);
    expect(
      trained({ modalities: ['image', 'text', 'audio', 'imu'], unbound: ['audio'] }, 'image-bind'),
    ).toEqual([
      ['image', 'text'],
      ['image', 'imu'],
    ]);
  });

  it('is how many dimensions are common, of what the loss sees', () => {
    const decur = { ...defaultsOf('decur'), headWidth: 64, objective: { commonShare: 0.75 } };
    expect(probeSettingsOf(decur, 64).common).toBe(48);
    expect(probeSettingsOf({ ...decur, headWidth: 0, width: 32 }, 32).common).toBe(24);
    // Embeddings alone, without what the head makes of them, have no such parts.
    expect(probeSettingsOf(decur, 128).common).toBeUndefined();
    expect(probeSettingsOf(defaultsOf('vicreg'), 256).common).toBeUndefined();
  });
});

describe('the history of the probes', () => {
  const report = {
    pairs: [{ first: 'image', second: 'text', alignment: 1, gap: 2, correlation: 3, similarities: 4 }],
  } as unknown as ProbeReport;

  it('is by step, each once, without matrices', () => {
    let probes: Probes = NO_PROBES;
    for (const step of [0, 20, 10, 20]) probes = { ...probes, ...addReport(probes, { step, report }) };
    expect(probes.history.map(({ step }) => step)).toEqual([0, 10, 20]);
    expect(probes.history[0]?.report.pairs[0]).toEqual({
      first: 'image',
      second: 'text',
      alignment: 1,
      gap: 2,
    });
    expect(probes.latest).toEqual({ step: 20, report });
  });

  it('keeps both ends, however long it grows', () => {
    let probes: Probes = NO_PROBES;
    for (let step = 0; step <= 1000; step++) probes = { ...probes, ...addReport(probes, { step, report }) };
    const steps = probes.history.map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(200);
    expect([steps[0], steps.at(-1)]).toEqual([0, 1000]);
    expect(new Set(steps).size).toBe(steps.length);
  });
});

describe('matrices', () => {
  const matrix = { size: 3, values: Float32Array.of(1, 0.5, 0, -0.5, 0.5, 0, 0, 0.25, 0.25) };

  it('are told by their diagonal and what is beside it, whole or in a block', () => {
    expect(numbersOf(matrix)).toEqual({ diagonal: 1.75 / 3, beside: 0.25 / 6, besideSize: 1.25 / 6 });
    expect(numbersOf(matrix, 0, 2)).toEqual({ diagonal: 0.75, beside: 0, besideSize: 0.5 });
    expect(numbersOf(matrix, 2, 3).beside).toBeNaN();
  });

  it('say how many rows have their own as the largest, with ties by lot', () => {
    expect(ownIsLargest(matrix)).toBeCloseTo((1 + 1 + 0.5) / 3);
    expect(ownIsLargest({ size: 2, values: new Float32Array(4) })).toBe(0.5);
  });

  it('have colors from −1 to 1, or as wide as their values, but never of no width', () => {
    expect(colorRangeOf(matrix, false)).toEqual({ middle: 0, reach: 1 });
    const { middle, reach } = colorRangeOf(matrix, true);
    expect([middle, reach]).toEqual([0.25 / 6, 1 - 0.25 / 6]);
    expect(colorRangeOf({ size: 2, values: Float32Array.of(1, 1, 1, 1) }, true)).toEqual({
      middle: 0,
      reach: 1,
    });
  });

  it('are walked by keys, within their edges', () => {
    const press = (key: string, row: number, column: number, shiftKey = false) =>
      movedCell({ key, shiftKey }, { row, column }, 20);
    expect(movedCell({ key: 'ArrowDown', shiftKey: false }, undefined, 20)).toEqual({ row: 0, column: 0 });
    expect(press('ArrowDown', 19, 3)).toEqual({ row: 19, column: 3 });
    expect(press('ArrowLeft', 5, 3, true)).toEqual({ row: 5, column: 0 });
    expect(press('End', 5, 3)).toEqual({ row: 5, column: 19 });
    expect(press('PageUp', 5, 3)).toEqual({ row: 0, column: 3 });
    expect(press('Escape', 5, 3)).toBeUndefined();
    expect(press('a', 5, 3)).toBe('other');
  });
});
