import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { openGpu } from '../src/gpu/gpu.ts';
import { createCpuEngine } from '../src/metrics/cpu-engine.ts';
import type { VectorSet } from '../src/metrics/engine.ts';
import { createGpuEngine } from '../src/metrics/gpu-engine.ts';
import { type Measured, measureInTurns } from './measure.ts';
import { plainDotProducts, plainNearest } from './plain.ts';

declare global {
  interface Window {
    /** Called by bench/run.mjs, which passes where Vite serves the wasm files. */
    runBench(wasmPath: string): Promise<BenchResult>;
  }
}

interface BenchResult {
  readonly adapter: string;
  readonly threads: number;
  readonly measured: readonly Measured[];
}

const REPETITIONS = 5;

window.runBench = async (wasmPath) => {
  setWasmPaths(wasmPath);
  await tf.setBackend('wasm');
  const gpu = await openGpu((reason) => console.warn(reason));
  const onGpu = gpu && createGpuEngine(gpu);
  const onCpu = createCpuEngine();
  const engines = [
    ...(onGpu ? [{ name: 'Nearfield, WebGPU', engine: onGpu }] : []),
    { name: 'Nearfield, CPU worker', engine: onCpu },
  ];
  const measured: Measured[] = [];

  const square = unitSet(512, 256);
  const squareTensor = toTensor(square);
  measured.push(
    ...(await measureInTurns(
      'dot products, 512 × 512 × 256',
      [
        ...engines.map(({ name, engine }) => ({
          name,
          run: () => engine.distances(square, { metric: 'dot' }),
        })),
        {
          name: 'tfjs-wasm matMul(A, Bᵀ)',
          run: () => readOut(() => tf.matMul(squareTensor, squareTensor, false, true)),
        },
        { name: 'plain JavaScript', run: async () => plainDotProducts(square, square) },
      ],
      REPETITIONS,
    )),
  );

  const set = unitSet(2000, 64);
  const setTensor = toTensor(set);
  measured.push(
    ...(await measureInTurns(
      '15 nearest of 2,000 × 64, cosine',
      [
        ...engines.map(({ name, engine }) => ({
          name,
          run: () => engine.neighbors(set, { metric: 'cosine', k: 15 }),
        })),
        {
          name: 'tfjs-wasm matMul + topk',
          run: () => readOut(() => tf.topk(tf.matMul(setTensor, setTensor, false, true), 16).indices),
        },
        { name: 'plain JavaScript', run: async () => plainNearest(set, set, 16) },
      ],
      REPETITIONS,
    )),
  );

  const base = unitSet(10_000, 384);
  const baseTensor = toTensor(base);
  const query = unitSet(1, 384);
  const queryTensor = toTensor(query);
  measured.push(
    ...(await measureInTurns(
      '50 nearest of one query in 10,000 × 384, cosine',
      [
        ...engines.map(({ name, engine }) => ({
          name,
          run: () => engine.neighbors(base, { metric: 'cosine', k: 50, queries: query }),
        })),
        {
          name: 'tfjs-wasm matMul + topk',
          run: () => readOut(() => tf.topk(tf.matMul(queryTensor, baseTensor, false, true), 50).indices),
        },
        { name: 'plain JavaScript', run: async () => plainNearest(query, base, 50) },
      ],
      REPETITIONS * 3,
    )),
  );

  const { vendor = 'no WebGPU', architecture = '', isFallback = false } = gpu?.adapter ?? {};
  const adapter = `${vendor} ${architecture}${isFallback ? ' (software)' : ''}`;
  return { adapter, threads: navigator.hardwareConcurrency, measured };
};

/** Random rows of length 1, the same every time: cosine is then the dot product, for the peers too. */
function unitSet(rows: number, dimension: number): VectorSet {
  let state = rows * dimension;
  const vectors = Float32Array.from({ length: rows * dimension }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  for (let i = 0; i < rows; i++) {
    const row = vectors.subarray(i * dimension, (i + 1) * dimension);
    const length = Math.hypot(...row);
    for (const [j, value] of row.entries()) row[j] = value / length;
  }
  return { vectors, dimension };
}

function toTensor({ vectors, dimension }: VectorSet): tf.Tensor2D {
  return tf.tensor2d(vectors, [vectors.length / dimension, dimension]);
}

async function readOut(make: () => tf.Tensor): Promise<unknown> {
  const tensor = tf.tidy(make);
  const values = await tensor.data();
  tensor.dispose();
  return values;
}
