import distancesWgsl from '../../shaders/distances.wgsl?raw';
import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { getKernel } from '../gpu/kernel.ts';
import type { GpuMatrix, MatrixChunk } from '../gpu/matrix.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { composeShader, type Shader } from '../gpu/shader.ts';
import { type Dispatch, readBuffer, submit } from '../gpu/submit.ts';
import type { Metric } from './catalogue.ts';
import { metricPieces } from './compose.ts';
import type { Storage } from './engine.ts';
import { directTile, type Tile } from './tile.ts';

/** Two sets on the GPU, prepared for one metric, and how to measure between them. */
export interface Pairing {
  readonly gpu: Gpu;
  readonly metric: Metric;
  readonly rows: GpuMatrix;
  readonly columns: GpuMatrix;
  readonly isSameSet: boolean;
  readonly storage: Storage;
  readonly pace: Pace;
  /** At most this many distances are held on the GPU at once. */
  readonly maxPairs: number;
}

/** A rectangle of pairs within one chunk of rows and one chunk of columns. */
export interface Block {
  readonly rowChunk: MatrixChunk;
  readonly columnChunk: MatrixChunk;
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
}

/**
 * All distances between two sets.
 *
 * @returns rows × columns, row-major
 */
export async function computeDistances(pairing: Pairing, job: Job = {}): Promise<Float32Array<ArrayBuffer>> {
  const { gpu, rows, columns, pace } = pairing;
  const result = new Float32Array(rows.rows * columns.rows);
  if (result.length === 0) return result;
  const { device } = gpu;
  const scope = new BufferScope(gpu.memory);
  try {
    const measure = await openBlockMeasure(pairing, scope);
    const bytes = Math.min(pairing.maxPairs, result.length) * 4;
    const [distances, staging] = await Promise.all([
      scope.allocate('a block of distances', bytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC),
      scope.allocate(
        'a block of distances to read',
        bytes,
        GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      ),
    ]);
    let done = 0;
    for (const block of blocksOf(pairing)) {
      job.signal?.throwIfAborted();
      const pairs = block.rows * block.columns;
      const start = performance.now();
      await submit(device, [measure(block, distances)], [{ from: distances, to: staging, bytes: pairs * 4 }]);
      pace.record(pairs * rows.lanes * 4, performance.now() - start);
      await readBuffer(staging, pairs * 4, (memory) => {
        const values = new Float32Array(memory);
        for (let i = 0; i < block.rows; i++) {
          const row = block.rowChunk.first + block.firstRow + i;
          const column = block.columnChunk.first + block.firstColumn;
          result.set(
            values.subarray(i * block.columns, (i + 1) * block.columns),
            row * columns.rows + column,
          );
        }
      });
      done += pairs;
      job.onProgress?.(done, result.length, 'Measuring distances');
    }
    return result;
  } finally {
    scope.free();
  }
}

export const UNIFORM = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;

// One query is the common case of a search: a full tile would compute it eight times.
const ONE_ROW = directTile(1, 8, 1, 64);

/** The dispatch that writes a block's distances, rows × columns, row-major. */
export type BlockMeasure = (block: Block, distances: GPUBuffer) => Dispatch;

/** @returns a measure that serves one dispatch a submit: its settings live in one buffer of the scope */
export async function openBlockMeasure(pairing: Pairing, scope: BufferScope): Promise<BlockMeasure> {
  const { gpu, metric, rows, isSameSet, storage } = pairing;
  const tile = tileFor(metric, rows.rows);
  const kernel = await getKernel(gpu.device, distancesShader(metric, storage, tile), 'computeDistances');
  const uniforms = await scope.allocate('settings of a distance block', kernel.uniformBytes, UNIFORM);
  return (block, distances) => ({
    kernel,
    uniforms,
    values: {
      rows: block.rows,
      columns: block.columns,
      firstRow: block.firstRow,
      firstColumn: block.firstColumn,
      rowsBefore: block.rowChunk.first,
      columnsBefore: block.columnChunk.first,
      lanes: rows.lanes,
      isSameSet: isSameSet ? 1 : 0,
    },
    storage: {
      rowLanes: block.rowChunk.lanes,
      rowSides: block.rowChunk.sides,
      columnLanes: block.columnChunk.lanes,
      columnSides: block.columnChunk.sides,
      distances,
    },
    workgroups: [Math.ceil(block.columns / tile.groupColumns), Math.ceil(block.rows / tile.groupRows)],
  });
}

function distancesShader(metric: Metric, storage: Storage, tile: Tile): Shader {
  return composeShader(
    `shaders/distances.wgsl (${metric.id}, ${storage}, ${tile.name})`,
    [...metricPieces(metric, storage), ...tile.pieces, distancesWgsl],
    tile.constants,
    { tile: tile.snippet },
  );
}

function tileFor(metric: Metric, rows: number): Tile {
  return rows === 1 ? ONE_ROW : directTile(metric.tile, metric.tile);
}

/** Whole columns of a chunk if they fit, for a small number of rows at a time. */
export function* blocksOf({ rows, columns, maxPairs, pace }: Pairing): Generator<Block> {
  for (const rowChunk of rows.chunks) {
    let blockRows = 0;
    for (let firstRow = 0; firstRow < rowChunk.rows; firstRow += blockRows) {
      const pairs = Math.min(maxPairs, pairsWithin(pace, rows));
      blockRows = Math.min(rowChunk.rows - firstRow, Math.max(1, Math.floor(Math.sqrt(pairs))));
      for (const columnChunk of columns.chunks) {
        let blockColumns = 0;
        for (let firstColumn = 0; firstColumn < columnChunk.rows; firstColumn += blockColumns) {
          const room = Math.min(maxPairs, pairsWithin(pace, rows)) / blockRows;
          blockColumns = Math.min(columnChunk.rows - firstColumn, Math.max(1, Math.floor(room)));
          yield { rowChunk, columnChunk, firstRow, rows: blockRows, firstColumn, columns: blockColumns };
        }
      }
    }
  }
}

/** Pairs that one submit may hold. */
export function pairsWithin(pace: Pace, { lanes }: GpuMatrix): number {
  return Math.max(1, Math.floor(pace.budget / (lanes * 4)));
}
