import type { Job } from '../common/job.ts';
import { GpuUnavailable } from './errors.ts';
import type { Gpu } from './gpu.ts';

// What failed on a lost device may reject a little before the loss itself is told.
const LOSS_NEWS_MS = 250;

/**
 * Runs work on the GPU; if the device is lost meanwhile, gets a new one and runs it once more.
 *
 * @param work starts from memory: nothing that it made on the lost device is there the second time
 * @throws {GpuUnavailable} when there is no new device, or that one is lost too
 */
export async function surviveLoss<T>(gpu: Gpu, { signal }: Job, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  await gpu.recover();
  const { device } = gpu;
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (gpu.device === device && !(await isLostSoon(device))) throw error;
  }
  await gpu.recover();
  const { device: second } = gpu;
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (gpu.device === second && !(await isLostSoon(second))) throw error;
    // What failed for it may look like a cancel.
    throw new GpuUnavailable(
      'The GPU was lost again while it did the same work. Try fewer vectors, or close other pages.',
    );
  }
}

function isLostSoon(device: GPUDevice): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), LOSS_NEWS_MS);
    void device.lost.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
