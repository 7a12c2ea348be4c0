/** Giving up what the backend computes, in its middle. */
import {
  engine,
  getBackend,
  getKernelsForBackend,
  Identity,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** Where kernels are computed as they are called. A GPU has them all queued long before it is done. */
const AT_ONCE = new Set(['wasm', 'cpu']);
const watched = new Set<string>();
/** Of the work that is being done. */
let isGivenUp: (() => boolean) | undefined;

/**
 * Work that is given up before its next kernel when it is told so; its tensors are then disposed of. For it to be told, `isUnwanted` has to read what
 * another thread writes: no message is heard meanwhile. On webgpu it is always done to its end.
 *
 * @param work whatever it does beyond its tensors is its own to undo
 * @returns undefined when it was given up
 */
export function unlessGivenUp<T>(
  isUnwanted: (() => boolean) | undefined,
  work: () => T,
): { readonly made: T } | undefined {
  if (isUnwanted) watchKernels(getBackend());
  isGivenUp = isUnwanted;
  try {
    return { made: work() };
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    forgetTape();
    return undefined;
  } finally {
    isGivenUp = undefined;
  }
}

function watchKernels(backendName: string): void {
  if (!AT_ONCE.has(backendName) || watched.has(backendName)) return;
  watched.add(backendName);
  for (const kernel of getKernelsForBackend(backendName)) {
    // What a gradient is to be taken with is copied before it is on the tape: given up there, it would be left behind.
    if (kernel.kernelName === Identity) continue;
    unregisterKernel(kernel.kernelName, backendName);
    registerKernel({
      ...kernel,
      kernelFunc(call) {
        if (isGivenUp?.()) throw new GivenUp();
        return kernel.kernelFunc(call);
      },
    });
  }
}

/** tfjs keeps what gradients are to be taken with until they are. */
function forgetTape(): void {
  const { state } = engine();
  for (const { saved } of state.activeTape ?? []) for (const tensor of saved ?? []) tensor.dispose();
  state.activeTape = [];
}
