import type { DistanceRows, MetricOptions } from '../engine.ts';
import { firstMirrored, pauseIn, type Turn, walkBlocks } from './blocks.ts';
import type { KnownSet } from './known-set.ts';
import { makeMeasure } from './measure.ts';

/** @returns rows × columns distances, row-major */
export async function computeDistances(
  rows: KnownSet,
  columns: KnownSet,
  options: MetricOptions,
  turn: Turn,
): Promise<Float32Array<ArrayBuffer>> {
  const result = new Float32Array(rows.rows * columns.rows);
  if (result.length === 0) return result;
  const measure = await makeMeasure(options, { rows, columns }, pauseIn(turn, 0, result.length));
  const isHalf = rows === columns;
  await walkBlocks(measure, { isHalf }, turn, (block, distances) => {
    const { firstRow, firstColumn, columns: width } = block;
    for (let r = 0; r < block.rows; r++) {
      const row = firstRow + r;
      const values = distances.subarray(r * width, (r + 1) * width);
      result.set(values, row * columns.rows + firstColumn);
      if (!isHalf) continue;
      for (let c = firstMirrored(block); c < width; c++) {
        result[(firstColumn + c) * columns.rows + row] = values[c] ?? 0;
      }
    }
  });
  return result;
}

// 4 MiB of distances.
const PIECE_PAIRS = 2 ** 20;

/**
 * The same in pieces of whole rows, from the first to the last.
 *
 * @returns a function that measures the next piece, or gives undefined after the last
 */
export function openDistanceRows(
  rows: KnownSet,
  columns: KnownSet,
  options: MetricOptions,
): (turn: Turn) => Promise<DistanceRows | undefined> {
  const atOnce = Math.max(1, Math.floor(PIECE_PAIRS / Math.max(1, columns.rows)));
  const total = rows.rows * columns.rows;
  let opened: ReturnType<typeof makeMeasure> | undefined;
  let firstRow = 0;
  return async (turn) => {
    const count = Math.min(atOnce, rows.rows - firstRow);
    if (count === 0) return undefined;
    opened ??= makeMeasure(options, { rows, columns }, pauseIn(turn, 0, total));
    const measure = await opened;
    const result = new Float32Array(count * columns.rows);
    const before = firstRow * columns.rows;
    const turnOfPiece: Turn = (done) => turn(before + done, total);
    await walkBlocks(measure, { firstRow, rows: count }, turnOfPiece, (block, distances) => {
      const { columns: width } = block;
      for (let r = 0; r < block.rows; r++) {
        const at = (block.firstRow - firstRow + r) * columns.rows + block.firstColumn;
        result.set(distances.subarray(r * width, (r + 1) * width), at);
      }
    });
    const piece = { firstRow, rows: count, distances: result };
    firstRow += count;
    return piece;
  };
}
