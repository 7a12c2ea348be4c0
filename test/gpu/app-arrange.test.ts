import { beforeAll, expect, test } from 'vitest';
import { addVectors } from '../../src/app/commands/add-vectors.ts';
import { arrange, changeSettings, isArranging, layout } from '../../src/app/commands/arrange.ts';
import { clear } from '../../src/app/commands/remove.ts';
import { readApp, writeApp } from '../../src/app/store.ts';
import { normalSet } from './metric-data.ts';

const ROWS = 60;
const DIMENSION = 4;
/** Distance between the first and the last item: it is the same for maps that differ by a turn only. */
function span(positions: ArrayLike<number> | undefined): number {
  const at = (index: number) => positions?.[index] ?? Number.NaN;
  const last = (ROWS - 1) * 2;
  return Math.hypot(at(0) - at(last), at(1) - at(last + 1));
}

beforeAll(async () => {
  await clear();
  await addVectors({ vectors: normalSet(1, ROWS, DIMENSION).vectors, dimension: DIMENSION });
});

test('a wish that a newer one replaced ends with the newer one, and a fresh map is still made', async () => {
  const { positions } = await layout({ seed: 7 });
  const wanted = span(positions);
  await layout({ seed: 8 });
  writeApp((state) => ({ settings: { ...state.settings, seed: 7 } }));
  const fresh = arrange({ fresh: true });
  const newer = arrange();
  await fresh;
  expect(isArranging()).toBe(false);
  expect(readApp().settling).toBe(false);
  expect(span(readApp().placement?.positions)).toBeCloseTo(wanted, 3);
  await newer;
});

test("a script's layout is not replaced, and what was asked for after it comes after it", async () => {
  const scripted = layout({ seed: 9 });
  const more = addVectors({ vectors: normalSet(2, 3, DIMENSION).vectors, dimension: DIMENSION });
  expect((await scripted).ids).toHaveLength(ROWS);
  await more;
  expect(readApp().placement?.ids).toHaveLength(ROWS + 3);
});

test('PCA and Euclidean scaling are one map, which says what it shows and is made anew when items come', async () => {
  const pca = await layout({ method: 'pca' });
  const scaled = await layout({ method: 'scaling', metric: 'euclidean' });
  expect(readApp().settings.projection).toBe('scaling');
  expect(span(scaled.positions)).toBeCloseTo(span(pca.positions), 2);
  expect(scaled.explained?.map((share) => share.toFixed(3))).toEqual(
    pca.explained?.map((share) => share.toFixed(3)),
  );
  expect(scaled.negativeShare).toBeLessThan(0.005);
  await addVectors({ vectors: normalSet(3, 2, DIMENSION).vectors, dimension: DIMENSION });
  const grown = readApp().placement;
  expect(grown?.ids).toHaveLength(pca.ids.length + 2);
  expect((await layout()).positions).toEqual(grown?.positions);
  await expect(layout({ metric: 'dot' })).rejects.toThrow('Classical scaling needs distances');
  expect(readApp().settings.metric).toBe('euclidean');
});

test('going back to how the map was made shows the very same, also where it had grown', async () => {
  await layout({ method: 'umap', seed: 5 });
  await addVectors({ vectors: normalSet(4, 2, DIMENSION).vectors, dimension: DIMENSION });
  const grown = readApp().placement;
  await changeSettings({ projection: 'pca' });
  expect(readApp().placement?.explained).toHaveLength(2);
  await changeSettings({ projection: 'umap' });
  expect(readApp().placement).toBe(grown);
  await expect(changeSettings({ projection: 'scaling', metric: 'dot' })).rejects.toThrow(RangeError);
  expect(readApp().settings.projection).toBe('umap');
});
