import { describe, expect, it } from 'vitest';
import type { PaneSetting } from '../../src/app/compare/setting.ts';
import { type ComparePane, writeCompare, writePane } from '../../src/app/compare/state.ts';
import { Answers } from '../../src/app/measures/answers.ts';
import { answer, type Question } from '../../src/app/measures/ask.ts';
import { coloringOf, paint, type Values } from '../../src/app/measures/coloring.ts';
import { pairNumbers } from '../../src/app/measures/pairs.ts';
import { askHonesty } from '../../src/app/measures/questions.ts';
import { scoresOf } from '../../src/app/measures/scores.ts';
import {
  areMapsNow,
  areMetricsNow,
  type MapSubject,
  subjectOfMap,
  subjectsOfPanes,
} from '../../src/app/measures/subjects.ts';
import { agreementTable, contestedTable, csvOf, honestyTable } from '../../src/app/measures/tables.ts';
import { readApp, writeApp } from '../../src/app/store.ts';
import { measureAgreement } from '../../src/compare/agreement.ts';
import { measureHonesty } from '../../src/compare/measure-honesty.ts';
import { plainTools } from './plain-engine.ts';

const setting: PaneSetting = {
  model: 'embedded',
  space: 'vectors',
  metric: 'cosine',
  projection: 'umap',
  dimensions: 2,
  neighbors: 15,
  minDist: 0.7,
  seed: 42,
};

describe('an answer', () => {
  const question = (key: string, ids: readonly string[], kept: Answers<number>, run: () => Promise<number>) =>
    ({ slot: 'space', key, ids, title: 'Counting', kept, run }) satisfies Question<number>;

  it('is computed once for the same question about the same items, and anew for others', async () => {
    const kept = new Answers<number>(4);
    let runs = 0;
    const run = async () => ++runs;
    expect(await answer(question('cosine', ['a', 'b'], kept, run))).toBe(1);
    expect(await answer(question('cosine', ['a', 'b'], kept, run))).toBe(1);
    expect(await answer(question('cosine', ['a'], kept, run))).toBe(2);
    expect(await answer(question('manhattan', ['a', 'b'], kept, run))).toBe(3);
    expect(await answer(question('cosine', ['a', 'b'], kept, run))).toBe(1);
  });

  it('that failed or was stopped is asked for again', async () => {
    const kept = new Answers<number>(4);
    const fails = question('cosine', ['a'], kept, () => Promise.reject(new Error('no device')));
    await expect(answer(fails)).rejects.toThrow('no device');
    expect(await answer({ ...fails, run: async () => 7 })).toBe(7);
  });

  it('about a map depends on the metric, the space, and the very positions', () => {
    const positions = new Float32Array(6);
    const map: MapSubject = {
      key: 'vectors cosine',
      name: 'The map',
      setting,
      ids: ['a', 'b', 'c'],
      pane: undefined,
      layout: { positions, dimensions: 2 },
    };
    const { key } = askHonesty(map);
    expect(askHonesty({ ...map }).key).toBe(key);
    expect(askHonesty({ ...map, key: 'vectors manhattan' }).key).not.toBe(key);
    const moved = { positions: positions.slice(), dimensions: 2 as const };
    expect(askHonesty({ ...map, layout: moved }).key).not.toBe(key);
  });
});

function pane(id: number, change: Partial<PaneSetting>, ids = ['a', 'b', 'c']): ComparePane {
  const layout = { ids, positions: new Float32Array(ids.length * 2), dimensions: 2 as const };
  return { id, setting: { ...setting, ...change }, progress: { type: 'done' }, layout, shown: layout };
}

describe('what panes are measured as', () => {
  it('is each metric once, of the items that all have, and each map', () => {
    const panes = [
      pane(1, {}),
      pane(2, { projection: 'pca' }),
      pane(3, { metric: 'hamming' }, ['c', 'a', 'd']),
    ];
    const { metrics, ids, maps, settled } = subjectsOfPanes(panes);
    expect(metrics.map(({ name }) => name)).toEqual(['Cosine', 'Hamming']);
    expect(ids).toEqual(['a', 'c']);
    expect(maps.map(({ pane }) => pane)).toEqual([1, 2, 3]);
    expect(maps[1]?.name).toBe('B: Cosine, PCA in 2D');
    expect(settled).toBe(true);
  });

  it('tells spaces apart, and waits for a pane that is not there', () => {
    const waiting: ComparePane = { ...pane(2, { space: 'text' }), progress: { type: 'waiting' } };
    expect(subjectsOfPanes([pane(1, {}), waiting]).settled).toBe(false);
    const { metrics } = subjectsOfPanes([pane(1, {}), pane(2, { space: 'text' })]);
    expect(metrics.map(({ name }) => name)).toEqual(['Cosine (vectors)', 'Cosine (words)']);
  });
});

describe('colors', () => {
  const values = (numbers: readonly number[], telling: 'high' | 'low' = 'high'): Values => ({
    title: 'Disagreement',
    layers: [{ pane: 'all', ids: numbers.map(String), values: Float32Array.from(numbers) }],
    telling,
    ends: ['agree', 'disagree'],
  });
  /** Relative luminance, as WCAG has it but for its gamma. */
  const brightness = (rgba: Uint8Array | undefined, row: number) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, part, c) => sum + part * (rgba?.[row * 4 + c] ?? 0), 0);

  it('run from least to most telling, away from the ground of each theme', () => {
    const light = coloringOf(values([0, 0.5, 1]), 'light')?.layers[0]?.rgba;
    expect(brightness(light, 0)).toBeGreaterThan(brightness(light, 1));
    expect(brightness(light, 1)).toBeGreaterThan(brightness(light, 2));
    const dark = coloringOf(values([0, 0.5, 1]), 'dark')?.layers[0]?.rgba;
    expect(brightness(dark, 2)).toBeGreaterThan(brightness(dark, 1));
    expect(brightness(dark, 1)).toBeGreaterThan(brightness(dark, 0));
    const low = coloringOf(values([0, 0.5, 1], 'low'), 'light')?.layers[0]?.rgba;
    expect(brightness(low, 2)).toBeGreaterThan(brightness(low, 0));
  });

  it('say their scale, leave out the outermost of many, and gray what has no value', () => {
    expect(coloringOf(values([0.2, 0.7]), 'light')).toMatchObject({
      from: Math.fround(0.2),
      to: Math.fround(0.7),
    });
    const many = values([...Array.from({ length: 100 }, (_, i) => i), 1e6]);
    expect(coloringOf(many, 'light')).toMatchObject({ from: 2, to: 98, isPartial: false });
    const partial = coloringOf(values([1, Number.NaN, 2]), 'dark');
    expect(partial?.isPartial).toBe(true);
    expect([...(partial?.layers[0]?.rgba.subarray(4, 7) ?? [])]).toEqual([128, 128, 128]);
    expect(coloringOf(values([Number.NaN]), 'light')).toBeUndefined();
  });

  it('of a map are gone when it is laid out anew, and stay when something else changes', () => {
    const placement = (positions: Float32Array<ArrayBuffer>) =>
      ({ ids: ['a'], positions, dimensions: 2, space: 'vectors' }) as const;
    const first = placement(Float32Array.of(1, 2));
    writeApp({ placement: first });
    const map = subjectOfMap(first);
    paint(values([1]), () => areMapsNow([map]));
    writeApp({ placement: { ...first }, hovered: 'a' });
    expect(readApp().coloring?.title).toBe('Disagreement');
    writeApp({ placement: placement(Float32Array.of(1, 2)) });
    expect(readApp().coloring).toBeUndefined();
  });

  it('of metrics are gone when panes measure otherwise, and not while these are still being made', () => {
    const panes = [pane(1, {}), pane(2, { metric: 'hamming' })];
    writeCompare({ panes });
    writeApp({ comparing: true });
    const { metrics, maps } = subjectsOfPanes(panes);
    paint(values([1]), () => areMetricsNow(metrics));
    writePane(2, { setting: { ...setting, metric: 'dot' }, progress: { type: 'waiting' } });
    expect(readApp().coloring).toBeDefined();
    writePane(2, { setting, progress: { type: 'done' } });
    expect(readApp().coloring).toBeUndefined();
    paint(values([1]), () => areMapsNow(maps));
    writeApp({ comparing: false });
    expect(readApp().coloring).toBeUndefined();
  });

  it('are one where all values are the same', () => {
    const rgba = coloringOf(values([3, 3]), 'light')?.layers[0]?.rgba;
    expect([...(rgba?.subarray(0, 4) ?? [])]).toEqual([...(rgba?.subarray(4) ?? [])]);
  });
});

describe('tables', () => {
  const list = (...indices: number[]) => ({ k: 2, indices: Uint32Array.from(indices) });
  const agreement = measureAgreement(
    [list(1, 2, 0, 2, 3, 0, 2, 1, 3, 2), list(1, 2, 0, 3, 3, 1, 2, 0, 3, 1)],
    [1, 2],
    { k: 2 },
  );
  const names = ['Cosine', 'Manhattan'];

  it('hold the numbers that are shown', () => {
    const [shown] = pairNumbers('share', { agreement }, 2);
    expect(shown?.chance).toBe(0.5);
    const { rows } = agreementTable(names, agreement, undefined);
    expect(rows).toContainEqual(['Cosine', 'Manhattan', 'mean share', 2, shown?.value, 0.5]);
    expect(rows).toHaveLength(5);
    expect(shown?.read({ first: 'Cosine', second: 'Manhattan' })).toContain('Of each item');
    // Too large a size becomes the largest there is.
    expect(pairNumbers('jaccard', { agreement }, 50)[0]?.value).toBe(
      agreement.pairs[0]?.overlaps[1]?.jaccard,
    );
    expect(pairNumbers('kendall', { agreement }, 2)).toEqual([]);
  });

  it('leave as CSV whatever an item is called', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const csv = csvOf(contestedTable(agreement, ids, (id) => (id === 'a' ? 'a "big", red\nbus' : id)));
    expect(csv.startsWith('id,name,disagreement\r\n')).toBe(true);
    expect(csv).toContain('a,"a ""big"", red\nbus",0\r\n');
    const worst = csv.split('\r\n')[1]?.split(',');
    expect(Number(worst?.[2])).toBe(Math.max(...agreement.disagreement));
  });
});

describe('scores of a map', () => {
  it('stand beside those of PCA and of a random map', async () => {
    const n = 40;
    const positions = Float32Array.from({ length: n * 2 }, (_, at) => Math.sin(at * at));
    const shuffled = Float32Array.from({ length: n * 2 }, (_, at) => Math.cos(at * 7.3 * at));
    const honesty = await measureHonesty(plainTools(), {
      set: { vectors: positions, dimension: 2 },
      options: { metric: 'euclidean' },
      maps: [
        { positions: shuffled, dimensions: 2 },
        { positions, dimensions: 2 },
      ],
    });
    const scores = scoresOf(honesty, 15);
    expect(scores.map(({ label }) => label)).toEqual([
      'Trustworthiness @15',
      'Continuity @15',
      'Neighbors kept @15',
      'Neighbors kept @19',
      'Pearson of distances',
      'Spearman of distances',
      'Triplet accuracy',
    ]);
    for (const { pca, value, random } of scores) {
      expect(pca).toBeCloseTo(1, 6);
      expect(Math.abs(value - random)).toBeLessThan(0.25);
    }
    const { rows } = honestyTable([{ name: 'The map', ids: [], honesty }], 15);
    expect(rows.map((row) => row[2])).toEqual(scores.map(({ value }) => value));
    expect(scoresOf({ ...honesty, maps: [] }, 15)).toEqual([]);
  });
});
