// What a query set may hold.
const SLOTS = 4096;

/**
 * Times every compute pass that a device runs, whoever encodes it, with the GPU's own timestamps. The device must have
 * `timestamp-query`.
 */
export class PassTimer {
  readonly #device: GPUDevice;
  readonly #sets: GPUQuerySet[] = [];
  #used = 0;
  #isOn = false;

  constructor(device: GPUDevice) {
    this.#device = device;
    const create = device.createCommandEncoder.bind(device);
    device.createCommandEncoder = (descriptor) => {
      const encoder = create(descriptor);
      const begin = encoder.beginComputePass.bind(encoder);
      encoder.beginComputePass = (pass) =>
        this.#isOn ? begin({ ...pass, timestampWrites: this.#nextSlots() }) : begin(pass);
      return encoder;
    };
  }

  start(): void {
    this.#used = 0;
    this.#isOn = true;
  }

  /** @returns milliseconds that the GPU spent in passes since `start`, and how many those were */
  async stop(): Promise<{ readonly kernelMs: number; readonly passes: number }> {
    this.#isOn = false;
    const used = this.#used;
    let nanoseconds = 0;
    for (const [i, set] of this.#sets.entries()) {
      const count = Math.min(SLOTS, used - i * SLOTS);
      if (count > 0) nanoseconds += await this.#sum(set, count);
    }
    return { kernelMs: nanoseconds / 1e6, passes: used / 2 };
  }

  #nextSlots(): GPUComputePassTimestampWrites {
    const index = Math.floor(this.#used / SLOTS);
    const querySet = this.#sets[index] ?? this.#device.createQuerySet({ type: 'timestamp', count: SLOTS });
    this.#sets[index] = querySet;
    const slot = this.#used % SLOTS;
    this.#used += 2;
    return { querySet, beginningOfPassWriteIndex: slot, endOfPassWriteIndex: slot + 1 };
  }

  async #sum(set: GPUQuerySet, count: number): Promise<number> {
    const size = count * 8;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const resolved = this.#device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC });
    const readable = this.#device.createBuffer({ size, usage: MAP_READ | COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    encoder.resolveQuerySet(set, 0, count, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const times = new BigUint64Array(readable.getMappedRange().slice(0));
    resolved.destroy();
    readable.destroy();
    let total = 0;
    for (let slot = 0; slot < count; slot += 2)
      total += Number((times[slot + 1] ?? 0n) - (times[slot] ?? 0n));
    return total;
  }
}
