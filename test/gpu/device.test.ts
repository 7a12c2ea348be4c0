import { afterEach, expect, test, vi } from 'vitest';
import { type Gpu, openGpu } from '../../src/gpu/gpu.ts';
import { getKernel } from '../../src/gpu/kernel.ts';
import { composeShader } from '../../src/gpu/shader.ts';
import { createGpuEngine } from '../../src/metrics/gpu-engine.ts';
import { normalSet } from './metric-data.ts';

const opened: Gpu[] = [];

async function open(): Promise<Gpu> {
  const gpu = await openGpu();
  if (!gpu) throw new Error('these tests need WebGPU');
  opened.push(gpu);
  return gpu;
}

afterEach(() => {
  vi.unstubAllGlobals();
  for (const gpu of opened.splice(0)) gpu.close();
});

test('the device has all that the adapter offers', async () => {
  const gpu = await open();
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
  expect(gpu.adapter.vendor).toBe(adapter?.info.vendor);
  expect(gpu.adapter.isFallback).toBe(adapter?.info.isFallbackAdapter);
  expect(gpu.device.limits.maxBufferSize).toBe(adapter?.limits.maxBufferSize);
  expect(gpu.device.limits.maxStorageBufferBindingSize).toBe(adapter?.limits.maxStorageBufferBindingSize);
  expect(gpu.adapter.limits.maxBufferSize).toBe(adapter?.limits.maxBufferSize);
  for (const feature of ['shader-f16', 'subgroups', 'timestamp-query'] as const) {
    expect(gpu.device.features.has(feature)).toBe(adapter?.features.has(feature));
  }
});

test('without WebGPU there is no device, and a plain reason', async () => {
  const reasons: string[] = [];
  vi.stubGlobal('navigator', {});
  expect(await openGpu((reason) => reasons.push(reason))).toBeNull();
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  expect(await openGpu((reason) => reasons.push(reason))).toBeNull();
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('driver asleep')) } });
  expect(await openGpu((reason) => reasons.push(reason))).toBeNull();
  expect(reasons).toEqual([
    'This browser has no WebGPU.',
    'This browser has WebGPU but found no GPU that it may use.',
    'The GPU refused to open: driver asleep',
  ]);
});

test('a lost device is heard of, and replaced when asked', async () => {
  const gpu = await open();
  const first = gpu.device;
  const heard: string[] = [];
  gpu.onLost(({ reason }) => heard.push(`lost: ${reason}`));
  gpu.onRecovered(() => heard.push('recovered'));
  first.destroy();
  await first.lost;
  await Promise.all([gpu.recover(), gpu.recover()]);
  expect(heard).toEqual(['lost: destroyed', 'recovered']);
  expect(gpu.isLost).toBe(false);
  expect(gpu.device).not.toBe(first);
});

test('closing is no loss, and final', async () => {
  const gpu = await open();
  const lost = vi.fn();
  gpu.onLost(lost);
  gpu.close();
  await gpu.device.lost;
  expect(lost).not.toHaveBeenCalled();
  await expect(gpu.recover()).rejects.toThrow('The GPU was closed by this page.');
});

test('the engine goes on after a loss: between jobs, and in the middle of one', async () => {
  const gpu = await open();
  const engine = createGpuEngine(gpu, { maxPairs: 2000 });
  const set = normalSet(1, 100, 40);
  const before = await engine.neighbors(set, { metric: 'cosine', k: 5 });
  gpu.device.destroy();
  expect(await engine.neighbors(set, { metric: 'cosine', k: 5 })).toEqual(before);
  const first = gpu.device;
  const onProgress = (done: number, total: number) => {
    if (done > total / 3 && gpu.device === first) first.destroy();
  };
  expect(await engine.neighbors(set, { metric: 'cosine', k: 5 }, { onProgress })).toEqual(before);
  expect(gpu.device).not.toBe(first);
  const second = gpu.device;
  const [distances, similarity] = await Promise.all([
    engine.distances(set, { metric: 'dot' }, { onProgress: () => second.destroy() }),
    engine.similarity(set, normalSet(2, 4, 40)),
  ]);
  expect(distances).toEqual(await engine.distances(set, { metric: 'dot' }));
  expect(similarity).toEqual(await engine.similarity(set, normalSet(2, 4, 40)));
});

test.each([1, 2, 3])(
  'nothing is measured of what went to a device that is no more, lost at step %i of making bits',
  async (step) => {
    const gpu = await open();
    // The page gets another device at once, while the job still prepares its rows.
    gpu.onLost(() => void gpu.recover());
    const engine = createGpuEngine(gpu);
    const set = normalSet(3, 800, 16);
    const first = gpu.device;
    let steps = 0;
    const distances = await engine.distances(
      set,
      { metric: 'hamming' },
      {
        onProgress: () => {
          if (++steps === step) first.destroy();
        },
      },
    );
    expect(gpu.device).not.toBe(first);
    expect(distances).toEqual(await engine.distances(set, { metric: 'hamming' }));
    expect(Math.max(...distances.subarray(0, 800))).toBeGreaterThan(8);
  },
);

test('a device that is lost again in the same job is told as that, not as a cancel', async () => {
  const gpu = await open();
  const engine = createGpuEngine(gpu, { maxPairs: 2000 });
  const set = normalSet(1, 100, 40);
  const onProgress = (done: number, total: number) => {
    if (done > total / 3) gpu.device.destroy();
  };
  await expect(engine.distances(set, { metric: 'dot' }, { onProgress })).rejects.toThrow(
    'The GPU was lost again while it did the same work.',
  );
  expect(await engine.distances(set, { metric: 'dot' })).toHaveLength(10_000);
});

test('a shader that does not compile is named, with the line and the reason', async () => {
  const gpu = await open();
  const shader = composeShader('shaders/broken.wgsl', ['fn f() -> u32 {', '  return missing;', '}']);
  await expect(getKernel(gpu.device, shader, 'f')).rejects.toThrow(
    /^shaders\/broken\.wgsl: .*missing.* in "return missing;"$/,
  );
});

test('an entry point that does not exist is named with its shader', async () => {
  const gpu = await open();
  const code = 'struct Job { n: u32 }\n@group(0) @binding(0) var<uniform> job: Job;';
  await expect(getKernel(gpu.device, composeShader('shaders/empty.wgsl', [code]), 'go')).rejects.toThrow(
    /^shaders\/empty\.wgsl: /,
  );
});

test('jobs leave nothing on the GPU but the sets they keep, and dispose not even those', async () => {
  const gpu = await open();
  const engine = createGpuEngine(gpu);
  const set = normalSet(1, 50, 20);
  const round = async () => {
    await engine.neighbors(set, { metric: 'euclidean', k: 3 });
    await engine.neighbors(set, { metric: 'euclidean', k: 3, queries: normalSet(2, 2, 20) });
    await engine.distances(set, { metric: 'hamming' });
    await engine.similarity(set, normalSet(3, 3, 20));
  };
  await round();
  const labels = 2; // of each round: a small set that was new, kept until its array is collected
  const { buffers } = gpu.memory.live;
  for (let i = 0; i < 5; i++) await round();
  expect(gpu.memory.live.buffers).toBeLessThanOrEqual(buffers + 5 * labels);
  engine.dispose();
  await vi.waitFor(() => expect(gpu.memory.live).toEqual({ buffers: 0, bytes: 0 }));
});

test('a job in the middle of which its engine is disposed ends as if it were not, and nothing is left', async () => {
  const gpu = await open();
  const engine = createGpuEngine(gpu, { maxPairs: 2000 });
  const set = normalSet(1, 100, 40);
  const whole = await engine.distances(set, { metric: 'dot' });
  const first = vi.fn(() => engine.dispose());
  expect(await engine.distances(set, { metric: 'dot' }, { onProgress: first })).toEqual(whole);
  expect(first).toHaveBeenCalled();
  await vi.waitFor(() => expect(gpu.memory.live).toEqual({ buffers: 0, bytes: 0 }));
  expect(await engine.distances(set, { metric: 'dot' })).toEqual(whole);
  await vi.waitFor(() => expect(gpu.memory.live).toEqual({ buffers: 0, bytes: 0 }));
});
