import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  type KernelFunc,
  registerKernel,
  Slice,
  slice_util,
  unregisterKernel,
  util,
} from '@tensorflow/tfjs-core';

const BACKEND = 'wasm';
let isMended = false;

/**
 * Puts slices of tfjs 4.22's wasm backend right, for all models: its kernel copies the whole tensor out of wasm's heap to take any part
 * of it. Of a batch's attention, which takes one matrix of many at a time, that was a third of the time of the whole network. Parts that
 * lie in one piece are now copied alone, within the heap; others are left to the kernel there was.
 */
export function mendSlice(): void {
  if (isMended) return;
  isMended = true;
  const { kernelFunc: plain } = getKernel(Slice, BACKEND);
  const kernelFunc: KernelFunc = (call) => {
    const { inputs, backend, attrs } = call;
    const { x } = inputs;
    if (!x || x.dtype === 'string' || !(backend instanceof BackendWasm)) return plain(call);
    const { begin: wishedBegin, size: wishedSize } = attrs ?? {};
    const [begin, size] = slice_util.parseSliceParams(x, numbers(wishedBegin), numbers(wishedSize));
    if (!begin || !size || !slice_util.isSliceContinous(x.shape, begin, size)) return plain(call);
    const first = slice_util.computeFlatOffset(begin, util.computeStrides(x.shape));
    const part = backend.makeOutput(size, x.dtype);
    // After the output is made: that may grow the heap, and leave views of it without memory.
    const values = backend.typedArrayFromHeap(x).subarray(first, first + util.sizeFromShape(size));
    backend.typedArrayFromHeap(part).set(values);
    return part;
  };
  unregisterKernel(Slice, BACKEND);
  registerKernel({ kernelName: Slice, backendName: BACKEND, kernelFunc });
}

/** Of a number, an array of them, or nothing. */
function numbers(attribute: unknown): number[] {
  return [attribute].flat().filter((value) => typeof value === 'number');
}
