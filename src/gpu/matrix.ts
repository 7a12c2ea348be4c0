import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import type { Gpu } from './gpu.ts';
import { BufferScope } from './memory.ts';

/** Rows to upload, made piece by piece so that no second whole copy is needed. */
export interface RowSource {
  readonly rows: number;
  /** Lanes of 4 numbers (vec4f or vec4u) that a row takes: rows are padded with zeros to whole lanes. */
  readonly lanes: number;
  /** Of one lane as it is stored: 16 unless told, 8 in 16-bit floats. */
  readonly laneBytes?: number;
  /** Rows that are made in a few milliseconds, where these are fewer than a piece holds: bits take little room and time to make. */
  readonly rowsAtOnce?: number;
  /**
   * Writes rows `first` to `first + count − 1`.
   *
   * @param out count × lanes × laneBytes, all zero: as floats and, the same memory, as words
   * @param sides one number a row that its metric needs beside the row, such as the squared norm; all zero
   */
  fill(first: number, count: number, out: RowMemory, sides: Float32Array<ArrayBuffer>): void;
}

/** Rows that kernels write. */
export interface GpuRowSource {
  readonly rows: number;
  readonly lanes: number;
  /** @param chunks of all rows, all zero */
  write(chunks: readonly MatrixChunk[], job: Job): Promise<void>;
}

export interface RowMemory {
  readonly floats: Float32Array<ArrayBuffer>;
  readonly words: Uint32Array<ArrayBuffer>;
}

export interface MatrixChunk {
  /** Number in the whole matrix of this chunk's first row. */
  readonly first: number;
  readonly rows: number;
  readonly lanes: GPUBuffer;
  readonly sides: GPUBuffer;
}

/** Of a lane of 32-bit numbers. */
export const LANE_BYTES = 16;
// Rows are prepared in pieces that take a few milliseconds, so that the page stays alive meanwhile.
const PIECE_BYTES = 2 ** 20;

/** Rows on the GPU, in chunks that each fit one binding (128 MiB where a device offers no more). */
export class GpuMatrix {
  readonly device: GPUDevice;
  readonly rows: number;
  readonly lanes: number;
  readonly chunks: readonly MatrixChunk[];
  readonly bytes: number;
  readonly #scope: BufferScope;

  private constructor(
    device: GPUDevice,
    source: RowSource | GpuRowSource,
    chunks: readonly MatrixChunk[],
    scope: BufferScope,
  ) {
    this.device = device;
    this.rows = source.rows;
    this.lanes = source.lanes;
    this.chunks = chunks;
    this.bytes = source.rows * (rowBytesOf(source) + 4);
    this.#scope = scope;
  }

  /**
   * @param maxChunkBytes at most this many bytes of rows in a chunk; what a binding takes unless told
   * @param job stops between pieces; what was uploaded is freed
   * @throws {GpuOutOfMemory} when the GPU has no room
   */
  static async upload(
    gpu: Gpu,
    source: RowSource | GpuRowSource,
    { maxChunkBytes, ...job }: Job & { readonly maxChunkBytes?: number | undefined } = {},
  ): Promise<GpuMatrix> {
    const { device } = gpu;
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    const most = Math.min(maxChunkBytes ?? Infinity, maxStorageBufferBindingSize, maxBufferSize);
    const rowBytes = rowBytesOf(source);
    const chunkRows = Math.max(1, Math.floor(most / rowBytes));
    const scope = new BufferScope(gpu.memory);
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const chunks: MatrixChunk[] = [];
    try {
      for (let first = 0; first < source.rows; first += chunkRows) {
        const rows = Math.min(chunkRows, source.rows - first);
        const which = `rows ${first} to ${first + rows - 1}`;
        const lanes = await scope.allocate(`${which} of the vectors`, rows * rowBytes, usage);
        const sides = await scope.allocate(`norms of ${which}`, rows * 4, usage);
        chunks.push({ first, rows, lanes, sides });
      }
      if ('write' in source) {
        await source.write(chunks, job);
      } else {
        const turn = makeTurns();
        for (const chunk of chunks) await fillChunk(device, source, chunk, turn, job);
      }
    } catch (error) {
      scope.free();
      throw error;
    }
    return new GpuMatrix(device, source, chunks, scope);
  }

  free(): void {
    this.#scope.free();
  }
}

/** What a row takes, without its side. */
export function rowBytesOf(source: RowSource | GpuRowSource): number {
  return source.lanes * ('laneBytes' in source ? (source.laneBytes ?? LANE_BYTES) : LANE_BYTES);
}

async function fillChunk(
  device: GPUDevice,
  source: RowSource,
  chunk: MatrixChunk,
  turn: () => Promise<void> | undefined,
  { signal, onProgress }: Job,
): Promise<void> {
  const rowBytes = rowBytesOf(source);
  const pieceRows = Math.max(1, Math.min(source.rowsAtOnce ?? Infinity, Math.floor(PIECE_BYTES / rowBytes)));
  for (let start = 0; start < chunk.rows; start += pieceRows) {
    signal?.throwIfAborted();
    const rows = Math.min(pieceRows, chunk.rows - start);
    const memory = new ArrayBuffer(rows * rowBytes);
    const sides = new Float32Array(rows);
    source.fill(
      chunk.first + start,
      rows,
      { floats: new Float32Array(memory), words: new Uint32Array(memory) },
      sides,
    );
    device.queue.writeBuffer(chunk.lanes, start * rowBytes, memory);
    device.queue.writeBuffer(chunk.sides, start * 4, sides);
    onProgress?.(chunk.first + start + rows, source.rows, 'Sending vectors to the GPU');
    await turn();
  }
}
