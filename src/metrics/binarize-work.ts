import binarizeWgsl from '../../shaders/binarize.wgsl?raw';
import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { getKernel } from '../gpu/kernel.ts';
import type { BufferScope } from '../gpu/memory.ts';
import type { Pace } from '../gpu/pace.ts';
import { composeShader } from '../gpu/shader.ts';
import { type Dispatch, submit } from '../gpu/submit.ts';
import { UNIFORM } from './distances.ts';

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

/** Part of a set: some rows, some dimensions. Its keys take `lanes` × 4 numbers a row. */
export interface Rectangle {
  readonly firstRow: number;
  readonly rows: number;
  readonly firstDimension: number;
  readonly dimensions: number;
  readonly lanes: number;
}

// Of the shader's struct Search, in words.
export const SEARCH = { low: 0, next: 4, atMost: 8, shift: 24, words: 28 };

const SHADER = composeShader('shaders/binarize.wgsl', [binarizeWgsl]);
const GROUP_SIZE = 64;
const MOST_GROUPS = 65_535;
// Every value comes from memory to be looked at once; the first guesses of a pace are of kernels that use it eight times.
const VALUE_COST = 8;

export type Work = Awaited<ReturnType<typeof openWork>>;

/** Kernels, buffers for the keys of the largest rectangle, and the count of what was done. */
export async function openWork(
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
export interface KeyChunk {
  readonly first: number;
  readonly rows: number;
  readonly keys: GPUBuffer;
  /** Of the kernels that read all of it, which may be several in one submit. */
  readonly settings: GPUBuffer;
}

export type Batch = ReturnType<typeof openBatch>;

/** Collects dispatches into submits that take as long as they may. */
export function openBatch({ device, pace, signal, tell, turn }: Work) {
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

export function* chunksOf({ keys }: Work, rectangle: Rectangle): Generator<KeyChunk> {
  for (const chunk of keys) {
    const rows = Math.min(chunk.rows, rectangle.rows - chunk.first);
    if (rows > 0) yield { ...chunk, rows };
  }
}

/** The kernels go on from there where there are more. */
export function groupsFor(invocations: number): [number] {
  return [Math.min(MOST_GROUPS, Math.ceil(invocations / GROUP_SIZE))];
}
