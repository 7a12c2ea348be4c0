import { borrow, type Loan } from '../common/borrow.ts';
import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { InFlight, MOST_IN_FLIGHT } from '../gpu/in-flight.ts';
import { BufferScope } from '../gpu/memory.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import { surviveLoss } from '../gpu/survive.ts';
import { openBlockMeasure, type Pairing, pairsWithin } from './distances.ts';
import type { DistanceRows } from './engine.ts';
import { blocksOfRows } from './row-blocks.ts';

// 4 MiB of distances: small beside what a page has, and enough that handing them over costs nothing.
const PIECE_PAIRS = 2 ** 20;
// Tiles measure 8 rows in about the time of one.
const LEAST_ROWS = 8;

/** Lends two sets on the GPU for the time of `use`. */
type LendPair = (use: (pairing: Pairing) => Promise<void>) => Promise<void>;

/**
 * All distances between two sets as pieces of whole rows, in order. After a device loss the piece in work is measured
 * again; those that were given are not.
 *
 * @param lend is asked again after a loss
 */
export async function* streamDistanceRows(
  gpu: Gpu,
  { rows }: { readonly rows: number },
  lend: LendPair,
  job: Job = {},
): AsyncGenerator<DistanceRows, void> {
  let loan: Loan<Ruler> | undefined;
  const release = async () => {
    const last = loan;
    loan = undefined;
    await last?.release();
  };
  try {
    for (let firstRow = 0; firstRow < rows; ) {
      const piece = await surviveLoss(gpu, job, async () => {
        if (loan?.value.device !== gpu.device) await release();
        loan ??= await borrow((use) => lend((pairing) => withRuler(pairing, job, use)));
        return loan.value.measureFrom(firstRow, job);
      });
      yield piece;
      firstRow += piece.rows;
    }
  } finally {
    await release();
  }
}

/** Measures two sets with buffers that it keeps from call to call. */
interface Ruler {
  readonly device: GPUDevice;
  /** @returns some whole rows, from this one on */
  measureFrom(firstRow: number, job: Job): Promise<DistanceRows>;
}

async function withRuler(pairing: Pairing, job: Job, use: (ruler: Ruler) => Promise<void>): Promise<void> {
  const { gpu, rows, columns, maxPairs, pace } = pairing;
  const { device } = gpu;
  const pairs = rows.rows * columns.rows;
  const fitting = Math.floor(Math.min(PIECE_PAIRS, maxPairs) / Math.max(columns.rows, 1));
  const mostRows = Math.min(rows.rows, Math.max(LEAST_ROWS, fitting));
  const scope = new BufferScope(gpu.memory);
  try {
    const measure = await openBlockMeasure(pairing, scope, job);
    const bytes = 4 * Math.min(maxPairs, mostRows * columns.rows);
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const [distances, ...stagings] = await Promise.all([
      scope.allocate('a block of distances', bytes, STORAGE | COPY_SRC),
      ...Array.from({ length: MOST_IN_FLIGHT }, () =>
        scope.allocate('a block of distances to read', bytes, MAP_READ | COPY_DST),
      ),
    ]);
    await use({
      device,
      async measureFrom(firstRow, job) {
        const count = Math.min(mostRows, rows.rows - firstRow);
        const result = new Float32Array(count * columns.rows);
        let done = firstRow * columns.rows;
        const mostPairs = () => Math.min(maxPairs, pairsWithin(pace, rows));
        const flights = new InFlight(pace);
        for (const block of blocksOfRows(pairing, { firstRow, rows: count, mostRows, mostPairs })) {
          job.signal?.throwIfAborted();
          const size = block.rows * block.columns;
          const row = block.rowChunk.first + block.firstRow - firstRow;
          const column = block.columnChunk.first + block.firstColumn;
          const run = async () => {
            const staging = stagings.shift();
            if (!staging) throw new Error('more submits are under way than there are buffers to read');
            const copy = { from: distances, to: staging, bytes: size * 4 };
            await Promise.all([
              submit(device, [measure(block, distances)], [copy]),
              readBuffer(staging, size * 4, (memory) => {
                for (let i = 0; i < block.rows; i++) {
                  const values = new Float32Array(memory, i * block.columns * 4, block.columns);
                  result.set(values, (row + i) * columns.rows + column);
                }
              }),
            ]);
            stagings.push(staging);
            job.signal?.throwIfAborted();
            done += size;
            job.onProgress?.(done, pairs, 'Measuring distances');
          };
          await flights.add(run, size * rows.lanes * 4);
        }
        await flights.settle();
        return { firstRow, rows: count, distances: result };
      },
    });
  } finally {
    scope.free();
  }
}
