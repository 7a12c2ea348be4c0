import { formatBytes, GpuFault, GpuOutOfMemory } from './errors.ts';

/**
 * Every buffer of our kernels is made here, so that a refusal is heard (WebGPU tells it later, through an error
 * scope) and so that a leak can be counted.
 */
export class GpuMemory {
  readonly #device: () => GPUDevice;
  readonly #live = new Map<GPUBuffer, number>();

  constructor(device: () => GPUDevice) {
    this.#device = device;
  }

  /** Buffers made here and not yet freed. */
  get live(): { readonly buffers: number; readonly bytes: number } {
    let bytes = 0;
    for (const size of this.#live.values()) bytes += size;
    return { buffers: this.#live.size, bytes };
  }

  /**
   * @param what names the buffer in messages
   * @param bytes is rounded up to a multiple of 4, and to 4 at least
   * @throws {GpuOutOfMemory} when the GPU has no such piece of memory
   */
  async allocate(what: string, bytes: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    const device = this.#device();
    const size = Math.max(4, Math.ceil(bytes / 4) * 4);
    const most = device.limits.maxBufferSize;
    if (size > most) {
      throw new GpuOutOfMemory(what, size, `it gives at most ${formatBytes(most)} in one piece`);
    }
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    const buffer = device.createBuffer({ label: what, size, usage });
    this.#live.set(buffer, size);
    const [refused, broken] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    if (refused || broken) {
      this.free(buffer);
      if (refused) throw new GpuOutOfMemory(what, size, refused.message || 'its memory is full');
      throw new GpuFault(`buffer "${what}"`, broken?.message ?? 'not valid');
    }
    return buffer;
  }

  free(buffer: GPUBuffer): void {
    this.#live.delete(buffer);
    buffer.destroy();
  }
}

/** The buffers of one job: freed together, whatever way the job ends. */
export class BufferScope {
  readonly #memory: GpuMemory;
  readonly #buffers: GPUBuffer[] = [];

  constructor(memory: GpuMemory) {
    this.#memory = memory;
  }

  async allocate(what: string, bytes: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    const buffer = await this.#memory.allocate(what, bytes, usage);
    this.#buffers.push(buffer);
    return buffer;
  }

  free(): void {
    for (const buffer of this.#buffers.splice(0)) this.#memory.free(buffer);
  }
}
