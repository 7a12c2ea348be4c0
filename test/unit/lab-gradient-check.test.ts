import '@tensorflow/tfjs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  BatchMatMul,
  engine,
  env,
  getKernel,
  type KernelConfig,
  mul,
  Relu,
  registerBackend,
  registerKernel,
  setBackend,
  Tensor,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { checkGradients } from '../../src/lab/trainer/check-gradients.ts';
import { createLearner } from '../../src/lab/training/create-learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RecipeId, RunSettings } from '../../src/lab/training/settings.ts';

beforeAll(async () => {
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  expect(await setBackend('wasm')).toBe(true);
  // The encoders put kernels of their own in place first.
  createLearner({ ...defaultsOf('clip'), size: 0.1, batchSize: 2 }).dispose();
});

// One with views and each way that batches are normalized, and one with a text: the others have the same networks.
const ids: readonly RecipeId[] = ['simclr', 'vicreg', 'decur', 'clip'];

test.each(ids)(
  '%s has the gradients of the CPU on wasm, and another where a kernel is off by a hundredth',
  async (id) => {
    const settings = defaultsOf(id);
    expect(await check(settings)).toMatchObject({ isRight: true });
    for (const kernel of [Relu, BatchMatMul]) {
      const found = await withWrong(kernel, () => check(settings));
      expect(found).toMatchObject({ isRight: false, allowed: 1e-3 });
      // What deviates is the gradient, so by about as much as the kernel or more, and not some rounding that happens to be too large.
      expect(found?.deviation).toBeGreaterThan(3e-3);
    }
  },
);

/** It lets go of the CPU's backend, which a worker has no more use for. */
async function check(settings: RunSettings) {
  registerBackend('cpu', () => new MathBackendCPU());
  return checkGradients('wasm', settings);
}

/** While it runs, what the kernel gives on wasm is 1.01 times as large. */
async function withWrong<T>(name: string, run: () => Promise<T>): Promise<T> {
  const plain = getKernel(name, 'wasm');
  const put = (config: KernelConfig) => {
    unregisterKernel(name, 'wasm');
    registerKernel(config);
  };
  put({
    ...plain,
    kernelFunc: (call) =>
      tidy(() => {
        const [info] = [plain.kernelFunc(call)].flat();
        if (!info) throw new Error(`${name} gave nothing.`);
        return mul(info instanceof Tensor ? info : engine().makeTensorFromTensorInfo(info), 1.01);
      }),
  });
  try {
    return await run();
  } finally {
    put(plain);
  }
}
