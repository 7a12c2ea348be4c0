import type { MetricOptions, Neighbors } from '../engine.ts';
import { firstMirrored, pauseIn, type Turn, walkBlocks } from './blocks.ts';
import type { KnownSet } from './known-set.ts';
import { makeMeasure, nearestOf } from './measure.ts';
import { NearestLists } from './nearest.ts';

export interface NeighborsQuestion extends MetricOptions {
  readonly k: number;
  readonly leaveOutSelf: boolean;
  readonly allowed?: Uint8Array<ArrayBuffer> | undefined;
}

/** @returns k nearest columns of every row, as the engine's `neighbors` says */
export async function computeNeighbors(
  rows: KnownSet,
  columns: KnownSet,
  question: NeighborsQuestion,
  turn: Turn,
): Promise<Neighbors> {
  const { metric, k, allowed, leaveOutSelf } = question;
  const total = rows.rows * columns.rows;
  const list = allowed && listOf(allowed);
  const measure = await makeMeasure(question, { rows, columns, list }, pauseIn(turn, 0, total));
  const lists = new NearestLists(new Float32Array(rows.rows * k), rows.rows, k, nearestOf(metric));
  const isHalf = rows === columns && !list;
  const places = leaveOutSelf && list ? placesOf(list, rows.rows) : undefined;
  await walkBlocks(measure, { isHalf }, turn, (block, distances) => {
    const { firstRow, firstColumn, columns: width } = block;
    for (let r = 0; r < block.rows && leaveOutSelf; r++) {
      const self = (places ? (places[firstRow + r] ?? -1) : firstRow + r) - firstColumn;
      if (self >= 0 && self < width) distances[r * width + self] = Number.NaN;
    }
    lists.add(block, distances, isHalf ? firstMirrored(block) : width);
  });
  const { indices, values } = await lists.finish(pauseIn(turn, total, total));
  return { k, indices: list ? indices.map((at) => list[at] ?? 0) : indices, distances: values };
}

/** The columns that may be found. */
function listOf(allowed: Uint8Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const list = new Uint32Array(allowed.length);
  let count = 0;
  allowed.forEach((isAllowed, column) => {
    if (isAllowed !== 0) list[count++] = column;
  });
  return list.slice(0, count);
}

/** Where in a list each row is, or −1. */
function placesOf(list: Uint32Array<ArrayBuffer>, rows: number): Int32Array<ArrayBuffer> {
  const places = new Int32Array(rows).fill(-1);
  list.forEach((row, place) => {
    places[row] = place;
  });
  return places;
}
