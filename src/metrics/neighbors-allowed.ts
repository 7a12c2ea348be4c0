import type { GpuMatrix, MatrixChunk } from '../gpu/matrix.ts';
import type { BufferScope } from '../gpu/memory.ts';

/** Which rows of the base may be found, on the GPU: one bit a row, each chunk from a word of its own on. */
export interface AllowedBits {
  readonly buffer: GPUBuffer;
  /** The word where a chunk's bits begin. */
  wordOf(chunk: MatrixChunk): number;
}

/** @param allowed a number other than 0 for each row that may be found; all unless told */
export async function uploadAllowed(
  device: GPUDevice,
  { chunks }: GpuMatrix,
  allowed: Uint8Array<ArrayBuffer> | undefined,
  scope: BufferScope,
): Promise<AllowedBits> {
  const words = new Map<MatrixChunk, number>();
  let count = 0;
  if (allowed) {
    for (const chunk of chunks) {
      words.set(chunk, count);
      count += Math.ceil(chunk.rows / 32);
    }
  }
  const bits = new Uint32Array(Math.max(1, count));
  for (const [{ first, rows }, word] of words) {
    for (let i = 0; i < rows; i++) {
      if (allowed?.[first + i]) bits[word + (i >>> 5)] = (bits[word + (i >>> 5)] ?? 0) | (1 << (i & 31));
    }
  }
  const { STORAGE, COPY_DST } = GPUBufferUsage;
  const buffer = await scope.allocate('which vectors may be found', bits.byteLength, STORAGE | COPY_DST);
  device.queue.writeBuffer(buffer, 0, bits);
  return { buffer, wordOf: (chunk) => words.get(chunk) ?? 0 };
}
