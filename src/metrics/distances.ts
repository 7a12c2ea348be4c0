import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { InFlight, MOST_IN_FLIGHT } from '../gpu/in-flight.ts';
import { getKernel } from '../gpu/kernel.ts';
import type { GpuMatrix, MatrixChunk } from '../gpu/matrix.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { type Dispatch, readBuffer, submit } from '../gpu/submit.ts';
import type { Metric } from './catalogue.ts';
import { distancesShader } from './compose.ts';
import type { Storage } from './engine.ts';
import { directTile, type Tile } from './tile.ts';
import { chooseTile } from './tuner.ts';

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
  /** The name of a tile for many rows, or `auto`. */
  readonly kernel: string;
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
    const measure = await openBlockMeasure(pairing, scope, job);
    const bytes = Math.min(pairing.maxPairs, result.length) * 4;
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const [distances, ...stagings] = await Promise.all([
      scope.allocate('a block of distances', bytes, STORAGE | COPY_SRC),
      ...Array.from({ length: MOST_IN_FLIGHT }, () =>
        scope.allocate('a block of distances to read', bytes, MAP_READ | COPY_DST),
      ),
    ]);
    const flights = new InFlight(pace);
    let done = 0;
    for (const block of blocksOf(pairing, measure.tile)) {
      job.signal?.throwIfAborted();
      const pairs = block.rows * block.columns;
      const read = async () => {
        const staging = stagings.shift();
        if (!staging) throw new Error('more submits are under way than there are buffers to read');
        // Asked for at once, not when the submit is back: that would be one more way to the GPU and back.
        await Promise.all([
          submit(device, [measure(block, distances)], [{ from: distances, to: staging, bytes: pairs * 4 }]),
          readBuffer(staging, pairs * 4, (memory) =>
            placeBlock(block, new Float32Array(memory), result, columns.rows),
          ),
        ]);
        stagings.push(staging);
        job.signal?.throwIfAborted();
        done += pairs;
        job.onProgress?.(done, result.length, 'Measuring distances');
      };
      await flights.add(read, pairs * rows.lanes * 4);
    }
    await flights.settle();
    return result;
  } finally {
    scope.free();
  }
}

/** @param values of the block, row-major; `whole` is as wide as all columns */
function placeBlock(
  { rowChunk, columnChunk, firstRow, rows, firstColumn, columns }: Block,
  values: Float32Array<ArrayBuffer>,
  whole: Float32Array<ArrayBuffer>,
  wholeColumns: number,
): void {
  const start = (rowChunk.first + firstRow) * wholeColumns + columnChunk.first + firstColumn;
  for (let i = 0; i < rows; i++) {
    whole.set(values.subarray(i * columns, (i + 1) * columns), start + i * wholeColumns);
  }
}

export const UNIFORM = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;

/** The dispatch that writes a block's distances; it serves any number of submits, but once each. */
export interface BlockMeasure {
  /**
   * @param place where the block goes in a larger matrix; a matrix of the block's own unless told
   */
  (block: Block, distances: GPUBuffer, place?: BlockPlace): Dispatch;
  readonly tile: Tile;
}

export interface BlockPlace {
  /** Of the block's first distance, in distances. */
  readonly at: number;
  /** Columns of the larger matrix. */
  readonly columns: number;
}

/** @returns a measure that serves one dispatch a submit: its settings live in one buffer of the scope */
export async function openBlockMeasure(
  pairing: Pairing,
  scope: BufferScope,
  job: Job = {},
): Promise<BlockMeasure> {
  const { gpu, metric, rows, isSameSet, storage } = pairing;
  const tile = await tileFor(pairing, job);
  const kernel = await getKernel(gpu.device, distancesShader(metric, storage, tile), 'computeDistances');
  const uniforms = await scope.allocate('settings of a distance block', kernel.uniformBytes, UNIFORM);
  const measure = (block: Block, distances: GPUBuffer, place?: BlockPlace): Dispatch => ({
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
      distancesAt: place?.at ?? 0,
      distancesColumns: place?.columns ?? block.columns,
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
  return Object.assign(measure, { tile });
}

// One query is the common case of a search, and a click asks for a few: a full tile would compute them many times over.
const ONE_ROW = directTile(1, 8, 1, 64);
const FEW = 4;
const FEW_ROWS = directTile(FEW, 4, 1, 64);

async function tileFor(pairing: Pairing, job: Job): Promise<Tile> {
  const { rows } = pairing.rows;
  if (rows === 1) return ONE_ROW;
  return rows <= FEW ? FEW_ROWS : chooseTile(pairing, job);
}

// A dispatch has at most 65,535 workgroups along a side, and the smallest are 16 rows or columns wide.
const LONGEST_SIDE = 2 ** 19;

/** Blocks of all pairs, about square and made of whole tiles where there is room: others would leave threads idle. */
export function* blocksOf(
  { rows, columns, maxPairs, pace }: Pairing,
  { groupRows, groupColumns }: Tile,
): Generator<Block> {
  const mostPairs = () => Math.min(maxPairs, pairsWithin(pace, rows));
  for (const rowChunk of rows.chunks) {
    let blockRows = 0;
    for (let firstRow = 0; firstRow < rowChunk.rows; firstRow += blockRows) {
      const pairs = mostPairs();
      const most = Math.max(Math.sqrt(pairs), pairs / columns.rows);
      blockRows = Math.min(rowChunk.rows - firstRow, wholeTiles(most, groupRows));
      for (const columnChunk of columns.chunks) {
        let blockColumns = 0;
        for (let firstColumn = 0; firstColumn < columnChunk.rows; firstColumn += blockColumns) {
          const room = wholeTiles(mostPairs() / blockRows, groupColumns);
          blockColumns = Math.min(columnChunk.rows - firstColumn, room);
          yield { rowChunk, columnChunk, firstRow, rows: blockRows, firstColumn, columns: blockColumns };
        }
      }
    }
  }
}

/** The most whole tiles within a length, in rows; the length itself where not even one fits. */
function wholeTiles(length: number, tile: number): number {
  const whole = Math.floor(Math.min(length, LONGEST_SIDE));
  return Math.max(1, whole < tile ? whole : whole - (whole % tile));
}

/** Pairs that one submit may hold. */
export function pairsWithin(pace: Pace, { lanes }: GpuMatrix): number {
  return Math.max(1, Math.floor(pace.budget / (lanes * 4)));
}
