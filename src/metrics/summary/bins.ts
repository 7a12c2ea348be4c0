import { getKernel } from '../../gpu/kernel.ts';
import type { BufferScope } from '../../gpu/memory.ts';
import { readBuffer } from '../../gpu/submit.ts';
import { type Pairing, UNIFORM } from '../distances.ts';
import { binBorders, LARGEST_FLOAT32 } from './bin-borders.ts';
import { MOST_ROWS, partsOf, type Reduction, SHADER } from './reduction.ts';

// As in the shader.
const BINS_IN_WORKGROUP = 1024;
const GROUP_SIZE = 256;
// Counts are read after every batch of rows and are 32-bit on the GPU.
const MOST_PAIRS_A_BATCH = 2 ** 31;

/** Counts of distances in equal bins. */
export async function openBins(
  { gpu, rows, columns }: Pairing,
  range: readonly [from: number, to: number],
  bins: number,
  scope: BufferScope,
): Promise<Reduction & { readonly counts: Float64Array<ArrayBuffer> }> {
  const { device } = gpu;
  const name = bins <= BINS_IN_WORKGROUP ? 'countBins' : 'countManyBins';
  const kernel = await getKernel(device, SHADER, name);
  const mostRows = Math.max(1, Math.min(rows.rows, MOST_ROWS, Math.floor(MOST_PAIRS_A_BATCH / columns.rows)));
  const parts = partsOf(mostRows, columns.rows);
  const bytes = bins * 4;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [uniforms, borders, counters, staging] = await Promise.all([
    scope.allocate('settings of a histogram', kernel.uniformBytes, UNIFORM),
    scope.allocate('borders of bins', bytes + 4, STORAGE | COPY_DST),
    scope.allocate('counts so far', bytes, STORAGE | COPY_SRC),
    scope.allocate('counts to read', bytes, MAP_READ | COPY_DST),
  ]);
  device.queue.writeBuffer(borders, 0, binBorders(range, bins));
  const [from, to] = range;
  const guess = {
    firstBorder: clampToFloat32(from),
    binsPerUnit: to > from ? Math.min(bins / (to - from), LARGEST_FLOAT32) : 0,
  };
  const counts = new Float64Array(bins);
  const before = new Uint32Array(bins);
  return {
    counts,
    mostRows,
    dispatch(place, distances) {
      return {
        kernel,
        uniforms,
        values: { ...place, ...guess, parts, bins },
        storage: { distances, borders, counts: counters },
        workgroups: [Math.ceil((place.rows * parts) / GROUP_SIZE)],
      };
    },
    copies: () => [{ from: counters, to: staging, bytes }],
    collect() {
      return readBuffer(staging, bytes, (memory) => {
        new Uint32Array(memory).forEach((now, bin) => {
          // Modulo 2^32, for they wrap around.
          counts[bin] = (counts[bin] ?? 0) + ((now - (before[bin] ?? 0)) >>> 0);
          before[bin] = now;
        });
      });
    },
  };
}

function clampToFloat32(value: number): number {
  return Math.min(Math.max(value, -LARGEST_FLOAT32), LARGEST_FLOAT32);
}
