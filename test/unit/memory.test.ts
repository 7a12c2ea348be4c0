import { expect, test } from 'vitest';
import { GpuOutOfMemory } from '../../src/gpu/errors.ts';
import { BufferScope, GpuMemory } from '../../src/gpu/memory.ts';

/** What GpuMemory uses of a device: no test machine can be brought to run out of GPU memory safely. */
function makeDevice(refusal: string | null) {
  const scopes: string[] = [];
  let destroyed = 0;
  const stub = {
    limits: { maxBufferSize: 2 ** 30 },
    pushErrorScope: (filter: string) => scopes.push(filter),
    popErrorScope: async () =>
      scopes.pop() === 'out-of-memory' && refusal !== null ? { message: refusal } : null,
    createBuffer: ({ size }: { size: number }) => ({ size, destroy: () => destroyed++ }),
  };
  return { device: stub as unknown as GPUDevice, scopes, destroyedCount: () => destroyed };
}

test('a refusal tells what was asked for and how much, and leaves nothing behind', async () => {
  const { device, scopes, destroyedCount } = makeDevice('');
  const memory = new GpuMemory(() => device);
  const asked = memory.allocate('a block of distances', 512 * 2 ** 20, 0);
  await expect(asked).rejects.toThrow(GpuOutOfMemory);
  await expect(asked).rejects.toMatchObject({
    bytes: 512 * 2 ** 20,
    message:
      'The GPU has no 512.0 MiB for a block of distances: its memory is full. Use fewer vectors or close other pages.',
  });
  expect(memory.live).toEqual({ buffers: 0, bytes: 0 });
  expect(scopes).toEqual([]);
  expect(destroyedCount()).toBe(1);
});

test('more than a device gives in one piece is refused before asking', async () => {
  const { device } = makeDevice(null);
  await expect(new GpuMemory(() => device).allocate('rows', 2 ** 31, 0)).rejects.toThrow(
    'The GPU has no 2.0 GiB for rows: it gives at most 1.0 GiB in one piece.',
  );
});

test('a scope frees all that it allocated', async () => {
  const { device, destroyedCount } = makeDevice(null);
  const memory = new GpuMemory(() => device);
  const scope = new BufferScope(memory);
  await Promise.all([scope.allocate('a', 10, 0), scope.allocate('b', 20, 0)]);
  expect(memory.live).toEqual({ buffers: 2, bytes: 32 });
  scope.free();
  scope.free();
  expect(memory.live).toEqual({ buffers: 0, bytes: 0 });
  expect(destroyedCount()).toBe(2);
});

test('the buffers of one job are of one device', async () => {
  const [first, second] = [makeDevice(null).device, makeDevice(null).device];
  let device = first;
  const memory = new GpuMemory(() => device);
  const scope = new BufferScope(memory);
  await scope.allocate('rows', 16, 0);
  device = second;
  await expect(scope.allocate('norms', 16, 0)).rejects.toThrow('buffer "norms": the GPU was lost meanwhile');
  scope.free();
  expect(memory.live).toEqual({ buffers: 0, bytes: 0 });
});

test('a buffer that comes after its device was replaced is refused, and one that was handed over outlives its job', async () => {
  const [first, second] = [makeDevice(null), makeDevice(null)];
  let { device } = first;
  const memory = new GpuMemory(() => device);
  const scope = new BufferScope(memory);
  const free = scope.handOver(await scope.allocate('all distances', 16, 0));
  const late = scope.allocate('a probe', 4, 0);
  device = second.device;
  await expect(late).rejects.toThrow('buffer "a probe": the GPU was lost meanwhile');
  scope.free();
  expect(memory.live).toEqual({ buffers: 1, bytes: 16 });
  free();
  expect(memory.live).toEqual({ buffers: 0, bytes: 0 });
});
