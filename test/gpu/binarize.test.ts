import { afterAll, describe, expect, test } from 'vitest';
import { openGpu } from '../../src/gpu/gpu.ts';
import { BufferScope } from '../../src/gpu/memory.ts';
import { Pace } from '../../src/gpu/pace.ts';
import { readBuffer, submit } from '../../src/gpu/submit.ts';
import { binarize } from '../../src/metrics/binarize.ts';
import { createCpuEngine } from '../../src/metrics/cpu-engine.ts';
import type { BitThreshold, VectorSet } from '../../src/metrics/engine.ts';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { computeThresholds, packBits } from '../../src/metrics/thresholds.ts';
import { DIMENSIONS, expectedDistances, normalSet, randomStream, rowsOf } from './metric-data.ts';

const gpu = await openGpu();
if (!gpu) throw new Error('these tests need WebGPU');
afterAll(() => gpu.close());
const KINDS: readonly BitThreshold[] = ['median', 'mean', 'zero'];

interface Setup {
  /** Elements a millisecond: so many times 30 are in one submit. */
  readonly pace?: number;
  readonly mostBytes?: number;
  readonly maxChunkBytes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, what: string) => void;
}

// Three ways to cut the same work: at once; 32 dimensions at a time, in two submits a step; in buffers of a few rows.
const SETUPS: readonly Setup[] = [{}, { mostBytes: 1, pace: 100 }, { maxChunkBytes: 4096, pace: 40 }];

describe.each(KINDS)('bits above the %s', (kind) => {
  test.each(DIMENSIONS)('d = %i are those of the plain definition', async (dimension) => {
    for (const rows of [1, 2, 3, 36]) {
      const set = oddSet(dimension + rows, rows, dimension);
      const { thresholds, bits } = await onGpu(set, kind);
      const plain = plainThresholds(set, kind);
      expect(thresholds).toEqual(plain);
      expect(bits).toEqual(plainBits(set, plain));
    }
  });

  test('are the same however the work is cut, and those of the CPU', async () => {
    const set = oddSet(7, 90, 130);
    const whole = await onGpu(set, kind);
    for (const setup of SETUPS) expect(await onGpu(set, kind, setup)).toEqual(whole);
    const thresholds = await computeThresholds(set, kind);
    expect(whole.thresholds).toEqual(thresholds.map((value) => value + 0));
    const words = new Uint32Array(90 * 8);
    for (let i = 0; i < 90; i++) packBits(set, i, thresholds, words, i * 8);
    expect(whole.bits).toEqual(words);
  });

  test('of an engine, and of other rows by the thresholds of the base', async () => {
    const base = oddSet(3, 60, 70);
    const queries = oddSet(4, 25, 70);
    const engine = createGpuEngine(gpu, { fewestBinarized: 1, maxChunkBytes: 1024 });
    const onCpu = createCpuEngine();
    const options = { metric: 'hamming', threshold: kind } as const;
    for (const set of [base, queries]) {
      const distances = await engine.distances(set, { ...options, columns: base });
      expect(distances).toEqual(await createGpuEngine(gpu).distances(set, { ...options, columns: base }));
      expect(distances).toEqual(await onCpu.distances(set, { ...options, columns: base }));
      if (kind === 'median') {
        expect([...distances]).toEqual([...expectedDistances('hamming', set, base).values]);
      }
    }
    onCpu.dispose();
    engine.dispose();
  });

  test.each([
    [Number.NaN, 'every value must be finite'],
    [-Infinity, 'every value must be finite'],
    [2 ** 50, 'the size of a value may be at most 1000000000000000'],
  ])('%d is named with its place, the first of them', async (value, fault) => {
    const set = normalSet(5, 40, 70);
    set.vectors[12 * 70 + 69] = value;
    set.vectors[13 * 70 + 1] = Number.NaN;
    await expect(onGpu(set, kind, { mostBytes: 1 })).rejects.toThrow(
      new InvalidVectors(
        `The vectors hold ${value} in row 12, column 69 (counted from 0); ${fault}. Remove or repair that row.`,
      ),
    );
  });

  test('tell progress, stop when told to, and leave nothing behind', async () => {
    const set = normalSet(6, 200, 100);
    const before = gpu.memory.live.buffers;
    const told: number[] = [];
    let ends = 0;
    await onGpu(set, kind, {
      pace: 100,
      onProgress: (done, total, what) => {
        if (what === 'Turning vectors into bits') told.push(done / total);
        ends = total;
      },
    });
    expect(ends).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
    const controller = new AbortController();
    const stopped = onGpu(set, kind, {
      pace: 100,
      signal: controller.signal,
      onProgress: (done, total) => {
        if (done > total / 3) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow(controller.signal.reason);
    expect(gpu.memory.live.buffers).toBe(before);
  });
});

test('values at the mean and at the middle are not above it', async () => {
  // Dimensions: all equal; half below and half above by one step of a float; a mean that no float holds.
  const rows = [
    [0.1, 1, 16777216],
    [0.1, 1 + 2 ** -23, 16777218],
    [0.1, 1, 16777216],
    [0.1, 1 + 2 ** -23, 16777218],
  ];
  const set = { vectors: Float32Array.from(rows.flat()), dimension: 3 };
  for (const kind of ['mean', 'median'] as const) {
    const { bits } = await onGpu(set, kind);
    expect(bits.filter((_, at) => at % 4 === 0)).toEqual(Uint32Array.of(0, 0b110, 0, 0b110));
  }
});

/** Columns of every kind that is hard for medians, in turn. */
function oddSet(seed: number, rows: number, dimension: number): VectorSet {
  const random = randomStream(seed);
  const few = [-1, 0, 0, -0, 1, 0.5];
  const tiny = [2 ** -149, -(2 ** -149), 0, -0, 3 * 2 ** -149, 1e-39, -1e-39];
  const vectors = new Float32Array(rows * dimension);
  for (let j = 0; j < dimension; j++) {
    for (let i = 0; i < rows; i++) {
      const pick = (values: readonly number[]) => values[Math.floor(random() * values.length)] ?? 0;
      const kinds = [
        () => random() - 0.5,
        () => pick(few),
        () => pick(tiny),
        () => 0.1,
        () => 1 + Math.floor(random() * 3) * 2 ** -23,
        () => (random() - 0.5) * 1e15,
        () => -1e4 - random(),
        () => (random() < 0.5 ? -0 : 0),
      ];
      vectors[i * dimension + j] = kinds[(j + seed) % kinds.length]?.() ?? 0;
    }
  }
  return { vectors, dimension };
}

function plainThresholds(set: VectorSet, kind: BitThreshold): Float64Array {
  return Float64Array.from({ length: set.dimension }, (_, j) => {
    const column = rowsOf(set).map((row) => row[j] ?? 0);
    if (kind === 'zero') return 0;
    if (kind === 'mean') return column.reduce((sum, value) => sum + value, 0) / column.length;
    column.sort((a, b) => a - b);
    const at = (rank: number) => column[rank] ?? Number.NaN;
    // + 0: the middle of −0 and −0 is told as 0.
    return (at((column.length - 1) >> 1) + at(column.length >> 1)) / 2 + 0;
  });
}

/** Packed as the kernels take them: 128 to a lane. */
function plainBits(set: VectorSet, thresholds: Float64Array): Uint32Array {
  const stride = 4 * Math.ceil(set.dimension / 128);
  const words = new Uint32Array((set.vectors.length / set.dimension) * stride);
  rowsOf(set).forEach((row, i) => {
    row.forEach((value, j) => {
      const at = i * stride + (j >> 5);
      if (value > (thresholds[j] ?? 0)) words[at] = (words[at] ?? 0) + 2 ** (j & 31);
    });
  });
  return words;
}

/** Into two chunks where there are rows for two. */
async function onGpu(set: VectorSet, kind: BitThreshold, setup: Setup = {}) {
  if (!gpu) throw new Error('no GPU');
  const { pace = 1e6, mostBytes = 2 ** 28, maxChunkBytes, ...job } = setup;
  const scope = new BufferScope(gpu.memory);
  try {
    const lanes = Math.ceil(set.dimension / 128);
    const rows = set.vectors.length / set.dimension;
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const chunks = [];
    for (const [first, stop] of [
      [0, Math.ceil(rows / 3)],
      [Math.ceil(rows / 3), rows],
    ] as const) {
      if (stop === first) continue;
      const bytes = (stop - first) * lanes * 16;
      const buffer = await scope.allocate('bits', bytes, STORAGE | COPY_SRC);
      chunks.push({ first, rows: stop - first, lanes: buffer, sides: buffer });
    }
    const binarizer = { gpu, pace: new Pace(pace), fewestValues: 1, mostBytes, maxChunkBytes };
    const thresholds = await binarize(binarizer, set, 'The vectors', kind, { chunks, lanes }, job);
    const bits = new Uint32Array(rows * lanes * 4);
    for (const chunk of chunks) {
      const bytes = chunk.rows * lanes * 16;
      const staging = await scope.allocate('bits to read', bytes, MAP_READ | COPY_DST);
      await submit(gpu.device, [], [{ from: chunk.lanes, to: staging, bytes }]);
      await readBuffer(staging, bytes, (memory) =>
        bits.set(new Uint32Array(memory), chunk.first * lanes * 4),
      );
    }
    return { thresholds, bits };
  } finally {
    scope.free();
  }
}
