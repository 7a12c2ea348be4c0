import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, memory } from '@tensorflow/tfjs-core';

/** What tfjs holds on the backend that is set. */
export interface Footprint {
  readonly tensors: number;
  /** Of these tensors. */
  readonly tensorBytes: number;
  /** What the backend took for them and for its work: wasm's heap, or buffers on the GPU, in use or kept for reuse; 0 on cpu. */
  readonly backendBytes: number;
}

export function footprint(): Footprint {
  const all = memory();
  return { tensors: all.numTensors, tensorBytes: all.numBytes, backendBytes: backendBytes({ ...all }) };
}

function backendBytes({ numBytesAllocatedInGPU }: Readonly<Record<string, unknown>>): number {
  const current = backend();
  if (current instanceof BackendWasm) return heapBytes(current.wasm);
  return typeof numBytesAllocatedInGPU === 'number' ? numBytesAllocatedInGPU : 0;
}

/** Emscripten's view of all of it, which tfjs's types leave out. */
function heapBytes(module: object): number {
  return 'HEAPU8' in module && module.HEAPU8 instanceof Uint8Array ? module.HEAPU8.length : 0;
}
