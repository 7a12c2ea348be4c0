import { openGpu } from '../src/gpu/gpu.ts';
import { createCpuEngine } from '../src/metrics/cpu-engine.ts';
import { createGpuEngine } from '../src/metrics/gpu-engine.ts';
import { OURS_CPU, OURS_WEBGPU, type Ours } from './contenders/ours.ts';
import { openTfjs } from './contenders/tfjs.ts';
import { type Report, reportOf } from './report.ts';
import type { Stage } from './task.ts';
import { tasks } from './tasks/index.ts';

declare global {
  interface Window {
    /** What bench/run.mjs calls. */
    bench: Bench;
    /** What it gives: the path of a peer's module, installed first, or null. */
    findPeer: Stage['findPeer'];
  }
}

interface BenchOptions {
  /** Where Vite serves tfjs's wasm files. */
  readonly wasmPath: string;
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

  async open({ wasmPath, isSlow }) {
    const gpu = await openGpu((reason) => console.warn(reason));
    const ours: Ours[] = [{ name: OURS_CPU, engine: createCpuEngine() }];
    if (gpu) ours.unshift({ name: OURS_WEBGPU, engine: createGpuEngine(gpu) });
    stage = {
      ours,
      gpu,
      tfjs: await openTfjs(wasmPath),
      findPeer: window.findPeer,
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
