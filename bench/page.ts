import { openGpu } from '../src/gpu/gpu.ts';
import { createCpuEngine } from '../src/metrics/cpu-engine.ts';
import { createGpuEngine } from '../src/metrics/gpu-engine.ts';
import { openEmbeddingAtlas } from './contenders/embedding-atlas.ts';
import { OURS_CPU, OURS_WEBGPU, type Ours } from './contenders/ours.ts';
import { openTfjs } from './contenders/tfjs.ts';
import { type Report, reportOf } from './report.ts';
import type { Stage } from './task.ts';
import { tasks } from './tasks/index.ts';

declare global {
  interface Window {
    /** What bench/run.mjs calls. */
    bench: Bench;
  }
}

interface BenchOptions {
  /** Where Vite serves tfjs's wasm files. */
  readonly wasmPath: string;
  /** Where it serves embedding-atlas, if that is installed. */
  readonly atlasUrl: string | null;
  readonly isSlow: boolean;
}

interface Bench {
  readonly tasks: readonly string[];
  open(options: BenchOptions): Promise<{ readonly adapter: string; readonly threads: number }>;
  /** After `open`. */
  run(task: string): Promise<Report>;
}

let stage: Stage | undefined;

window.bench = {
  tasks: tasks.map(({ id }) => id),

  async open({ wasmPath, atlasUrl, isSlow }) {
    const gpu = await openGpu((reason) => console.warn(reason));
    const ours: Ours[] = [{ name: OURS_CPU, engine: createCpuEngine() }];
    if (gpu) ours.unshift({ name: OURS_WEBGPU, engine: createGpuEngine(gpu) });
    stage = {
      ours,
      gpu,
      tfjs: await openTfjs(wasmPath),
      atlas: atlasUrl === null ? undefined : await openEmbeddingAtlas(atlasUrl),
      isSlow,
    };
    const { vendor = 'no WebGPU', architecture = '', isFallback = false } = gpu?.adapter ?? {};
    const adapter = `${vendor} ${architecture}${isFallback ? ' (software)' : ''}`;
    return { adapter, threads: navigator.hardwareConcurrency };
  },

  async run(id) {
    const task = tasks.find((candidate) => candidate.id === id);
    if (!stage || !task) throw new Error(`open() comes first, then run() of one of ${window.bench.tasks}`);
    return reportOf(task, await task.measure(stage));
  },
};
