import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import type { MatrixChunk } from '../gpu/matrix.ts';
import { BufferScope } from '../gpu/memory.ts';
import { readBuffer, submit } from '../gpu/submit.ts';
import {
  type Binarizer,
  chunksOf,
  groupsFor,
  openBatch,
  openWork,
  type Rectangle,
  type Work,
} from './binarize-work.ts';
import { checkValues, LARGEST } from './check.ts';
import type { BitThreshold, VectorSet } from './engine.ts';
import { findMedians, SEARCH_LOOKS } from './find-medians.ts';
import { keyOfFloat, largestFloatAtMost } from './float-keys.ts';
import { findThresholds } from './thresholds.ts';

/** Where bits go: chunks of all rows, all zero, `lanes` × 4 words a row. */
export interface BitRows {
  readonly chunks: readonly MatrixChunk[];
  readonly lanes: number;
}

// Sent in one go: a few milliseconds of copying.
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * Turns the rows of a set into bits on the GPU: bit j of a row is set where its value j is above threshold j.
 *
 * Values go to the GPU once and do not stay. Medians are found there, for as many dimensions at a time as fit in
 * `mostBytes`. Means are summed here: they are defined as sums in float64, which a GPU does not have, and both engines
 * have to decide alike on values next to the mean.
 *
 * @param thresholds how to find them, or the known ones, one a dimension
 * @returns the thresholds
 * @throws {InvalidVectors} naming row and column of a value that cannot be measured
 */
export async function binarize(
  binarizer: Binarizer,
  set: VectorSet,
  what: string,
  thresholds: BitThreshold | Float64Array<ArrayBuffer>,
  bits: BitRows,
  job: Job = {},
): Promise<Float64Array<ArrayBuffer>> {
  const rows = set.vectors.length / set.dimension;
  const isSearched = thresholds === 'median';
  const found = await firstThresholds(set, thresholds, job);
  if (rows === 0) return found;
  const scope = new BufferScope(binarizer.gpu.memory);
  try {
    const rectangles = [...(isSearched ? dimensionsAtATime(set, binarizer) : rowsAtATime(set))];
    const work = await openWork(binarizer, rectangles, scope, job, isSearched ? SEARCH_LOOKS + 2 : 2);
    for (const rectangle of rectangles) {
      await sendKeys(work, set, rectangle);
      if (isSearched) found.set(await findMedians(work, rectangle), rectangle.firstDimension);
      await packBits(work, rectangle, found, bits);
    }
    if (await isFaulty(work)) await nameFault(set, what);
    return found;
  } finally {
    scope.free();
  }
}

function* rowsAtATime({ vectors, dimension }: VectorSet): Generator<Rectangle> {
  const all = vectors.length / dimension;
  const lanes = Math.ceil(dimension / 4);
  const most = Math.max(1, Math.floor(PIECE_BYTES / (lanes * 16)));
  for (let firstRow = 0; firstRow < all; firstRow += most) {
    const rows = Math.min(most, all - firstRow);
    yield { firstRow, rows, firstDimension: 0, dimensions: dimension, lanes };
  }
}

/** All rows, for whole words of dimensions. */
function* dimensionsAtATime(
  { vectors, dimension }: VectorSet,
  { mostBytes }: Binarizer,
): Generator<Rectangle> {
  const rows = vectors.length / dimension;
  const most = 32 * Math.max(1, Math.floor(mostBytes / (rows * 32 * 4)));
  for (let firstDimension = 0; firstDimension < dimension; firstDimension += most) {
    const dimensions = Math.min(most, dimension - firstDimension);
    yield { firstRow: 0, rows, firstDimension, dimensions, lanes: Math.ceil(dimensions / 4) };
  }
}

async function firstThresholds(
  set: VectorSet,
  thresholds: BitThreshold | Float64Array<ArrayBuffer>,
  job: Job,
): Promise<Float64Array<ArrayBuffer>> {
  if (thresholds === 'median') return new Float64Array(set.dimension);
  if (typeof thresholds !== 'string') return thresholds;
  return findThresholds(set, thresholds, job);
}

const LARGEST_BITS = new Uint32Array(Float32Array.of(largestFloatAtMost(LARGEST)).buffer)[0] ?? 0;

async function sendKeys(work: Work, set: VectorSet, rectangle: Rectangle): Promise<void> {
  const { device, settings, fault } = work;
  const { lanes } = rectangle;
  const most = Math.max(1, Math.floor(PIECE_BYTES / (lanes * 16)));
  for (const { keys, first, rows: all } of chunksOf(work, rectangle)) {
    for (let firstRow = 0; firstRow < all; firstRow += most) {
      work.signal?.throwIfAborted();
      const rows = Math.min(most, all - firstRow);
      writeFloats(device, set, rectangle, first + firstRow, rows, keys, firstRow);
      const kernel = work.makeKeys;
      const values = { firstRow, rows, lanes, largest: LARGEST_BITS };
      const workgroups = groupsFor(rows * lanes);
      await submit(device, [{ kernel, uniforms: settings, values, storage: { keys, fault }, workgroups }]);
      work.tell(rows * lanes * 4);
      await work.turn();
    }
  }
}

/** Rows of a rectangle as they are, padded with zeros to whole lanes. */
function writeFloats(
  device: GPUDevice,
  { vectors, dimension }: VectorSet,
  { firstRow, firstDimension, dimensions, lanes }: Rectangle,
  first: number,
  rows: number,
  buffer: GPUBuffer,
  at: number,
): void {
  const width = lanes * 4;
  const start = (firstRow + first) * dimension + firstDimension;
  if (width === dimension) {
    device.queue.writeBuffer(buffer, at * width * 4, vectors, start, rows * width);
    return;
  }
  const floats = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    const from = start + i * dimension;
    floats.set(vectors.subarray(from, from + dimensions), i * width);
  }
  device.queue.writeBuffer(buffer, at * width * 4, floats);
}

async function packBits(
  work: Work,
  rectangle: Rectangle,
  thresholds: Float64Array<ArrayBuffer>,
  { chunks, lanes: lanesOut }: BitRows,
): Promise<void> {
  const { lanes, firstRow, firstDimension, dimensions } = rectangle;
  const limits = new Uint32Array(lanes * 4).fill(0xffffffff);
  for (let j = 0; j < dimensions; j++) {
    limits[j] = keyOfFloat(largestFloatAtMost(thresholds[firstDimension + j] ?? 0));
  }
  work.device.queue.writeBuffer(work.thresholds, 0, limits);
  const words = Math.ceil(dimensions / 32);
  const batch = openBatch(work);
  for (const from of chunksOf(work, rectangle)) {
    for (const to of chunks) {
      const stop = Math.min(firstRow + from.first + from.rows, to.first + to.rows);
      let rows = 0;
      for (let row = Math.max(firstRow + from.first, to.first); row < stop; row += rows) {
        rows = Math.min(stop - row, Math.max(1, Math.floor(batch.room / (lanes * 4))));
        const values = {
          ...{ firstRow: row - firstRow - from.first, rows, lanes, words },
          ...{ firstRowOut: row - to.first, wordsInRow: lanesOut * 4, firstWord: firstDimension / 32 },
        };
        const storage = { keys: from.keys, thresholds: work.thresholds, bits: to.lanes };
        const workgroups = groupsFor(rows * words);
        batch.add(
          { kernel: work.pack, uniforms: work.settings, values, storage, workgroups },
          rows * lanes * 4,
        );
        await batch.flush();
      }
    }
  }
}

async function isFaulty({ device, fault, staging }: Work): Promise<boolean> {
  await submit(device, [], [{ from: fault, to: staging, bytes: 4 }]);
  return readBuffer(staging, 4, (memory) => new Uint32Array(memory)[0] !== 0);
}

/** Kernels only say that there is a faulty value: here it is looked up. */
async function nameFault(set: VectorSet, what: string): Promise<void> {
  const turn = makeTurns();
  const rows = set.vectors.length / set.dimension;
  for (let row = 0; row < rows; row++) {
    checkValues(set, what, row, 1);
    await turn();
  }
}
