import { formatBytes, GpuFault, GpuOutOfMemory } from './errors.ts';

/**
 * Every buffer of our kernels is made here, so that a refusal is heard (WebGPU tells it later, through an error
 * scope) and so that a leak can be counted.
 */
export class GpuMemory {
  readonly #device: () => GPUDevice;
  readonly #live = new Map<GPUBuffer, number>();
  #bytes = 0;
  /** Bytes that may be held at once: beyond it a buffer is refused as if the GPU had no more. */
  budget = Number.POSITIVE_INFINITY;

  constructor(device: () => GPUDevice) {
    this.#device = device;
  }

  /** The one that buffers are made on: another one after a loss. */
  get device(): GPUDevice {
    return this.#device();
  }

  /** Buffers made here and not yet freed. */
  get live(): { readonly buffers: number; readonly bytes: number } {
    return { buffers: this.#live.size, bytes: this.#bytes };
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
    const held = this.#bytes;
    if (size > most) {
      throw new GpuOutOfMemory(what, size, held, `it gives at most ${formatBytes(most)} in one piece`);
    }
    if (held + size > this.budget) {
      throw new GpuOutOfMemory(what, size, held, `this page may hold ${formatBytes(this.budget)} of it`);
    }
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    const buffer = device.createBuffer({ label: what, size, usage });
    this.#live.set(buffer, size);
    this.#bytes += size;
    const [refused, broken] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    if (refused || broken) {
      this.free(buffer);
      if (refused) throw new GpuOutOfMemory(what, size, held, refused.message || 'its memory is full');
      throw new GpuFault(`buffer "${what}"`, broken?.message ?? 'not valid');
    }
    return buffer;
  }

  free(buffer: GPUBuffer): void {
    this.#bytes -= this.#live.get(buffer) ?? 0;
    this.#live.delete(buffer);
    buffer.destroy();
  }
}

/**
 * The buffers of one job: freed together, whatever way the job ends. All are of the device that there was when it began, for what is
 * written on a lost device to a buffer of its successor is lost without a word, and zeros are read.
 */
export class BufferScope {
  readonly #memory: GpuMemory;
  readonly #device: GPUDevice;
  readonly #buffers: GPUBuffer[] = [];
  #isFreed = false;

  constructor(memory: GpuMemory) {
    this.#memory = memory;
    this.#device = memory.device;
  }

  /** @throws {GpuFault} where the device was lost and there is another */
  async allocate(what: string, bytes: number, usage: GPUBufferUsageFlags): Promise<GPUBuffer> {
    if (this.#memory.device !== this.#device)
      throw new GpuFault(`buffer "${what}"`, 'the GPU was lost meanwhile');
    const buffer = await this.#memory.allocate(what, bytes, usage);
    // Of several that are asked for at once, one may be refused, and the job be over, before the others come.
    const isLate = this.#memory.device !== this.#device;
    if (this.#isFreed || isLate) {
      this.#memory.free(buffer);
      const reason = isLate ? 'the GPU was lost meanwhile' : 'the job that it was for is over';
      throw new GpuFault(`buffer "${what}"`, reason);
    }
    this.#buffers.push(buffer);
    return buffer;
  }

  /** Leaves a buffer to whoever the job was for: it is not freed with the others. @returns what frees it */
  handOver(buffer: GPUBuffer): () => void {
    const at = this.#buffers.indexOf(buffer);
    if (at >= 0) this.#buffers.splice(at, 1);
    return () => this.#memory.free(buffer);
  }

  free(): void {
    this.#isFreed = true;
    for (const buffer of this.#buffers.splice(0)) this.#memory.free(buffer);
  }
}
