import { describe, expect, it } from 'vitest';
import { Costs, stepsOf } from '../../src/app/compare/costs.ts';
import { Kept } from '../../src/app/compare/kept.ts';
import { type Known, planOf } from '../../src/app/compare/plan.ts';
import { checkLayout, type PaneSetting } from '../../src/app/compare/setting.ts';
import { varianceSentences, varianceText } from '../../src/app/compare/variance-words.ts';
import { mapSettings, varianceOf, varianceRecord } from '../../src/app/map-settings.ts';
import { DEFAULT_SETTINGS } from '../../src/app/store.ts';

const setting: PaneSetting = {
  model: 'embedded',
  space: 'joint',
  metric: 'cosine',
  projection: 'umap',
  dimensions: 2,
  neighbors: 15,
  minDist: 0.7,
  seed: 42,
};

const unknown: Known = { n: 1000, dimension: 512, layout: false, neighbors: false, unembedded: 0 };

describe('the time of a layout', () => {
  it('is what its parts took last, by how much there is to do', () => {
    const costs = new Costs();
    const small = stepsOf(setting, 1000, 512);
    expect(costs.estimate(small)).toBeUndefined();
    for (const step of small) costs.record(step, 900);
    for (const step of small) costs.record(step, step.name === 'umap' ? 4000 : 500);
    expect(costs.estimate(small)).toBeCloseTo(4.5, 9);
    // Twice the items: four times the distances, twice the map of as many epochs.
    expect(costs.estimate(stepsOf(setting, 2000, 512))).toBeCloseTo(2 + 8, 9);
    // Twice the neighbors: the same distances, twice the edges.
    expect(costs.estimate(stepsOf({ ...setting, neighbors: 30 }, 1000, 512))).toBeCloseTo(0.5 + 8, 9);
  });

  it('of scaling grows with the cube of what is scaled, and is not told from far less', () => {
    const costs = new Costs();
    const scaling = { ...setting, projection: 'scaling' as const };
    for (const step of stepsOf(scaling, 500, 64)) costs.record(step, step.name === 'scaling' ? 300 : 0);
    expect(costs.estimate(stepsOf(scaling, 1000, 64))).toBeCloseTo(2.4, 9);
    expect(costs.estimate(stepsOf(scaling, 2000, 64))).toBeUndefined();
    // Landmarks do not get more with the items.
    expect(costs.estimate(stepsOf(scaling, 10_000, 64, 500))).toBeCloseTo(0.3, 9);
  });
});

describe('what a change would compute', () => {
  const plan = (change: Partial<PaneSetting>, known: Partial<Known> = {}, costs = new Costs()) =>
    planOf(setting, { ...setting, ...change }, { ...unknown, ...known }, costs);

  it.each<[Partial<PaneSetting>, Partial<Known>, string]>([
    [{ metric: 'manhattan' }, {}, '15 nearest by Manhattan, then 500 epochs'],
    [{ seed: 7 }, { neighbors: true }, '500 epochs; the 15 nearest by Cosine are known'],
    [{ neighbors: 50 }, { n: 20 }, '19 nearest by Cosine, then 500 epochs'],
    [{ seed: 7 }, { n: 10_000 }, '15 nearest by Cosine, then 200 epochs'],
    [{ projection: 'pca', dimensions: 3 }, {}, '3 principal directions of 1,000 items in 512 dimensions'],
    [
      { projection: 'scaling', metric: 'hamming' },
      { n: 2000 },
      'all distances of 2,000 items by Hamming, then their directions',
    ],
    [
      { projection: 'scaling' },
      { n: 2001 },
      'distances by Cosine from 500 landmarks to 2,001 items, then their directions; above 2,000 items the others are placed by the landmarks',
    ],
  ])('%j of %j: %s', (change, known, text) => {
    expect(plan(change, known)).toEqual({
      type: 'compute',
      text: `Will compute: ${text} (not timed on this device yet).`,
    });
  });

  it('comes with the time, of what is not known already', () => {
    const costs = new Costs();
    for (const step of stepsOf(setting, 1000, 512)) costs.record(step, step.name === 'umap' ? 4000 : 6000);
    expect(plan({ seed: 1 }, {}, costs).text).toMatch(/\(about 10 s, from the last layout's time/);
    expect(plan({ seed: 1 }, { neighbors: true }, costs).text).toMatch(/\(about 4 s, /);
  });

  it('is nothing where the map is the same or was made before, and is refused where there is none', () => {
    expect(plan({}).type).toBe('same');
    expect(plan({ seed: 7 }, { layout: true })).toEqual({
      type: 'kept',
      text: 'Kept from before: shown at once.',
    });
    expect(plan({ projection: 'scaling', metric: 'dot' }, { layout: true })).toEqual({
      type: 'refused',
      text: 'Classical scaling needs distances, and the dot product is a similarity. Take another metric, or PCA.',
    });
    expect(() => checkLayout({ projection: 'scaling', metric: 'dot' })).toThrow(RangeError);
    expect(() => checkLayout({ projection: 'pca', metric: 'dot' })).not.toThrow();
    const pca = { ...setting, projection: 'pca' as const };
    expect(planOf(pca, { ...pca, metric: 'hamming', seed: 3 }, unknown, new Costs()).type).toBe('same');
  });

  it('tells of a model that has not seen the items', () => {
    expect(plan({ model: 'other' }, { unembedded: 12 }).text).toBe(
      'The model has not seen 12 items yet: the pane will offer to embed them first.',
    );
  });
});

describe('variance in words', () => {
  it('is the sum, and each direction', () => {
    expect(varianceText({ explained: [0.414, 0.207] })).toBe('62 % of the variance in 2 directions');
    expect(varianceSentences({ explained: [0.414, 0.207] })).toBe(
      '62 % of the variance in 2 directions (41 %, 21 %).',
    );
    expect(varianceText({})).toBeUndefined();
    expect(varianceText({ explained: [0.003, 0.001, 0] })).toBe('under 1 % of the variance in 3 directions');
  });

  it('says what no map can show, and of how many landmarks it tells', () => {
    const sentences = varianceSentences({ explained: [0.5, 0.1], negativeShare: 0.24, landmarks: 500 });
    expect(sentences).toMatch(/24 % of what the distances hold .* no map can show it/);
    expect(sentences).toMatch(/Only 500 landmarks were scaled/);
    expect(varianceSentences({ explained: [0.5, 0.1], negativeShare: 1e-5 })).toMatch(/flat space/);
  });

  it('is remembered with the map', () => {
    for (const variance of [
      {},
      { explained: [0.25, 1 / 3] },
      { explained: [1, 0], negativeShare: 0.1, landmarks: 500 },
    ]) {
      expect(varianceOf(varianceRecord(variance))).toEqual(variance);
    }
    expect(varianceOf({ explained: 'a lot' })).toEqual({});
  });
});

it('maps remember how they were projected; those of before were all made by UMAP', () => {
  const record = { ...DEFAULT_SETTINGS };
  expect(mapSettings({ ...record, projection: 'scaling' })?.projection).toBe('scaling');
  const { projection: _, ...old } = record;
  expect(mapSettings(old)).toEqual(DEFAULT_SETTINGS);
  expect(mapSettings({ ...record, projection: 'tsne' })?.projection).toBe('umap');
});

describe('what is kept', () => {
  it('is found by the first of the items: the longest beginning', () => {
    const kept = new Kept<number>(9);
    kept.set('a', ['x'], 1);
    kept.set('a', ['x', 'y'], 2);
    kept.set('a', ['y'], 3);
    kept.set('b', ['x', 'y', 'z'], 4);
    expect(kept.startOf('a', ['x', 'y', 'z'])).toMatchObject({ ids: ['x', 'y'], value: 2 });
    kept.delete('a', ['x', 'y']);
    expect(kept.startOf('a', ['x', 'y', 'z'])?.value).toBe(1);
    expect(kept.startOf('a', ['z'])).toBeUndefined();
    kept.clear();
    expect(kept.startOf('b', ['x', 'y', 'z'])).toBeUndefined();
  });

  it('is the latest of one key and items, and takes the room of one', () => {
    const kept = new Kept<number>(2);
    kept.set('b', ['x'], 0);
    kept.set('a', ['x'], 1);
    kept.set('a', ['x'], 2);
    expect(kept.get('a', ['x'])).toBe(2);
    expect(kept.get('b', ['x'])).toBe(0);
  });
});
