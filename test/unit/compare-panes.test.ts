import { describe, expect, it } from 'vitest';
import { alignTo, createAligner, placesOn } from '../../src/app/compare/align-layouts.ts';
import { Kept } from '../../src/app/compare/kept.ts';
import { columnNote, nameAmong } from '../../src/app/compare/pane-names.ts';
import {
  layoutKey,
  neighborsKey,
  type PaneLayout,
  type PaneSetting,
  PRESETS,
} from '../../src/app/compare/setting.ts';
import { compareLists } from '../../src/app/compare/shared.ts';
import { knownKey, modelIsNow, onOtherVersion } from '../../src/app/model-versions.ts';

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

describe('what a pane is called', () => {
  const namesOf = (changes: readonly Partial<PaneSetting>[]) => {
    const panes = changes.map((change): PaneSetting => ({ ...setting, ...change }));
    return {
      names: panes.map((pane) => nameAmong(pane, panes)),
      notes: panes.map((pane) => columnNote(pane, panes)),
    };
  };

  it('is its metric, projection and dimensions, where those tell panes apart', () => {
    expect(namesOf([{}, { metric: 'hamming' }])).toEqual({
      names: ['Cosine, UMAP in 2D', 'Hamming, UMAP in 2D'],
      notes: ['', ''],
    });
    expect(namesOf([{ projection: 'pca' }, { projection: 'pca', dimensions: 3 }])).toEqual({
      names: ['Cosine, PCA in 2D', 'Cosine, PCA in 3D'],
      notes: ['PCA 2D', 'PCA 3D'],
    });
  });

  it('is also whatever else it has otherwise, and nothing that its map does not depend on', () => {
    expect(namesOf([{ neighbors: 5 }, { seed: 7, neighbors: 50 }, { projection: 'pca', seed: 9 }])).toEqual({
      names: [
        'Cosine, UMAP in 2D, 5 neighbors, seed 42',
        'Cosine, UMAP in 2D, 50 neighbors, seed 7',
        'Cosine, PCA in 2D',
      ],
      notes: ['UMAP 2D, 5 neighbors, seed 42', 'UMAP 2D, 50 neighbors, seed 7', 'PCA 2D'],
    });
    expect(namesOf([{ minDist: 0.1 }, {}]).notes).toEqual(['minimal distance 0.1', 'minimal distance 0.7']);
  });

  it('says the space and the model, with its owner where two models are called the same', () => {
    const { notes } = namesOf([{ model: 'embedded' }, { model: 'one/clip' }, { space: 'picture' }]);
    expect(notes).toEqual([
      'pictures and words, Embedded model',
      'pictures and words, clip',
      'pictures, Embedded model',
    ]);
    expect(namesOf([{ model: 'one/clip' }, { model: 'two/clip' }]).notes).toEqual(['one/clip', 'two/clip']);
    const ready = { space: 'vectors' as const };
    expect(namesOf([ready, { ...ready, model: 'one/clip', metric: 'dot' }]).notes).toEqual(['', '']);
  });
});

describe('what a layout depends on', () => {
  it.each([
    { model: 'other' },
    { space: 'text' as const },
    { metric: 'hamming' as const },
    { projection: 'pca' as const },
    { projection: 'scaling' as const },
    { dimensions: 3 as const },
    { neighbors: 5 },
    { minDist: 0.1 },
    { seed: 1 },
  ])('$model$space$metric$projection$dimensions$neighbors$minDist$seed', (change) => {
    expect(layoutKey({ ...setting, ...change })).not.toBe(layoutKey(setting));
  });

  it('is not the metric, the neighbors or the seed under PCA, but the space and the dimensions', () => {
    const pca: PaneSetting = { ...setting, projection: 'pca' };
    expect(layoutKey({ ...pca, metric: 'hamming', neighbors: 5, minDist: 0, seed: 7 })).toBe(layoutKey(pca));
    expect(layoutKey({ ...pca, dimensions: 3 })).not.toBe(layoutKey(pca));
    expect(layoutKey({ ...pca, space: 'text' })).not.toBe(layoutKey(pca));
  });

  it('is the metric under scaling, but no neighbors and no seed', () => {
    const scaling: PaneSetting = { ...setting, projection: 'scaling' };
    expect(layoutKey({ ...scaling, neighbors: 5, minDist: 0, seed: 7 })).toBe(layoutKey(scaling));
    expect(layoutKey({ ...scaling, metric: 'hamming' })).not.toBe(layoutKey(scaling));
  });

  it('is not the model where vectors came ready-made', () => {
    const ready: PaneSetting = { ...setting, space: 'vectors' };
    expect(layoutKey({ ...ready, model: 'other' })).toBe(layoutKey(ready));
  });

  it('is the version of the model, where that makes the vectors', () => {
    const small: PaneSetting = { ...setting, model: 'owner/small' };
    const ready: PaneSetting = { ...small, space: 'vectors' };
    const heard: string[] = [];
    const end = onOtherVersion((model) => heard.push(model));
    modelIsNow('owner/small', 'float32');
    const [before, beside] = [layoutKey(small), layoutKey(setting)];
    modelIsNow('owner/small', 'int8');
    expect(knownKey('owner/small')).toBe('int8');
    expect(layoutKey(small)).not.toBe(before);
    expect(neighborsKey(small)).not.toBe(neighborsKey({ ...small, model: 'owner/other' }));
    expect([layoutKey(setting), layoutKey(ready)]).toEqual([beside, layoutKey({ ...ready, model: 'other' })]);
    modelIsNow('owner/small', 'float32');
    modelIsNow('owner/small', 'float32');
    end();
    modelIsNow('owner/small', 'float16');
    expect(heard).toEqual(['owner/small', 'owner/small']);
    modelIsNow('owner/small', 'float32');
    expect(layoutKey(small)).toBe(before);
  });

  it('shares its neighbors with layouts that only settle otherwise', () => {
    const other: PaneSetting = { ...setting, dimensions: 3, minDist: 0, seed: 7 };
    expect(neighborsKey(other)).toBe(neighborsKey(setting));
    expect(neighborsKey({ ...setting, neighbors: 5 })).not.toBe(neighborsKey(setting));
  });
});

it('the four metrics are four panes that differ in nothing else', () => {
  const panes = PRESETS.metrics({ ...setting, seed: 7 });
  expect(panes.map(({ metric }) => metric)).toEqual(['cosine', 'euclidean', 'manhattan', 'hamming']);
  for (const pane of panes) expect({ ...pane, metric: 'cosine' }).toEqual({ ...setting, seed: 7 });
});

it('presets vary what they say, under the projection that knows it', () => {
  const from: PaneSetting = { ...setting, projection: 'pca' };
  const scaling: PaneSetting = { ...setting, projection: 'scaling' };
  expect(PRESETS.metrics(from).every(({ projection }) => projection === 'umap')).toBe(true);
  expect(PRESETS.metrics(scaling).every(({ projection }) => projection === 'scaling')).toBe(true);
  expect(PRESETS.projections(from).map(({ projection }) => projection)).toEqual(['pca', 'scaling', 'umap']);
  expect(PRESETS.neighbors(from)).toEqual([5, 15, 50].map((neighbors) => ({ ...setting, neighbors })));
  expect(PRESETS.seeds(from)).toEqual([42, 43, 44].map((seed) => ({ ...setting, seed })));
});

describe('results that are kept', () => {
  it('are found by their key and the very items, in their order', () => {
    const kept = new Kept<string>(3);
    kept.set('a', ['x', 'y'], 'first');
    expect(kept.get('a', ['x', 'y'])).toBe('first');
    expect(kept.get('b', ['x', 'y'])).toBeUndefined();
    expect(kept.get('a', ['y', 'x'])).toBeUndefined();
    expect(kept.get('a', ['x'])).toBeUndefined();
  });

  it('give way when there are too many, the one not asked for for longest first', () => {
    const kept = new Kept<number>(2);
    kept.set('a', ['x'], 1);
    kept.set('b', ['x'], 2);
    kept.get('a', ['x']);
    kept.set('c', ['x'], 3);
    expect(kept.get('a', ['x'])).toBe(1);
    expect(kept.get('b', ['x'])).toBeUndefined();
    expect(kept.get('c', ['x'])).toBe(3);
  });
});

const IDS = ['a', 'b', 'c', 'd'];
const SHAPE = [-4, -1, 5, -2, 3, 6, -3, 2];

/** The shape turned by an angle, mirrored and moved. */
function turned(angle: number, mirror: boolean, dx: number, dy: number): PaneLayout {
  const positions = new Float32Array(SHAPE.length);
  for (let at = 0; at < SHAPE.length; at += 2) {
    const x = (SHAPE[at] ?? 0) * (mirror ? -1 : 1);
    const y = SHAPE[at + 1] ?? 0;
    positions[at] = x * Math.cos(angle) - y * Math.sin(angle) + dx;
    positions[at + 1] = x * Math.sin(angle) + y * Math.cos(angle) + dy;
  }
  return { ids: IDS, positions, dimensions: 2 };
}

const plain = turned(0, false, 0, 0);

function expectNear(positions: Float32Array | undefined, wanted: ArrayLike<number>): void {
  expect(positions?.length).toBe(wanted.length);
  // f32 places of a few units, turned twice.
  positions?.forEach((value, at) => {
    expect(value).toBeCloseTo(wanted[at] ?? Number.NaN, 4);
  });
}

describe('panes that are aligned', () => {
  it('a pane that is only turned, mirrored and moved lies like the first', () => {
    expectNear(alignTo(turned(2, true, 7, -3), plain).positions, SHAPE);
  });

  it('finds its items by id, whatever their order, and goes by those that both have', () => {
    const other = turned(1, false, 2, 2);
    const mixed: PaneLayout = {
      ...other,
      ids: ['d', 'x', 'b', 'a', 'c'],
      positions: Float32Array.from(
        [3, 7, 1, 0, 2].flatMap((row) =>
          row === 7 ? [50, 50] : [...other.positions.subarray(row * 2, row * 2 + 2)],
        ),
      ),
    };
    const aligned = alignTo(mixed, plain);
    const places = placesOn({ ids: IDS, dimensions: 2 }, aligned);
    expectNear(places, SHAPE);
  });

  it('a plane lies in the middle of space, and space is seen from the plane', () => {
    expect([...placesOn({ ids: ['b', 'z'], dimensions: 3 }, plain)]).toEqual([5, -2, 0, NaN, NaN, NaN]);
    const space: PaneLayout = {
      ids: IDS,
      positions: Float32Array.from(
        [0, 1, 2, 3].flatMap((row) => [0, SHAPE[row * 2] ?? 0, SHAPE[row * 2 + 1] ?? 0]),
      ),
      dimensions: 3,
    };
    const aligned = alignTo(space, plain);
    expectNear(placesOn({ ids: IDS, dimensions: 2 }, aligned), SHAPE);
  });

  it('all follow the first that is there, it follows the frame, and nothing is done twice', () => {
    const alignAll = createAligner();
    const first = turned(1, false, 3, 3);
    const second = turned(2, true, 0, 0);
    const before = alignAll([undefined, first, second], plain);
    expect(before[0]).toBeUndefined();
    for (const layout of before.slice(1)) expectNear(layout?.positions, SHAPE);
    const again = alignAll([undefined, first, second], plain);
    expect(again[1]).toBe(before[1]);
    expect(again[2]).toBe(before[2]);
    const unframed = alignAll([first, second], undefined);
    expect(unframed[0]).toBe(first);
    expectNear(unframed[1]?.positions, first.positions);
  });
});

describe('lists side by side', () => {
  it('say what is in all of them, in several, and in one', () => {
    const { sharingOf } = compareLists([
      ['a', 'b', 'c'],
      ['b', 'a', 'd'],
      ['a', 'e', 'b'],
    ]);
    expect(['a', 'b', 'c', 'd', 'e'].map(sharingOf)).toEqual(['all', 'all', 'one', 'one', 'one']);
    const three = compareLists([['a'], ['b'], ['a']]);
    expect(three.sharingOf('a')).toBe('some');
  });

  it('link the same item in neighboring lists, and no others', () => {
    const { links } = compareLists([
      ['a', 'b'],
      ['c', 'a'],
      ['b', 'c'],
    ]);
    expect(links).toEqual([[{ id: 'a', left: 0, right: 1 }], [{ id: 'c', left: 0, right: 1 }]]);
  });

  it('do not count a pane that has none', () => {
    const { sharingOf, links } = compareLists([['a'], undefined, ['a']]);
    expect(sharingOf('a')).toBe('all');
    expect(links).toEqual([[], []]);
  });

  it('of one pane is its own', () => {
    expect(compareLists([['a']]).sharingOf('a')).toBe('one');
  });
});
