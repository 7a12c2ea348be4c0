import { GpuUnavailable } from './errors.ts';
import { GpuMemory } from './memory.ts';

/** What the page's GPU says of itself. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  /** A software adapter: right, but slow. */
  readonly isFallback: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export interface GpuLoss {
  readonly reason: GPUDeviceLostReason;
  readonly message: string;
}

/** Used where present; every kernel runs without them. */
const WANTED: readonly GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/**
 * Opens the one GPU device of the page, with all that the adapter offers.
 *
 * @param onUnavailable hears, in words for the user, why there is none
 * @returns null where there is no WebGPU
 */
export async function openGpu(onUnavailable?: (reason: string) => void): Promise<Gpu | null> {
  try {
    return new Gpu(await request());
  } catch (error) {
    if (!(error instanceof GpuUnavailable)) throw error;
    onUnavailable?.(error.message);
    return null;
  }
}

/**
 * Owns the page's GPU device through its life: when the device is lost, subscribers hear it and `recover()` replaces
 * it. Whoever keeps something that belongs to a device (a buffer, a pipeline, a renderer) rebuilds it after that.
 */
export class Gpu {
  #granted: Granted;
  #isLost = false;
  #isClosed = false;
  #recovery: Promise<void> | undefined;
  readonly #lostListeners = new Set<(loss: GpuLoss) => void>();
  readonly #recoveredListeners = new Set<() => void>();
  readonly memory = new GpuMemory(() => this.device);

  constructor(granted: Granted) {
    this.#granted = granted;
    this.#watch(granted.device);
  }

  get device(): GPUDevice {
    return this.#granted.device;
  }

  get adapter(): AdapterDescription {
    return this.#granted.adapter;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** @returns a function that ends the subscription */
  onLost(listener: (loss: GpuLoss) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Hears that `device` is a new one. @returns a function that ends the subscription */
  onRecovered(listener: () => void): () => void {
    this.#recoveredListeners.add(listener);
    return () => this.#recoveredListeners.delete(listener);
  }

  /**
   * Gets a new device after a loss; does nothing while the device lives. Callers at the same time share one attempt.
   *
   * @throws {GpuUnavailable} when the browser gives no device any more
   */
  async recover(): Promise<void> {
    if (this.#isClosed) throw new GpuUnavailable('The GPU was closed by this page.');
    if (!this.#isLost) return;
    this.#recovery ??= this.#replace().finally(() => {
      this.#recovery = undefined;
    });
    await this.#recovery;
  }

  /** Gives the device back for good. */
  close(): void {
    this.#isClosed = true;
    this.device.destroy();
  }

  async #replace(): Promise<void> {
    this.#granted = await request();
    this.#isLost = false;
    this.#watch(this.device);
    for (const listener of this.#recoveredListeners) listener();
  }

  #watch(device: GPUDevice): void {
    void device.lost.then(({ reason, message }) => {
      this.#isLost = true;
      if (this.#isClosed) return;
      for (const listener of this.#lostListeners) listener({ reason, message });
    });
  }
}

interface Granted {
  readonly device: GPUDevice;
  readonly adapter: AdapterDescription;
}

async function request(): Promise<Granted> {
  if (!navigator.gpu) {
    throw new GpuUnavailable(
      globalThis.isSecureContext
        ? 'This browser has no WebGPU.'
        : 'WebGPU needs a secure page: open it over https or from localhost.',
    );
  }
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new GpuUnavailable('This browser has WebGPU but found no GPU that it may use.');
    const limits = readLimits(adapter.limits);
    const device = await adapter.requestDevice({
      label: 'nearfield',
      requiredFeatures: WANTED.filter((feature) => adapter.features.has(feature)),
      requiredLimits: limits,
    });
    const { vendor, architecture, isFallbackAdapter } = adapter.info;
    const features = [...device.features].sort();
    return { device, adapter: { vendor, architecture, isFallback: isFallbackAdapter, features, limits } };
  } catch (error) {
    if (error instanceof GpuUnavailable) throw error;
    throw new GpuUnavailable(`The GPU refused to open: ${error instanceof Error ? error.message : error}`);
  }
}

/** They stand on the prototype, where a spread does not see them. */
function readLimits(offered: GPUSupportedLimits): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const name in offered) {
    const value: unknown = Reflect.get(offered, name);
    if (typeof value === 'number') limits[name] = value;
  }
  return limits;
}
