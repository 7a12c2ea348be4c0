import type { Gpu } from '../gpu/gpu.ts';
import { getKernel } from '../gpu/kernel.ts';
import type { BufferScope } from '../gpu/memory.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import type { Metric } from './catalogue.ts';
import { distancesShader } from './compose.ts';
import type { Storage } from './engine.ts';
import type { Tile } from './tile.ts';

// Rows, columns and lanes of a trial: enough workgroups for the largest GPU, some milliseconds on a small one.
const HARDWARE = { side: 2048, lanes: 64 };
const SOFTWARE = { side: 256, lanes: 32 };
// A first look takes this part of the rows; an adapter that needs this long for all of them is timed with that part.
const FIRST_PART = 8;
const LONG_MS = 30;
// What a clock can tell: browsers round timestamps to 0.1 ms, and without them a way to the GPU and back takes some tenths.
const ENOUGH_MS = 4;
// So that a GPU which is faster than its clock still ends.
const MOST_DISPATCHES = 64;

/** One tile, ready to be timed again and again. */
export interface Trial {
  readonly tile: Tile;
  /** @returns milliseconds that a row of a block of pairs took */
  time(): Promise<number>;
}

/** Compiles a tile, and finds how much work tells its time. Buffers are of the scope. */
export async function openTrial(
  { gpu, metric, storage }: { readonly gpu: Gpu; readonly metric: Metric; readonly storage: Storage },
  tile: Tile,
  scope: BufferScope,
): Promise<Trial> {
  const { device } = gpu;
  const { side, lanes } = gpu.adapter.isFallback ? SOFTWARE : HARDWARE;
  const kernel = await getKernel(device, distancesShader(metric, storage, tile), 'computeDistances');
  const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage;
  const [rowLanes, rowSides, distances, uniforms, clock] = await Promise.all([
    scope.allocate('rows of a trial', side * lanes * 16, STORAGE),
    scope.allocate('norms of a trial', side * 4, STORAGE),
    scope.allocate('distances of a trial', side * side * 4, STORAGE),
    scope.allocate('settings of a trial', kernel.uniformBytes, UNIFORM | COPY_DST),
    openClock(device, scope),
  ]);
  const time = async (rows: number, dispatches: number) => {
    const dispatch = {
      kernel,
      uniforms,
      values: { rows, columns: side, lanes, distancesColumns: side },
      storage: { rowLanes, rowSides, columnLanes: rowLanes, columnSides: rowSides, distances },
      workgroups: [Math.ceil(side / tile.groupColumns), Math.ceil(rows / tile.groupRows)],
    } as const;
    const all = Array.from({ length: dispatches }, () => dispatch);
    return clock((timestampWrites) => submit(device, all, [], timestampWrites));
  };
  const part = side / FIRST_PART;
  // The first time, drivers finish compiling.
  await time(part, 1);
  const rows = (await time(part, 1)) * FIRST_PART > LONG_MS ? part : side;
  let dispatches = 1;
  while (dispatches < MOST_DISPATCHES && (await time(rows, dispatches)) < ENOUGH_MS) dispatches *= 4;
  return { tile, time: async () => (await time(rows, dispatches)) / (dispatches * rows) };
}

/** Milliseconds that a submit takes. */
type Clock = (run: (writes?: GPUComputePassTimestampWrites) => Promise<void>) => Promise<number>;

/** By the GPU's own timestamps, where it has them; otherwise by how long the page waits. */
async function openClock(device: GPUDevice, scope: BufferScope): Promise<Clock> {
  const byPage: Clock = async (run) => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  if (!device.features.has('timestamp-query')) return byPage;
  const bytes = 16;
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [resolved, readable] = await Promise.all([
    scope.allocate('times of a trial', bytes, QUERY_RESOLVE | COPY_SRC),
    scope.allocate('times of a trial to read', bytes, MAP_READ | COPY_DST),
  ]);
  const querySet = device.createQuerySet({ type: 'timestamp', count: 2 });
  return async (run) => {
    const waited = await byPage(() =>
      run({ querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 }),
    );
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, bytes);
    device.queue.submit([encoder.finish()]);
    const nanoseconds = await readBuffer(readable, bytes, (memory) => {
      const [begin = 0n, end = 0n] = new BigUint64Array(memory);
      return Number(end - begin);
    });
    // Some drivers tell no time, or one that goes back.
    return nanoseconds > 0 && nanoseconds / 1e6 <= waited ? nanoseconds / 1e6 : waited;
  };
}
