import { getKernel } from '../../gpu/kernel.ts';
import type { BufferScope } from '../../gpu/memory.ts';
import { readBuffer } from '../../gpu/submit.ts';
import { type Pairing, UNIFORM } from '../distances.ts';
import { binBorders, LARGEST_FLOAT32, SMALLEST_NORMAL } from './bin-borders.ts';
import { MOST_ROWS, partsOf, type Reduction, SHADER } from './reduction.ts';

// As in the shader.
const BINS_TOGETHER = 1024;
const COUNT_DIRECTLY = { name: 'countBins', groupSize: 64 };
const COUNT_TOGETHER = { name: 'countBinsTogether', groupSize: 256 };
// Counts are read after every batch of rows and are 32-bit on the GPU.
const MOST_PAIRS_A_BATCH = 2 ** 31;

/** Counts of distances in equal bins. */
export async function openBins(
  { gpu, rows, columns }: Pairing,
  range: readonly [from: number, to: number],
  bins: number,
  scope: BufferScope,
): Promise<Reduction & { readonly counts: Float64Array<ArrayBuffer> }> {
  const { device, adapter } = gpu;
  // Without hardware for it, memory of a workgroup and waiting for each other cost more than the counting.
  const isTogether = bins <= BINS_TOGETHER && !adapter.isFallback;
  const { name, groupSize } = isTogether ? COUNT_TOGETHER : COUNT_DIRECTLY;
  const kernel = await getKernel(device, SHADER, name);
  const mostRows = Math.max(1, Math.min(rows.rows, MOST_ROWS, Math.floor(MOST_PAIRS_A_BATCH / columns.rows)));
  const parts = partsOf(gpu, mostRows, columns.rows);
  const bytes = bins * 4;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const [uniforms, borders, counters, staging] = await Promise.all([
    scope.allocate('settings of a histogram', kernel.uniformBytes, UNIFORM),
    scope.allocate('borders of bins', bytes + 4, STORAGE | COPY_DST),
    scope.allocate('counts so far', bytes, STORAGE | COPY_SRC),
    scope.allocate('counts to read', bytes, MAP_READ | COPY_DST),
  ]);
  device.queue.writeBuffer(borders, 0, binBorders(range, bins));
  const scale = scaleOf(range, bins);
  const counts = new Float64Array(bins);
  const before = new Uint32Array(bins);
  return {
    counts,
    mostRows,
    dispatch(place, distances) {
      return {
        kernel,
        uniforms,
        values: { ...place, ...scale, parts, bins },
        storage: { distances, borders, counts: counters },
        workgroups: [Math.ceil((place.rows * parts) / groupSize)],
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

/** How the shader guesses a bin, and how far that may be wrong: its three operations round, and so do its two numbers. */
function scaleOf([from, to]: readonly [from: number, to: number], bins: number) {
  const firstBorder = Math.fround(Math.min(Math.max(from, -LARGEST_FLOAT32), LARGEST_FLOAT32));
  const binsPerUnit = Math.min(bins / (to - from), LARGEST_FLOAT32);
  // GPUs may take what is smaller for 0.
  if (from === to || binsPerUnit < SMALLEST_NORMAL) return { firstBorder, binsPerUnit: 0, doubt: 1 };
  // Borders are 64-bit numbers, and no finer than these are there.
  const grain = Math.max(Math.abs(from), Math.abs(to)) * 2 ** -51;
  // Each rounding is at most 2^-24 of a position up to `bins`; twice what four of them make, to be safe.
  const doubt = bins * 2 ** -21 + 2 * (Math.abs(firstBorder - from) + grain) * binsPerUnit;
  return { firstBorder, binsPerUnit, doubt: Math.min(doubt, 1) };
}
