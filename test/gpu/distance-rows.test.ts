import { afterAll, describe, expect, test } from 'vitest';
import { isAbort } from '../../src/common/job.ts';
import { openGpu } from '../../src/gpu/gpu.ts';
import type { DistanceRows } from '../../src/metrics/engine.ts';
import { InvalidVectors } from '../../src/metrics/errors.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { METRICS, normalSet, withOddRows } from './metric-data.ts';

const opened = await openGpu();
if (!opened) throw new Error('these tests need WebGPU');
const gpu = opened;
afterAll(() => gpu.close());
const engine = createGpuEngine(gpu);
// Chunks of a few rows and blocks of a few pairs, so that every loop over them turns.
const choppy = createGpuEngine(gpu, { maxChunkBytes: 16 * 1024, maxPairs: 100 });

// At most as many pairs in a piece as make nine of these rows.
const WIDE = { rows: 20, columns: 300 };
const inPieces = { maxPairs: 9 * 300 };

async function gather(pieces: AsyncIterable<DistanceRows>, columns: number) {
  const values: number[] = [];
  let next = 0;
  for await (const { firstRow, rows, distances } of pieces) {
    expect(firstRow).toBe(next);
    expect(distances.length).toBe(rows * columns);
    next += rows;
    for (const value of distances) values.push(value);
  }
  return Float32Array.from(values);
}

async function readBack(device: GPUDevice, buffer: GPUBuffer, count: number): Promise<Float32Array> {
  const bytes = count * 4;
  const staging = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}

describe.each(METRICS)('%s distances by rows and on the GPU', (metric) => {
  const rows = withOddRows(normalSet(1, 70, 130));
  test.each([
    ['the set itself', undefined],
    ['another set', normalSet(2, 45, 130)],
    ['one column', normalSet(3, 1, 130)],
  ])('are the same bytes as all at once: %s', async (_, columns) => {
    const options = { metric, columns };
    const whole = await engine.distances(rows, options);
    const width = whole.length / 70;
    expect(await gather(engine.distanceRows(rows, options), width)).toEqual(whole);
    expect(await gather(choppy.distanceRows(rows, options), width)).toEqual(whole);
    for (const each of [engine, choppy]) {
      const matrix = await each.distancesOnGpu(rows, options);
      expect([matrix.rows, matrix.columns]).toEqual([70, width]);
      expect(await readBack(gpu.device, matrix.buffer, whole.length)).toEqual(whole);
      matrix.free();
    }
    const row = { vectors: rows.vectors.slice(0, 130), dimension: 130 };
    const first = await engine.distances(row, { metric, columns: columns ?? rows });
    expect(await gather(choppy.distanceRows(row, { metric, columns: columns ?? rows }), width)).toEqual(
      first,
    );
  });
});

describe('a stream', () => {
  const rows = normalSet(1, WIDE.rows, 1);
  const columns = normalSet(2, WIDE.columns, 1);
  const streaming = createGpuEngine(gpu, inPieces);
  const options = { metric: 'manhattan', columns } as const;

  test('comes a few whole rows at a time, with progress', async () => {
    const steps: number[] = [];
    const pieces: number[] = [];
    const job = {
      onProgress: (done: number, total: number, what: string) => {
        if (what === 'Measuring distances') steps.push(done / total);
      },
    };
    for await (const piece of streaming.distanceRows(rows, options, job)) {
      pieces.push(piece.rows);
      expect(steps.at(-1)).toBe((piece.firstRow + piece.rows) / WIDE.rows);
      const at = WIDE.columns + 77;
      const expected = Math.abs((rows.vectors[piece.firstRow + 1] ?? 0) - (columns.vectors[77] ?? 0));
      expect(piece.distances[at]).toBeCloseTo(expected, 5);
    }
    expect(pieces).toEqual([9, 9, 2]);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  test('of very wide rows takes eight at a time, and no more than 4 MiB of any others', async () => {
    const wide = { metric: 'manhattan', columns: normalSet(3, 131_073, 1) } as const;
    const narrow = { metric: 'manhattan', columns: normalSet(3, 3, 1) } as const;
    const long = normalSet(4, 400_000, 1);
    const first = async (stream: AsyncGenerator<DistanceRows, void>) => {
      for await (const piece of stream) return piece.rows;
      return 0;
    };
    expect(await first(engine.distanceRows(rows, wide))).toBe(8);
    expect(await first(engine.distanceRows(long, narrow))).toBe(Math.floor(2 ** 20 / 3));
  });

  test('that is left early, cancelled or never begun frees all but the sets', async () => {
    await streaming.distances(normalSet(1, 2, 1), options);
    await engine
      .distanceRows(rows, options)
      .next()
      .then(() => undefined);
    for await (const _ of streaming.distanceRows(rows, options)) break;
    const { live } = gpu.memory;
    streaming.distanceRows(rows, options);
    for await (const piece of streaming.distanceRows(rows, options)) {
      expect(piece.firstRow).toBe(0);
      expect(gpu.memory.live.buffers).toBeGreaterThan(live.buffers);
      break;
    }
    // Sets of earlier tests may go meanwhile.
    expect(gpu.memory.live.buffers).toBeLessThanOrEqual(live.buffers);

    const controller = new AbortController();
    const stream = streaming.distanceRows(rows, options, { signal: controller.signal });
    expect((await stream.next()).value?.firstRow).toBe(0);
    controller.abort();
    await expect(stream.next()).rejects.toSatisfy(isAbort);
    expect((await stream.next()).done).toBe(true);
    // Sets of earlier tests may go meanwhile.
    expect(gpu.memory.live.buffers).toBeLessThanOrEqual(live.buffers);

    const inside = new AbortController();
    const cut = choppy.distanceRows(rows, options, {
      signal: inside.signal,
      onProgress: () => inside.abort(),
    });
    await expect(cut.next()).rejects.toSatisfy(isAbort);
  });

  test('refuses bad input when it is asked, and is empty for empty sets', async () => {
    const none = { vectors: new Float32Array(0), dimension: 1 };
    const broken = { vectors: Float32Array.of(1, Number.NaN), dimension: 1 };
    await expect(engine.distanceRows(rows, { metric: 'dot', columns: broken }).next()).rejects.toThrow(
      InvalidVectors,
    );
    await expect(
      engine.distanceRows(rows, { metric: 'dot', columns: normalSet(1, 2, 3) }).next(),
    ).rejects.toThrow('The vectors have dimension 1 and the columns have 3; both must be the same.');
    expect(await gather(engine.distanceRows(none, options), WIDE.columns)).toEqual(new Float32Array(0));
    expect(await gather(engine.distanceRows(rows, { metric: 'dot', columns: none }), 0)).toEqual(
      new Float32Array(0),
    );
  });
});

describe('after a device loss', () => {
  test.each(['between pieces', 'within a piece'])('%s: a stream goes on where it was', async (when) => {
    const lossy = await openGpu();
    if (!lossy) throw new Error('these tests need WebGPU');
    try {
      const fragile = createGpuEngine(lossy, inPieces);
      const rows = normalSet(1, WIDE.rows, 1);
      const options = { metric: 'euclidean', columns: normalSet(2, WIDE.columns, 1) } as const;
      const whole = await engine.distances(rows, options);
      const first = lossy.device;
      let current = 0;
      const onProgress = (_: number, __: number, what: string) => {
        if (when === 'within a piece' && current === 9 && what === 'Measuring distances') first.destroy();
      };
      const firstRows: number[] = [];
      for await (const piece of fragile.distanceRows(rows, options, { onProgress })) {
        firstRows.push(piece.firstRow);
        const start = piece.firstRow * WIDE.columns;
        const same = piece.distances.every((value, at) => value === whole[start + at]);
        expect(same).toBe(true);
        current = piece.firstRow + piece.rows;
        if (when === 'between pieces' && current === 9) first.destroy();
      }
      expect(firstRows).toEqual([0, 9, 18]);
      expect(lossy.device).not.toBe(first);
    } finally {
      lossy.close();
    }
  });

  test('a matrix on the GPU is measured again on the new device', async () => {
    const lossy = await openGpu();
    if (!lossy) throw new Error('these tests need WebGPU');
    try {
      const fragile = createGpuEngine(lossy, { maxPairs: 500 });
      const set = normalSet(1, 60, 8);
      for (const when of [0.3, 0.99]) {
        const first = lossy.device;
        const onProgress = (done: number, total: number) => {
          if (done > when * total && lossy.device === first) first.destroy();
        };
        const matrix = await fragile.distancesOnGpu(set, { metric: 'dot' }, { onProgress });
        expect(lossy.device).not.toBe(first);
        expect(await readBack(lossy.device, matrix.buffer, 3600)).toEqual(
          await engine.distances(set, { metric: 'dot' }),
        );
        matrix.free();
      }
    } finally {
      lossy.close();
    }
  });
});

describe('a matrix on the GPU', () => {
  test('that does not fit a binding is refused before anything is measured', async () => {
    const most = Math.min(gpu.device.limits.maxStorageBufferBindingSize, gpu.device.limits.maxBufferSize);
    const rows = { vectors: new Float32Array(Math.ceil(most / 4 / 1000) + 1), dimension: 1 };
    const { live } = gpu.memory;
    await expect(
      engine.distancesOnGpu(rows, { metric: 'dot', columns: normalSet(1, 1000, 1) }),
    ).rejects.toThrow(
      /^\d+ × 1000 distances take .*iB; a buffer of this GPU holds at most .*iB\. Ask .* distanceRows/,
    );
    // Sets of earlier tests may go meanwhile.
    expect(gpu.memory.live.buffers).toBeLessThanOrEqual(live.buffers);
  });

  test('leaves nothing when cancelled or freed, and is empty for empty sets', async () => {
    const set = normalSet(4, 60, 8);
    (await choppy.distancesOnGpu(set, { metric: 'dot' })).free();
    const { live } = gpu.memory;
    const controller = new AbortController();
    const job = { signal: controller.signal, onProgress: () => controller.abort() };
    await expect(choppy.distancesOnGpu(set, { metric: 'dot' }, job)).rejects.toSatisfy(isAbort);
    // Sets of earlier tests may go meanwhile.
    expect(gpu.memory.live.buffers).toBeLessThanOrEqual(live.buffers);
    const none = { vectors: new Float32Array(0), dimension: 8 };
    const empty = await engine.distancesOnGpu(none, { metric: 'dot', columns: set });
    expect([empty.rows, empty.columns]).toEqual([0, 60]);
    empty.free();
  });
});
