/** What a map stands on, as CSV. */
import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import type { Id } from '../../data/item.ts';
import { BYTE_ORDER_MARK, type Cell, csvPieces, float32Text } from '../../export/csv.ts';
import { catalogue } from '../../metrics/catalogue.ts';
import type { MetricId } from '../../metrics/engine.ts';
import { membersOf } from '../compare/members.ts';
import type { PaneSetting } from '../compare/setting.ts';
import { distancesInOrder } from '../matrix/make.ts';
import { metricsOf, type ShownMatrix } from '../matrix/state.ts';
import { engine } from '../services.ts';
import { readApp } from '../store.ts';
import { count } from '../words.ts';
import { type ExportedMap, kindOf, labelOf, nameOf, shownValue } from './subject.ts';

export interface TableOptions extends Job {
  /** Neighbors of each item; 15 unless told. */
  readonly k?: number | undefined;
  /** That of each map unless told. */
  readonly metric?: MetricId | undefined;
  /** Begins with the byte order mark that Excel wants. */
  readonly bom?: boolean | undefined;
  /** Whether a text that a spreadsheet would take for a formula stands behind an apostrophe. */
  readonly guard?: boolean | undefined;
}

const NEIGHBORS = 15;
/** A matrix of so many has four million fields, about 40 MB. */
const MOST_IN_MATRIX = 2_000;

/** A row for each item of each map. */
export async function exportPositions(maps: readonly ExportedMap[], options: TableOptions): Promise<Blob> {
  const inSpace = maps.some(({ layout }) => layout.dimensions === 3);
  const label = labelOf();
  const measure = readApp().coloring?.title;
  const colored = measure === undefined ? [] : [measure];
  const columns = [
    'id',
    'name',
    'kind',
    'label',
    'label share',
    ...colored,
    'x',
    'y',
    ...(inSpace ? ['z'] : []),
  ];
  return csvBlob(paneColumns(maps, columns), options, function* () {
    for (const map of maps) {
      const { ids, positions, dimensions } = map.layout;
      const value = shownValue(map);
      for (const [row, id] of ids.entries()) {
        const place = [...positions.subarray(row * dimensions, (row + 1) * dimensions)].map(float32Text);
        const likeliest = label(id);
        const share = likeliest && float32Text(likeliest.share);
        const shown = colored.map(() => value && float32Text(value(id)));
        yield paneCells(maps, map, [id, nameOf(id), kindOf(id), likeliest?.label, share, ...shown, ...place]);
      }
    }
  });
}

/** A row for each item and each of its k nearest, exact, nearest first; panes that measure alike are one. */
export async function exportNeighbors(maps: readonly ExportedMap[], options: TableOptions): Promise<Blob> {
  const found: (readonly Cell[])[] = [];
  for (const setting of measuredOnce(maps, options.metric)) {
    const { metric, space, model } = setting;
    const { ids, set } = await membersOf(setting);
    const k = Math.min(options.k ?? NEIGHBORS, ids.length - 1);
    if (k < 1) throw new RangeError('Neighbors need two items in the space, and there is one. Add another.');
    const { indices, distances } = await (await engine()).neighbors(set, { metric, k }, options);
    const turn = makeTurns(options.signal);
    for (let at = 0; at < indices.length; at++) {
      await turn();
      const id = ids[Math.floor(at / k)] ?? '';
      const other = ids[indices[at] ?? 0] ?? '';
      const where = [metric, space, space === 'vectors' ? '' : model];
      const distance = float32Text(distances[at] ?? Number.NaN);
      found.push([...where, id, nameOf(id), (at % k) + 1, other, nameOf(other), distance]);
    }
  }
  const measure = ['metric', 'space', 'model'];
  const columns = [...measure, 'id', 'name', 'rank', 'neighbor id', 'neighbor name', 'distance'];
  return csvBlob(columns, options, () => found);
}

/** All distances, a row and a column for each item; of several panes one matrix below the other. */
export async function exportDistances(maps: readonly ExportedMap[], options: TableOptions): Promise<Blob> {
  const matrices: {
    readonly metric: MetricId;
    readonly ids: readonly Id[];
    readonly distances: Float32Array;
  }[] = [];
  for (const setting of measuredOnce(maps, options.metric)) {
    const { metric } = setting;
    const { ids, set } = await membersOf(setting);
    checkMatrixSize(ids.length);
    const distances = await (await engine()).distances(set, { metric }, options);
    matrices.push({ metric, ids, distances });
  }
  const [first] = matrices;
  const same = matrices.every(
    ({ ids }) => ids.length === first?.ids.length && ids.every((id, at) => id === first.ids[at]),
  );
  if (!same)
    throw new RangeError(
      'The panes are of different items, which fit no one table. Export one pane at a time.',
    );
  return matrixBlob(first?.ids ?? [], matrices, options);
}

/** The matrix on the page, in its order; of two metrics one matrix below the other. */
export async function exportShownMatrix(shown: ShownMatrix, options: TableOptions): Promise<Blob> {
  const { ids, setting } = shown;
  checkMatrixSize(ids.length);
  const [metric = setting.metric, other] = metricsOf(setting);
  const matrices = [{ metric, distances: await distancesInOrder(shown, options) }];
  if (other) matrices.push({ metric: other, distances: await distancesInOrder(shown, options, 1) });
  return matrixBlob(ids, matrices, options);
}

function checkMatrixSize(items: number): void {
  if (items <= MOST_IN_MATRIX) return;
  throw new RangeError(
    `A matrix of ${count(items, 'item')} is too large for a table; ${MOST_IN_MATRIX.toLocaleString('en-US')} are the most. Export the neighbors instead.`,
  );
}

function matrixBlob(
  ids: readonly Id[],
  matrices: readonly { readonly metric: MetricId; readonly distances: Float32Array }[],
  options: TableOptions,
): Promise<Blob> {
  return csvBlob(['metric', 'id', 'name', ...ids], options, function* () {
    for (const { metric, distances } of matrices) {
      for (const [row, id] of ids.entries()) {
        const values = distances.subarray(row * ids.length, (row + 1) * ids.length);
        yield [metric, id, nameOf(id), ...Array.from(values, float32Text)];
      }
    }
  });
}

/** The different ways in which maps measure. */
function measuredOnce(maps: readonly ExportedMap[], metric: MetricId | undefined): PaneSetting[] {
  const settings = maps.map(({ setting }) => ({ ...setting, metric: metric ?? setting.metric }));
  return settings.filter(
    (setting, at) =>
      settings.findIndex(
        (other) =>
          other.metric === setting.metric &&
          other.space === setting.space &&
          (other.space === 'vectors' || other.model === setting.model),
      ) === at,
  );
}

const paneColumns = (maps: readonly ExportedMap[], columns: readonly string[]) =>
  maps.length > 1 ? ['pane', 'metric', 'projection', ...columns] : columns;

const paneCells = (maps: readonly ExportedMap[], { letter, setting }: ExportedMap, cells: readonly Cell[]) =>
  maps.length > 1 ? [letter, catalogue[setting.metric].label, setting.projection, ...cells] : cells;

async function csvBlob(
  columns: readonly string[],
  { bom, guard, signal }: TableOptions,
  rows: () => Iterable<readonly Cell[]>,
): Promise<Blob> {
  const pieces = bom ? [BYTE_ORDER_MARK] : [];
  const turn = makeTurns(signal);
  for (const piece of csvPieces(columns, rows(), guard)) {
    pieces.push(piece);
    await turn();
  }
  return new Blob(pieces, { type: 'text/csv;charset=utf-8' });
}
