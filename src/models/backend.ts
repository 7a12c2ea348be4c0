/** Chooses and starts the tfjs backend that a worker computes on. */

import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import threadScript from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url';
import { env, ready, setBackend } from '@tensorflow/tfjs-core';

export type BackendName = 'webgpu' | 'wasm' | 'cpu';

export interface StartedBackend {
  readonly backend: BackendName;
  readonly threads: number;
}

// Layers as small as ours gain little from more, and the page needs cores too.
const MAX_THREADS = 4;

/**
 * Starts the wished backend, or under `auto` the first that starts: webgpu where there is a real GPU, wasm, cpu.
 *
 * @throws {Error} when a backend that was named does not start, or none does
 */
export async function startBackend(wish: BackendName | 'auto', threads?: number): Promise<StartedBackend> {
  const order: BackendName[] =
    wish === 'auto' ? [...((await hasRealGpu()) ? ['webgpu' as const] : []), 'wasm', 'cpu'] : [wish];
  const reasons: string[] = [];
  for (const backend of order) {
    try {
      return await start(backend, threads);
    } catch (error) {
      reasons.push(`${backend}: ${error instanceof Error ? error.message : JSON.stringify(error)}`);
    }
  }
  throw new Error(
    `The model cannot run in this browser. ${reasons.join('; ')}. Update the browser or try another.`,
  );
}

async function start(backend: BackendName, wishedThreads: number | undefined): Promise<StartedBackend> {
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  else if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else return startWasm(wishedThreads);
  await set(backend);
  return { backend, threads: 1 };
}

async function startWasm(wishedThreads: number | undefined): Promise<StartedBackend> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths({
    'tfjs-backend-wasm.wasm': plainWasm,
    'tfjs-backend-wasm-simd.wasm': simdWasm,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
  });
  const threads = wishedThreads ?? Math.min(navigator.hardwareConcurrency, MAX_THREADS);
  const threaded = threads > 1 && (await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) === true;
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', threaded);
  wasm.setThreadsCount(threads);
  await withThreads(threads, () => set('wasm'));
  const { mendSlice } = await import('./wasm-slice.ts');
  mendSlice();
  return { backend: 'wasm', threads: threaded ? wasm.getThreadsCount() : 1 };
}

/**
 * Runs a start of the wasm backend with two things of tfjs 4.22 put right.
 *
 * It starts its threads on the text of a function of its own (`toString`), which a minified build breaks: the text then names a
 * variable that is not in it. That text is replaced by a load of the same script as it was published. And it takes no more threads
 * than half the cores, one on a two-core machine, where two are nearly twice as fast (docs/models.md): it is told of more cores.
 */
async function withThreads(threads: number, run: () => Promise<void>): Promise<void> {
  const PlainBlob = globalThis.Blob;
  const load = `importScripts(${JSON.stringify(new URL(threadScript, import.meta.url).href)});`;
  globalThis.Blob = class extends PlainBlob {
    constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
      const [first] = parts;
      const isFactory = typeof first === 'string' && first.startsWith('var WasmBackendModuleThreadedSimd = ');
      super(isFactory ? [load] : parts, options);
    }
  };
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads, configurable: true });
  try {
    await run();
  } finally {
    globalThis.Blob = PlainBlob;
    Reflect.deleteProperty(navigator, 'hardwareConcurrency');
  }
}

async function set(backend: BackendName): Promise<void> {
  if (!(await setBackend(backend))) throw new Error('it did not start');
  await ready();
}

/** True where the adapter is not a software one: those are slower than wasm. */
async function hasRealGpu(): Promise<boolean> {
  const adapter = await navigator.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return false;
  const { architecture, description, device, isFallbackAdapter } = adapter.info;
  return (
    !isFallbackAdapter &&
    !/swiftshader|llvmpipe|lavapipe|basic render/i.test(`${architecture} ${description} ${device}`)
  );
}
