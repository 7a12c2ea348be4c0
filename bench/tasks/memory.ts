import * as comlink from 'comlink';
import type { ModelRequest } from '../../src/models/worker-embedder.ts';
import type { Measured } from '../measure.ts';
import { spreadOf } from '../measure.ts';
import type { Footprint } from '../models/footprint.ts';
import type { MemoryWorker } from '../models/memory-worker.ts';
import { checkpointFiles, randomTensors } from '../models/random-clip.ts';
import type { Task } from '../task.ts';

// After how many pictures memory is looked at; less where a picture takes seconds.
const WHOLE = [100, 1000] as const;
const LITTLE = [16, 48] as const;
const PICTURES = WHOLE[1] - WHOLE[0];

/** What tfjs holds after many pictures is what it held after some. The time is that of the pictures between. */
export const memory: Task = {
  id: 'memory',
  title: 'Memory after 1,000 pictures and after 100',
  work: { amount: PICTURES, unit: 'pictures/s' },
  note: '"A → B" is after the first and after the second number of pictures. The script heap is the browser’s figure for the page and its workers; it is told and not judged.',
  async measure({ gpu, isSlow }) {
    const embedded: ModelRequest = { kind: 'embedded', baseUrl: new URL('/models/', location.href).href };
    const files = await checkpointFiles(randomTensors());
    const clip: ModelRequest = { kind: 'stored', key: 'random-clip', name: 'Random CLIP', files };
    const isSoftware = gpu?.adapter.isFallback ?? true;
    const measured = [
      await measureMemory('Nearfield, the embedded model, wasm', 'wasm', embedded, WHOLE),
      await measureMemory(
        'Nearfield, random CLIP, wasm',
        'wasm',
        clip,
        isSlow || !isSoftware ? WHOLE : LITTLE,
      ),
    ];
    // On a software adapter it would take hours; the tests hold a small model to it there.
    if (isSoftware) return measured;
    return [
      ...measured,
      await measureMemory('Nearfield, the embedded model, WebGPU', 'webgpu', embedded, WHOLE),
      await measureMemory('Nearfield, random CLIP, WebGPU', 'webgpu', clip, WHOLE),
    ];
  },
};

async function measureMemory(
  name: string,
  backend: 'wasm' | 'webgpu',
  model: ModelRequest,
  [few, many]: readonly [number, number],
): Promise<Measured> {
  const worker = new Worker(new URL('../models/memory-worker.ts', import.meta.url), { type: 'module' });
  const remote = comlink.wrap<MemoryWorker>(worker);
  try {
    await remote.open(backend, model);
    const before = await remote.embed(few);
    const scriptBefore = await scriptBytes();
    const start = performance.now();
    const after = await remote.embed(many - few);
    const durationsMs = [performance.now() - start];
    const script =
      scriptBefore === undefined ? '' : `; script heap ${grown(scriptBefore, (await scriptBytes()) ?? 0)}`;
    return {
      name: `${name}, ${few} and ${many.toLocaleString('en')}`,
      durationsMs,
      ...spreadOf(durationsMs),
      share: (many - few) / PICTURES,
      verdict: { isRight: areEqual(before, after), says: `${told(before, after)}${script}` },
    };
  } finally {
    worker.terminate();
  }
}

function areEqual(a: Footprint, b: Footprint): boolean {
  return a.tensors === b.tensors && a.tensorBytes === b.tensorBytes && a.backendBytes === b.backendBytes;
}

function told(a: Footprint, b: Footprint): string {
  const tensors = `${a.tensors} → ${b.tensors} tensors of ${grown(a.tensorBytes, b.tensorBytes)}`;
  return `${tensors}; backend ${grown(a.backendBytes, b.backendBytes)}`;
}

function grown(before: number, after: number): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  return `${megabytes(before)} → ${megabytes(after)} MB`;
}

/** Of the page and its workers, after a garbage collection; undefined where the browser does not tell. */
async function scriptBytes(): Promise<number | undefined> {
  const measure: unknown = Reflect.get(performance, 'measureUserAgentSpecificMemory');
  if (typeof measure !== 'function') return undefined;
  const found: { readonly bytes: number } = await measure.call(performance);
  return found.bytes;
}
