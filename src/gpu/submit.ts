import { GpuFault } from './errors.ts';
import type { Kernel } from './kernel.ts';

/** One kernel of a submit, ready to run. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly uniforms: GPUBuffer;
  readonly values: Readonly<Record<string, number>>;
  /** By the names that the WGSL gives them; all that the entry point uses, and no others. */
  readonly storage: Readonly<Record<string, GPUBuffer>>;
  readonly workgroups: readonly [x: number, y?: number];
}

export interface Copy {
  readonly from: GPUBuffer;
  readonly to: GPUBuffer;
  readonly bytes: number;
}

/**
 * Runs dispatches in order, then copies, in one submit, and waits for the GPU.
 *
 * @param timestampWrites when the dispatches began and ended
 * @throws {GpuFault} naming the shaders when a command breaks the rules
 */
export async function submit(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
  copies: readonly Copy[] = [],
  timestampWrites?: GPUComputePassTimestampWrites,
): Promise<void> {
  device.pushErrorScope('validation');
  const encoder = device.createCommandEncoder();
  if (dispatches.length > 0) {
    const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
    for (const { kernel, uniforms, values, storage, workgroups } of dispatches) {
      device.queue.writeBuffer(uniforms, 0, kernel.packUniforms(values));
      const group = device.createBindGroup({
        layout: kernel.pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: uniforms } },
          ...Object.entries(storage).map(([name, buffer]) => ({
            binding: kernel.bindings.get(name) ?? -1,
            resource: { buffer },
          })),
        ],
      });
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(workgroups[0], workgroups[1] ?? 1);
    }
    pass.end();
  }
  for (const { from, to, bytes } of copies) encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
  device.queue.submit([encoder.finish()]);
  const [error] = await Promise.all([device.popErrorScope(), device.queue.onSubmittedWorkDone()]);
  if (error) throw new GpuFault(dispatches.map(({ kernel }) => kernel.name).join(', '), error.message);
}

/** Hands the first `bytes` of a mappable buffer to `use`; what it returns must not refer to them. */
export async function readBuffer<T>(
  buffer: GPUBuffer,
  bytes: number,
  use: (memory: ArrayBuffer) => T,
): Promise<T> {
  await buffer.mapAsync(GPUMapMode.READ, 0, bytes);
  try {
    return use(buffer.getMappedRange(0, bytes));
  } finally {
    buffer.unmap();
  }
}
