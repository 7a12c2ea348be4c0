/** What can be done with the distance matrix: buttons, keys and `window.nearfield` call the same functions. */
import { isAbort, type Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import { select } from '../commands/select.ts';
import type { MatrixRequest } from '../handle.ts';
import { readApp, useApp, writeApp } from '../store.ts';
import { distancesAt, distancesInOrder, forgetMatrix, makeMatrix } from './make.ts';
import { labelTable } from './order.ts';
import { type MatrixSetting, readMatrix, writeMatrix } from './state.ts';

export async function toggleMatrix(): Promise<void> {
  if (readApp().matrix) endMatrix();
  else await startMatrix();
}

async function startMatrix(): Promise<void> {
  const { setting } = readMatrix();
  const labelled = readApp().labels !== undefined;
  if (setting.order === 'label' && !labelled) writeMatrix({ setting: { ...setting, order: 'cluster' } });
  await show({});
}

export function endMatrix(): void {
  writeApp({ matrix: false, hovered: undefined, paired: undefined });
  forgetMatrix();
}

async function show(job: Job) {
  if (readApp().comparing) (await import('../compare/commands.ts')).endCompare();
  writeApp({ matrix: true, hovered: undefined, paired: undefined });
  watchItems();
  return makeMatrix(job);
}

export function changeMatrix(change: Partial<MatrixSetting>): void {
  writeMatrix(({ setting }) => ({ setting: possible({ ...setting, ...change }) }));
  void makeMatrix();
}

/** Ward's linkage presumes Euclidean distances. */
function possible(setting: MatrixSetting): MatrixSetting {
  const isFree = setting.linkage !== 'ward' || setting.metric === 'euclidean';
  return isFree ? setting : { ...setting, linkage: 'average' };
}

/** Makes the matrix that was stopped or that failed. */
export function retryMatrix(): void {
  void makeMatrix();
}

/** Looks at a cell: its items are marked on the map, and its distances are read. */
export async function lookAt(cell: { readonly row: number; readonly column: number } | null): Promise<void> {
  const { shown } = readMatrix();
  if (!cell || !shown) {
    writeMatrix({ looked: undefined });
    writeApp({ hovered: undefined, paired: undefined });
    return;
  }
  const { row, column } = cell;
  writeMatrix({ looked: { row, column, distances: undefined } });
  const paired = row === column ? undefined : shown.ids[column];
  writeApp({ hovered: shown.ids[row], paired });
  const distances = await distancesAt(shown, row, column).catch((error: unknown) => {
    // The matrix was left meanwhile, or what replaces it will say why.
    if (!isAbort(error)) console.warn(error);
    return undefined;
  });
  const { looked } = readMatrix();
  if (readMatrix().shown === shown && looked?.row === row && looked.column === column)
    writeMatrix({ looked: { row, column, distances } });
}

/** Selects the items at these places of the order. */
export function selectPlaces(places: readonly number[], additive: boolean): void {
  const { shown } = readMatrix();
  const ids = places.map((place) => shown?.ids[place]).filter((id) => id !== undefined);
  select([...new Set([...(additive ? readApp().selection : []), ...ids])]);
}

let watching = false;

/** What the matrix was made of changes it, a moment after the last change. */
function watchItems(): void {
  if (watching) return;
  watching = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  useApp.subscribe((state, before) => {
    if (!state.matrix) return;
    if (state.count === 0 || state.comparing) return endMatrix();
    const { setting } = readMatrix();
    const labels = setting.order === 'label' && state.labels !== before.labels;
    if (labels && !state.labels) writeMatrix({ setting: { ...setting, order: 'added' } });
    const moved =
      state.revision !== before.revision ||
      labels ||
      (setting.order === 'map' && state.placement !== before.placement) ||
      (setting.space === 'map' && state.settings.space !== before.settings.space);
    if (!moved) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (readApp().matrix) void makeMatrix();
    }, 200);
  });
}

/** For scripts: shows the matrix, and gives its distances as they are shown. What is not told is as on the page. */
export async function matrix({
  metric,
  other,
  order,
  space,
  signal,
  onProgress,
}: MatrixRequest = {}): Promise<{ ids: Id[]; distances: Float32Array }> {
  signal?.throwIfAborted();
  if (order === 'label') labelTable();
  const { setting } = readMatrix();
  const showing = other === undefined ? 'one' : setting.showing === 'one' ? 'triangles' : setting.showing;
  writeMatrix({
    setting: possible({
      ...setting,
      metric: metric ?? setting.metric,
      other: other ?? setting.other,
      showing,
      order: order ?? setting.order,
      space: space ?? 'map',
    }),
  });
  const shown = await show({ signal, onProgress });
  signal?.throwIfAborted();
  if (shown) return { ids: [...shown.ids], distances: await distancesInOrder(shown, { signal }) };
  const { progress } = readMatrix();
  if (progress.type === 'failed') throw new Error(progress.reason);
  throw new DOMException('The matrix was stopped before it was there.', 'AbortError');
}
