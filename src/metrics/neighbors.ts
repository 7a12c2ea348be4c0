import neighborsWgsl from '../../shaders/neighbors.wgsl?raw';
import type { Job } from '../common/job.ts';
import { getKernel } from '../gpu/kernel.ts';
import type { MatrixChunk } from '../gpu/matrix.ts';
import { BufferScope } from '../gpu/memory.ts';
import { composeShader } from '../gpu/shader.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import { openBlockMeasure, type Pairing, pairsWithin, UNIFORM } from './distances.ts';
import type { Neighbors } from './engine.ts';

const SHADER = composeShader('shaders/neighbors.wgsl', [neighborsWgsl]);
const GROUP_SIZE = 64;
// Enough invocations to keep a GPU busy; parts beyond that only make more lists to fill and merge.
const INVOCATIONS = 1024;
// As in the shader.
const MOST_PARTS = 64;
const MOST_QUERIES = 1024;
const LIST_BYTES = 16 * 2 ** 20;

/**
 * Exact k nearest columns of every row, under one metric: blocks of distances are measured into a bounded scratch
 * buffer, and each row's k nearest are kept from block to block.
 *
 * @param leaveOutSelf for the neighbors of a set in itself
 * @returns `indices` and `distances`, rows × k, row-major, nearest first; ties by lower index
 */
export async function computeNeighbors(
  pairing: Pairing,
  { k, leaveOutSelf }: { readonly k: number; readonly leaveOutSelf: boolean },
  job: Job = {},
): Promise<Neighbors> {
  const { rows } = pairing;
  const result: Neighbors = {
    k,
    indices: new Uint32Array(rows.rows * k),
    distances: new Float32Array(rows.rows * k),
  };
  if (rows.rows === 0) return result;
  const scope = new BufferScope(pairing.gpu.memory);
  try {
    const search = await openSearch(pairing, k, scope);
    for (const rowChunk of rows.chunks) {
      let count = 0;
      for (let firstRow = 0; firstRow < rowChunk.rows; firstRow += count) {
        count = Math.min(search.queries, rowChunk.rows - firstRow);
        const batch = { rowChunk, firstRow, count, leaveOutSelf };
        await searchBatch(pairing, search, batch, result, job);
      }
    }
    return result;
  } finally {
    scope.free();
  }
}

type Search = Awaited<ReturnType<typeof openSearch>>;

/** Kernels and buffers of one search. */
async function openSearch(pairing: Pairing, k: number, scope: BufferScope) {
  const { gpu, rows, columns } = pairing;
  const { device } = gpu;
  const [measure, select, merge] = await Promise.all([
    openBlockMeasure(pairing, scope),
    getKernel(device, SHADER, 'selectNearest'),
    getKernel(device, SHADER, 'mergeParts'),
  ]);
  const fewest = Math.max(1, Math.floor(LIST_BYTES / (8 * k)));
  const queries = Math.min(rows.rows, MOST_QUERIES, fewest, Math.max(1, Math.floor(pairing.maxPairs / 64)));
  const widest = Math.max(...columns.chunks.map((chunk) => chunk.rows));
  const parts = Math.max(
    1,
    Math.min(MOST_PARTS, Math.floor(INVOCATIONS / queries), Math.floor(fewest / queries)),
  );
  const pairs = Math.min(pairing.maxPairs, queries * widest);
  const out = queries * k * 4;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [
    selectJob,
    mergeJob,
    distances,
    keys,
    indices,
    outDistances,
    outIndices,
    readDistances,
    readIndices,
  ] = await Promise.all([
    scope.allocate('settings of a selection', select.uniformBytes, UNIFORM),
    scope.allocate('settings of a merge', merge.uniformBytes, UNIFORM),
    scope.allocate('a block of distances', pairs * 4, STORAGE),
    scope.allocate('nearest distances so far', parts * out, STORAGE),
    scope.allocate('nearest indices so far', parts * out, STORAGE),
    scope.allocate('nearest distances', out, STORAGE | COPY_SRC),
    scope.allocate('nearest indices', out, STORAGE | COPY_SRC),
    scope.allocate('nearest distances to read', out, MAP_READ | COPY_DST),
    scope.allocate('nearest indices to read', out, MAP_READ | COPY_DST),
  ]);
  return {
    ...{ k, queries, parts, pairs, measure, select, merge, selectJob, mergeJob },
    ...{ distances, keys, indices, outDistances, outIndices, readDistances, readIndices },
  };
}

interface Batch {
  readonly rowChunk: MatrixChunk;
  readonly firstRow: number;
  readonly count: number;
  readonly leaveOutSelf: boolean;
}

/** The nearest of some rows among all columns, written into `result`. */
async function searchBatch(
  pairing: Pairing,
  search: Search,
  batch: Batch,
  result: Neighbors,
  job: Job,
): Promise<void> {
  const { gpu, rows, columns, metric, pace } = pairing;
  const { device } = gpu;
  const { k, parts } = search;
  const { rowChunk, count } = batch;
  const firstQuery = rowChunk.first + batch.firstRow;
  const settings = {
    queries: count,
    k,
    parts,
    firstQuery,
    leaveOutSelf: batch.leaveOutSelf ? 1 : 0,
    isLargestNearest: metric.nearest === 'largest' ? 1 : 0,
  };
  const merge = {
    kernel: search.merge,
    uniforms: search.mergeJob,
    values: settings,
    storage: {
      listKeys: search.keys,
      listIndices: search.indices,
      distancesOut: search.outDistances,
      indicesOut: search.outIndices,
    },
    workgroups: [Math.ceil(count / GROUP_SIZE)],
  } as const;
  const bytes = count * k * 4;
  const copies = [
    { from: search.outDistances, to: search.readDistances, bytes },
    { from: search.outIndices, to: search.readIndices, bytes },
  ];
  let isFirst = true;
  for (const columnChunk of columns.chunks) {
    let width = 0;
    for (let firstColumn = 0; firstColumn < columnChunk.rows; firstColumn += width) {
      job.signal?.throwIfAborted();
      const room = Math.floor(Math.min(search.pairs, pairsWithin(pace, rows)) / count);
      width = Math.min(columnChunk.rows - firstColumn, Math.max(1, room));
      const block = {
        rowChunk,
        columnChunk,
        firstRow: batch.firstRow,
        rows: count,
        firstColumn,
        columns: width,
      };
      const measure = search.measure(block, search.distances);
      const select = {
        kernel: search.select,
        uniforms: search.selectJob,
        values: {
          ...settings,
          columns: width,
          firstColumn: columnChunk.first + firstColumn,
          isFirst: isFirst ? 1 : 0,
        },
        storage: { distances: search.distances, listKeys: search.keys, listIndices: search.indices },
        workgroups: [Math.ceil((count * parts) / GROUP_SIZE)],
      } as const;
      const columnsDone = columnChunk.first + firstColumn + width;
      const isLast = columnsDone === columns.rows;
      const start = performance.now();
      await submit(device, isLast ? [measure, select, merge] : [measure, select], isLast ? copies : []);
      pace.record(count * width * rows.lanes * 4, performance.now() - start);
      isFirst = false;
      const done = firstQuery * columns.rows + count * columnsDone;
      job.onProgress?.(done, rows.rows * columns.rows, 'Finding neighbors');
    }
  }
  await Promise.all([
    readBuffer(search.readDistances, bytes, (memory) =>
      result.distances.set(new Float32Array(memory), firstQuery * k),
    ),
    readBuffer(search.readIndices, bytes, (memory) =>
      result.indices.set(new Uint32Array(memory), firstQuery * k),
    ),
  ]);
}
