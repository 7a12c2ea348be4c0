import type { Job } from '../../common/job.ts';
import { InFlight } from '../../gpu/in-flight.ts';
import { BufferScope } from '../../gpu/memory.ts';
import { submit } from '../../gpu/submit.ts';
import type { SummaryShape } from '../check-summary.ts';
import { openBlockMeasure, type Pairing } from '../distances.ts';
import type { DistanceSummary, SummaryOptions } from '../engine.ts';
import { blocksOfRows } from '../row-blocks.ts';
import { openBins } from './bins.ts';
import { countLabels, openLabels } from './labels.ts';
import type { BlockPlace, Reduction } from './reduction.ts';
import { emptyTotals, openRows } from './rows.ts';

// About what a reduction costs a pair, in elements of a distance: it decides how large a block of short rows may be.
const ELEMENTS_A_REDUCTION = 8;

type Question = Pick<SummaryOptions, 'range' | 'labels'>;

/**
 * What all distances between two sets say: blocks are measured into a bounded scratch buffer and reduced there. Without a
 * range a second pass counts the bins, once the smallest and the largest distance are known.
 */
export async function computeSummary(
  pairing: Pairing,
  { range, labels }: Question,
  shape: SummaryShape,
  job: Job = {},
): Promise<DistanceSummary> {
  const { rows, columns, isSameSet } = pairing;
  const perRow = columns.rows - (isSameSet ? 1 : 0);
  const pairs = rows.rows * perRow;
  if (rows.rows === 0 || perRow < 1) return emptySummary(rows.rows, { range, labels }, shape);
  const passes = range ? 1 : 2;
  const scope = new BufferScope(pairing.gpu.memory);
  try {
    const ofRows = await openRows(pairing, perRow, scope);
    const ofLabels = labels && (await openLabels(pairing, labels, shape.labels, scope));
    const ofRange = range && (await openBins(pairing, range, shape.bins, scope));
    const first = [ofRows, ofLabels, ofRange].filter((reduction) => reduction !== undefined);
    const reduce = await openReducer(pairing, scope, passes, job);
    await reduce(first);
    const { totals } = ofRows;
    const { smallest, largest } = totals;
    const ofBins = ofRange ?? (await openBins(pairing, [smallest, largest], shape.bins, scope));
    if (!ofRange) await reduce([ofBins]);
    const [from, to] = range ?? [smallest, largest];
    return {
      ...{ pairs, smallest, largest, mean: totals.sum / pairs },
      rowNearest: totals.nearest,
      rowNearestIndices: totals.nearestIndices,
      rowMeans: totals.means,
      histogram: { from, to, counts: ofBins.counts },
      ...(ofLabels && { labelSums: ofLabels.sums, labelCounts: ofLabels.counts }),
    };
  } finally {
    scope.free();
  }
}

/** @returns a function that passes over all pairs for some reductions at once */
async function openReducer(pairing: Pairing, scope: BufferScope, passes: number, job: Job) {
  const { gpu, metric, rows, columns, isSameSet, pace, maxPairs } = pairing;
  const pairs = rows.rows * columns.rows;
  const measure = await openBlockMeasure(pairing, scope, job);
  const distances = await scope.allocate(
    'a block of distances',
    Math.min(maxPairs, pairs) * 4,
    GPUBufferUsage.STORAGE,
  );
  const leaveOutSelf = isSameSet ? 1 : 0;
  const isLargestNearest = metric.nearest === 'largest' ? 1 : 0;
  let done = 0;
  return async (reductions: readonly Reduction[]): Promise<void> => {
    const elements = rows.lanes * 4 + ELEMENTS_A_REDUCTION * reductions.length;
    const blocks = blocksOfRows(pairing, {
      firstRow: 0,
      rows: rows.rows,
      mostRows: Math.min(...reductions.map(({ mostRows }) => mostRows)),
      mostPairs: () => Math.min(maxPairs, pace.budget / elements),
    });
    const flights = new InFlight(pace);
    for (const block of blocks) {
      job.signal?.throwIfAborted();
      const firstColumn = block.columnChunk.first + block.firstColumn;
      const place: BlockPlace = {
        rows: block.rows,
        columns: block.columns,
        firstRow: block.rowChunk.first + block.firstRow,
        firstColumn,
        isFirst: firstColumn === 0 ? 1 : 0,
        ...{ leaveOutSelf, isLargestNearest },
      };
      const isLast = firstColumn + block.columns === columns.rows;
      const size = block.rows * block.columns;
      const run = async () => {
        const dispatches = reductions.map((reduction) => reduction.dispatch(place, distances));
        const copies = isLast ? reductions.flatMap((reduction) => reduction.copies(block.rows)) : [];
        await submit(gpu.device, [measure(block, distances), ...dispatches], copies);
        job.signal?.throwIfAborted();
        done += size;
        job.onProgress?.(done, pairs * passes, 'Summarizing distances');
      };
      await flights.add(run, size * elements);
      if (!isLast) continue;
      await flights.settle();
      await Promise.all(reductions.map((reduction) => reduction.collect(place.firstRow, block.rows)));
    }
  };
}

function emptySummary(rows: number, { range, labels }: Question, shape: SummaryShape): DistanceSummary {
  const totals = emptyTotals(rows);
  const { smallest, largest } = totals;
  const [from, to] = range ?? [smallest, largest];
  return {
    ...{ pairs: 0, smallest, largest, mean: Number.NaN },
    rowNearest: totals.nearest,
    rowNearestIndices: totals.nearestIndices,
    rowMeans: totals.means,
    histogram: { from, to, counts: new Float64Array(shape.bins) },
    ...(labels && {
      labelSums: new Float32Array(rows * shape.labels),
      labelCounts: countLabels(labels, 0, labels.length, shape.labels),
    }),
  };
}
