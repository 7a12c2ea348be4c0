import type { Job } from '../common/job.ts';
import { formatBytes } from '../gpu/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { InFlight } from '../gpu/in-flight.ts';
import { BufferScope } from '../gpu/memory.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import { openBlockMeasure, type Pairing, pairsWithin } from './distances.ts';
import { InvalidVectors } from './errors.ts';
import { blocksOfRows } from './row-blocks.ts';

/** A distance matrix that stays on the GPU, for whoever draws it or goes on computing there. */
export interface GpuDistances {
  /** rows × columns 32-bit floats, row-major; of the engine's device, for storage bindings and copies from it. */
  readonly buffer: GPUBuffer;
  readonly rows: number;
  readonly columns: number;
  /** Gives the memory back. Whoever asked for the matrix owns it, also after the engine is gone. */
  free(): void;
}

/** @throws {InvalidVectors} when that many distances do not fit one storage binding of this GPU */
export function checkFitsBinding({ device }: Gpu, rows: number, columns: number): void {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const most = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  const bytes = rows * columns * 4;
  if (bytes <= most) return;
  throw new InvalidVectors(
    `${rows} × ${columns} distances take ${formatBytes(bytes)}; a buffer of this GPU holds at most ${formatBytes(most)}. Ask for fewer rows at a time, or for distanceRows, which has no such limit.`,
  );
}

/** All distances between two sets, in a buffer on the GPU. */
export async function computeDistancesOnGpu(pairing: Pairing, job: Job = {}): Promise<GpuDistances> {
  const { gpu, rows, columns, maxPairs, pace } = pairing;
  const { device, memory } = gpu;
  const pairs = rows.rows * columns.rows;
  const { STORAGE, COPY_SRC } = GPUBufferUsage;
  const scope = new BufferScope(memory);
  try {
    const whole = await scope.allocate('all distances', pairs * 4, STORAGE | COPY_SRC);
    if (pairs > 0) {
      const measure = await openBlockMeasure(pairing, scope, job);
      const mostPairs = () => Math.min(maxPairs, pairsWithin(pace, rows));
      const flights = new InFlight(pace);
      let done = 0;
      const span = { firstRow: 0, rows: rows.rows, mostRows: rows.rows, mostPairs };
      for (const block of blocksOfRows(pairing, span)) {
        job.signal?.throwIfAborted();
        const row = block.rowChunk.first + block.firstRow;
        const at = row * columns.rows + block.columnChunk.first + block.firstColumn;
        const size = block.rows * block.columns;
        const run = async () => {
          await submit(device, [measure(block, whole, { at, columns: columns.rows })]);
          job.signal?.throwIfAborted();
          done += size;
          job.onProgress?.(done, pairs, 'Measuring distances');
        };
        await flights.add(run, size * rows.lanes * 4);
      }
      await flights.settle();
      await checkAlive(device, whole, scope);
    }
    return { buffer: whole, rows: rows.rows, columns: columns.rows, free: scope.handOver(whole) };
  } finally {
    scope.free();
  }
}

/** A lost device takes work without a word; only reading from it fails. */
async function checkAlive(device: GPUDevice, buffer: GPUBuffer, scope: BufferScope): Promise<void> {
  const bytes = 4;
  const probe = await scope.allocate('a probe', bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  await submit(device, [], [{ from: buffer, to: probe, bytes }]);
  await readBuffer(probe, bytes, () => undefined);
}
