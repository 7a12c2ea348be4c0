import binarizeWgsl from '../../shaders/binarize.wgsl?raw';
import type { Job } from '../common/job.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { getKernel, type Kernel } from '../gpu/kernel.ts';
import type { MatrixChunk } from '../gpu/matrix.ts';
import { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { composeShader } from '../gpu/shader.ts';
import { type Dispatch, readBuffer, submit } from '../gpu/submit.ts';
import { makeTurns } from '../gpu/turns.ts';
import { checkValues, LARGEST } from './check.ts';
import { UNIFORM } from './distances.ts';
import type { BitThreshold, VectorSet } from './engine.ts';
import { floatOfKey, keyOfFloat, largestFloatAtMost } from './float-keys.ts';
import { findThresholds } from './thresholds.ts';

/** What turning rows into bits on the GPU needs. */
export interface Binarizer {
  readonly gpu: Gpu;
  readonly pace: Pace;
  /** Sets of fewer values are turned into bits by the CPU, which has done so before kernels were started. */
  readonly fewestValues: number;
  /** Bytes of real rows that are on the GPU at once, at most (for medians 32 dimensions at least). */
  readonly mostBytes: number;
  /** Bytes in one buffer, at most; what a binding takes unless told. */
  readonly maxChunkBytes?: number | undefined;
}

/** Where bits go: chunks of all rows, all zero, `lanes` × 4 words a row. */
export interface BitRows {
  readonly chunks: readonly MatrixChunk[];
  readonly lanes: number;
}

const SHADER = composeShader('shaders/binarize.wgsl', [binarizeWgsl]);
const GROUP_SIZE = 64;
const MOST_GROUPS = 65_535;
// Sent in one go: a few milliseconds of copying.
const PIECE_BYTES = 8 * 2 ** 20;
// Every value comes from memory to be looked at once; the first guesses of a pace are of kernels that use it eight times.
const VALUE_COST = 8;
// Two bits a step of a key of 32.
const STEPS = 16;
// Of the shader's struct Search, in words.
const SEARCH = { low: 0, next: 4, atMost: 8, shift: 24, words: 28 };

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
    const work = await openWork(binarizer, rectangles, scope, job, isSearched ? STEPS + 3 : 2);
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

/** Part of a set: some rows, some dimensions. Its keys take `lanes` × 4 numbers a row. */
interface Rectangle {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstDimension: number;
  readonly dimensions: number;
  readonly lanes: number;
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

type Work = Awaited<ReturnType<typeof openWork>>;

/** Kernels, buffers for the keys of the largest rectangle, and the count of what was done. */
async function openWork(
  { gpu, pace, maxChunkBytes = Infinity }: Binarizer,
  rectangles: readonly Rectangle[],
  scope: BufferScope,
  { signal, onProgress }: Job,
  looks: number,
) {
  const { device } = gpu;
  const [makeKeys, countBelow, chooseDigits, findNext, pack] = await Promise.all(
    ['makeKeys', 'countBelow', 'chooseDigits', 'findNext', 'packBits'].map((entry) =>
      getKernel(device, SHADER, entry),
    ),
  );
  if (!makeKeys || !countBelow || !chooseDigits || !findNext || !pack) throw new Error('a kernel is missing');
  const rows = Math.max(...rectangles.map((rectangle) => rectangle.rows));
  const lanes = Math.max(...rectangles.map((rectangle) => rectangle.lanes));
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const most = Math.min(maxChunkBytes, maxStorageBufferBindingSize, maxBufferSize);
  const chunkRows = Math.max(1, Math.floor(most / (lanes * 16)));
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const searchBytes = lanes * SEARCH.words * 4;
  const keys: KeyChunk[] = [];
  for (let first = 0; first < rows; first += chunkRows) {
    const count = Math.min(chunkRows, rows - first);
    const bytes = count * lanes * 16;
    const buffer = await scope.allocate('real rows to make bits of', bytes, STORAGE | COPY_DST);
    const settings = await scope.allocate('settings of making bits', pack.uniformBytes, UNIFORM);
    keys.push({ first, rows: count, keys: buffer, settings });
  }
  const settings = await scope.allocate('settings of making bits', pack.uniformBytes, UNIFORM);
  const searches = await scope.allocate('medians', searchBytes, STORAGE | COPY_SRC | COPY_DST);
  const thresholds = await scope.allocate('thresholds', lanes * 16, STORAGE | COPY_DST);
  const fault = await scope.allocate('whether a value is faulty', 4, STORAGE | COPY_SRC);
  const staging = await scope.allocate('medians to read', searchBytes, MAP_READ | COPY_DST);
  const total = looks * rectangles.reduce((sum, part) => sum + part.rows * part.lanes * 4, 0);
  let done = 0;
  return {
    ...{ device, pace, signal, makeKeys, countBelow, chooseDigits, findNext, pack },
    ...{ keys, settings, searches, thresholds, fault, staging },
    turn: makeTurns(),
    tell(values: number) {
      done += values;
      onProgress?.(done, total, 'Turning vectors into bits');
    },
  };
}

/** Keys of some rows of a rectangle. */
interface KeyChunk {
  readonly first: number;
  readonly rows: number;
  readonly keys: GPUBuffer;
  /** Of the kernels that read all of it, which may be several in one submit. */
  readonly settings: GPUBuffer;
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

/**
 * The median of each dimension of a rectangle, from the two middle values (one and the same when their number is odd):
 * NumPy's definition, in float64.
 */
async function findMedians(work: Work, rectangle: Rectangle): Promise<Float64Array<ArrayBuffer>> {
  const { device, searches, staging } = work;
  const { rows, lanes, dimensions } = rectangle;
  const start = new Uint32Array(lanes * SEARCH.words);
  for (let at = 0; at < start.length; at += SEARCH.words) {
    start.fill(0xffffffff, at + SEARCH.next, at + SEARCH.next + 4);
    start[at + SEARCH.shift] = 30;
  }
  device.queue.writeBuffer(searches, 0, start);
  const choose = {
    kernel: work.chooseDigits,
    uniforms: work.settings,
    values: { lanes, rank: (rows - 1) >>> 1 },
    storage: { searches },
    workgroups: groupsFor(lanes),
  };
  const batch = openBatch(work);
  for (let step = 0; step < STEPS; step++) {
    await lookAtAll(work, rectangle, work.countBelow, batch);
    batch.add(choose, 0);
  }
  await lookAtAll(work, rectangle, work.findNext, batch);
  await batch.flush();
  const bytes = start.byteLength;
  await submit(device, [], [{ from: searches, to: staging, bytes }]);
  return readBuffer(staging, bytes, (memory) => {
    const found = new Uint32Array(memory);
    return Float64Array.from({ length: dimensions }, (_, j) => {
      const at = (j >>> 2) * SEARCH.words + (j & 3);
      const low = found[at + SEARCH.low] ?? 0;
      const isBoth = (found[at + SEARCH.atMost] ?? 0) > rows >>> 1;
      const high = isBoth ? low : (found[at + SEARCH.next] ?? 0);
      return (floatOfKey(low) + floatOfKey(high)) / 2;
    });
  });
}

// Enough to keep a GPU busy; each ends with a dozen atomic additions, so they should have some rows to look at.
const INVOCATIONS = 2 ** 16;
const FEWEST_ROWS = 64;

/** Runs a kernel over all keys of a rectangle. */
async function lookAtAll(work: Work, rectangle: Rectangle, kernel: Kernel, batch: Batch): Promise<void> {
  const { lanes } = rectangle;
  const width = lanes * 4;
  for (const { keys, settings, rows: all } of chunksOf(work, rectangle)) {
    let rows = 0;
    for (let firstRow = 0; firstRow < all; firstRow += rows) {
      if ((all - firstRow) * width > batch.room) await batch.flush();
      rows = Math.min(all - firstRow, Math.max(1, Math.floor(batch.room / width)));
      const stripes = Math.min(Math.ceil(INVOCATIONS / lanes), Math.ceil(rows / FEWEST_ROWS));
      batch.add(
        {
          kernel,
          uniforms: settings,
          values: { firstRow, rows, lanes, stripes },
          storage: { keys, searches: work.searches },
          workgroups: groupsFor(lanes * stripes),
        },
        rows * width,
      );
      // The next one changes the settings, of which a submit knows only the last.
      if (rows < all) await batch.flush();
    }
  }
}

type Batch = ReturnType<typeof openBatch>;

/** Collects dispatches into submits that take as long as they may. */
function openBatch({ device, pace, signal, tell, turn }: Work) {
  let dispatches: Dispatch[] = [];
  let held = 0;
  return {
    get room() {
      return pace.budget / VALUE_COST - held;
    },
    add(dispatch: Dispatch, values: number) {
      dispatches.push(dispatch);
      held += values;
    },
    async flush() {
      if (dispatches.length === 0) return;
      signal?.throwIfAborted();
      const start = performance.now();
      await submit(device, dispatches);
      if (held > 0) pace.record(held * VALUE_COST, performance.now() - start);
      tell(held);
      dispatches = [];
      held = 0;
      await turn();
    },
  };
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

function* chunksOf({ keys }: Work, rectangle: Rectangle): Generator<KeyChunk> {
  for (const chunk of keys) {
    const rows = Math.min(chunk.rows, rectangle.rows - chunk.first);
    if (rows > 0) yield { ...chunk, rows };
  }
}

/** The kernels go on from there where there are more. */
function groupsFor(invocations: number): [number] {
  return [Math.min(MOST_GROUPS, Math.ceil(invocations / GROUP_SIZE))];
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
