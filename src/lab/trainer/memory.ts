/** How much memory the backend may use, and how it is told that there is no more. */
import { backend } from '@tensorflow/tfjs-core';
import type { MemoryLimit } from '../training/step-bytes.ts';

/** A step needed more memory than there is. What it has moved is not to be trusted. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

const GIB = 2 ** 30;
// The module is built for 4 GiB; what is left over is for copies within kernels and for gaps.
const WASM_BYTES = 3 * GIB;
// Where a browser does not say how much there is.
const USUAL_GIB = 4;

/** The device of tfjs's webgpu backend, where it is the one that is set. */
export function deviceOfBackend(): GPUDevice | undefined {
  const current = backend();
  const device: unknown = 'device' in current ? current.device : undefined;
  return typeof GPUDevice !== 'undefined' && device instanceof GPUDevice ? device : undefined;
}

/**
 * Half of the machine's memory, as far as the browser tells it (8 GiB at most), since a GPU may have no other; in one tensor what the
 * GPU takes as one buffer.
 */
export function memoryLimit(): MemoryLimit {
  const told: unknown = 'deviceMemory' in navigator ? navigator.deviceMemory : undefined;
  const half = ((typeof told === 'number' ? told : USUAL_GIB) * GIB) / 2;
  const device = deviceOfBackend();
  if (!device) return { total: Math.min(half, WASM_BYTES), largest: Number.POSITIVE_INFINITY };
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits;
  return { total: half, largest: Math.min(maxBufferSize, maxStorageBufferBindingSize) };
}

/**
 * tfjs 4.22's wasm backend writes to address 0 when there is no memory left: its allocation is made to fail instead. Does nothing on another
 * backend.
 */
export function mendAllocation(): void {
  const current = backend();
  const module: unknown = 'wasm' in current ? current.wasm : undefined;
  if (!isAllocator(module)) return;
  const { _malloc: allocate } = module;
  module._malloc = (bytes) => {
    const at = allocate(bytes);
    if (at === 0) throw new OutOfMemory(`There are no ${bytes} bytes left.`);
    return at;
  };
}

/**
 * @param work a step: what it asks of a GPU, it asks before it first waits
 * @throws {OutOfMemory} when there was not enough memory for it
 */
export async function withinMemory<T>(work: () => Promise<T>): Promise<T> {
  const device = deviceOfBackend();
  device?.pushErrorScope('out-of-memory');
  const made = work();
  // Asked for at once, so that it comes with what the step reads; of a lost device nothing comes.
  const refused = device?.popErrorScope().catch(() => null);
  const [outcome] = await Promise.allSettled([made]);
  const error = await refused;
  if (error) throw new OutOfMemory(error.message);
  if (outcome.status === 'fulfilled') return outcome.value;
  throw isMemoryError(outcome.reason) ? new OutOfMemory(String(outcome.reason)) : outcome.reason;
}

/** As engines and Emscripten say it: of an array, of the module's memory, and of what was written where there was none. */
function isMemoryError(error: unknown): boolean {
  if (error instanceof OutOfMemory) return true;
  return (
    error instanceof Error &&
    /allocation failed|invalid (typed )?array( buffer)? length|out of memory|Aborted\(OOM|memory access out of bounds/i.test(
      error.message,
    )
  );
}

function isAllocator(module: unknown): module is { _malloc(bytes: number): number } {
  return (
    typeof module === 'object' &&
    module !== null &&
    '_malloc' in module &&
    typeof module._malloc === 'function'
  );
}
