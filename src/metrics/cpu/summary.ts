import type { SummaryShape } from '../check-summary.ts';
import type { DistanceSummary, MetricOptions, SummaryOptions } from '../engine.ts';
import { type Block, firstMirrored, pauseIn, type Turn, turnOfPass, walkBlocks } from './blocks.ts';
import type { KnownSet } from './known-set.ts';
import { makeMeasure, nearestOf } from './measure.ts';
import { NearestLists } from './nearest.ts';
import { Histogram, LabelSums, RowSums } from './reductions.ts';

export interface SummaryQuestion extends MetricOptions, Pick<SummaryOptions, 'range' | 'labels'> {
  readonly shape: SummaryShape;
}

/** What the engine's `summarize` says; without a range all pairs are measured again to be counted, once it is known. */
export async function computeSummary(
  rows: KnownSet,
  columns: KnownSet,
  question: SummaryQuestion,
  turn: Turn,
): Promise<DistanceSummary> {
  const { range, labels, shape } = question;
  const isHalf = rows === columns;
  const total = rows.rows * columns.rows;
  const passes = range ? 1 : 2;
  const firstTurn = turnOfPass(turn, 0, passes);
  const measure = await makeMeasure(question, { rows, columns }, pauseIn(firstTurn, 0, total));
  const nearest = new NearestLists(new Float32Array(rows.rows), rows.rows, 1, nearestOf(question.metric));
  const ofRows = new RowSums(rows.rows);
  const ofLabels = labels && new LabelSums(rows.rows, labels, shape.labels);
  const ofRange = range && new Histogram(range, shape.bins);
  await walkBlocks(measure, { isHalf }, firstTurn, (block, distances) => {
    const mirrored = isHalf ? leaveOutSelves(block, distances) : block.columns;
    nearest.add(block, distances, mirrored);
    ofRows.add(block, distances, mirrored);
    ofLabels?.add(block, distances, mirrored);
    ofRange?.add(block, distances, mirrored);
  });

  const perRow = columns.rows - (isHalf ? 1 : 0);
  const pairs = Math.max(0, rows.rows * perRow);
  const [smallest, largest] = pairs > 0 ? [ofRows.smallest, ofRows.largest] : [Number.NaN, Number.NaN];
  const histogram = ofRange ?? new Histogram([smallest, largest], shape.bins);
  if (!ofRange) {
    await walkBlocks(measure, { isHalf }, turnOfPass(turn, 1, passes), (block, distances) => {
      const mirrored = isHalf ? leaveOutSelves(block, distances) : block.columns;
      histogram.add(block, distances, mirrored);
    });
  }
  const found = await nearest.finish(pauseIn(turn, passes * total, passes * total));
  return {
    ...{ pairs, smallest, largest, mean: ofRows.sums.reduce((sum, row) => sum + row, 0) / pairs },
    rowNearest: found.values,
    rowNearestIndices: found.indices,
    rowMeans: Float32Array.from(ofRows.sums, (sum) => sum / perRow),
    histogram: { from: histogram.from, to: histogram.to, counts: histogram.counts },
    ...(ofLabels && { labelSums: Float32Array.from(ofLabels.sums), labelCounts: ofLabels.counts }),
  };
}

/** Marks the distances of rows to themselves as none. @returns the first column whose pairs stand for two */
function leaveOutSelves(block: Block, distances: Float32Array<ArrayBuffer>): number {
  const { firstRow, rows, firstColumn, columns } = block;
  for (let r = 0; r < rows; r++) {
    const c = firstRow + r - firstColumn;
    if (c >= 0 && c < columns) distances[r * columns + c] = Number.NaN;
  }
  return firstMirrored(block);
}
