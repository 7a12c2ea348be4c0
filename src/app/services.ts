import { isAbort, type Job } from '../common/job.ts';
import { once } from '../common/once.ts';
import { createDecoder, type Decoder } from '../data/decoder.ts';
import type { Library } from '../data/library.ts';
import { openLibrary } from '../data/open-library.ts';
import { type Gpu, openGpu } from '../gpu/gpu.ts';
import type { MetricEngine } from '../metrics/engine.ts';
import type { Embedder } from '../models/embedder.ts';
import type { ModelStore, OpenedModel } from '../models/store/model-store.ts';
import type { LayoutWorker } from '../projection/create-layout.ts';
import { Collection } from './collection.ts';
import { messageOf, notify, runJob } from './jobs.ts';
import { EMBEDDED, rememberedModel, rememberModel } from './model-choice.ts';
import { modelIsNow } from './model-versions.ts';
import { readApp, writeApp } from './store.ts';

/** What the page stands on. Each service opens at its first use and stays. */

/** Asking for `?gpu=off` shows the page as a browser without WebGPU shows it. */
const GPU_OFF = new URLSearchParams(globalThis.location?.search ?? '').get('gpu') === 'off';

/** The items of the page. */
export const collection = new Collection();

export const library = once((): Promise<Library> => openLibrary());

let opened: Decoder | undefined;

/** Names, hashes and decodes files in workers. */
export function decoder(): Decoder {
  opened ??= createDecoder();
  return opened;
}

/** The page's one GPU device; null where there is none, with the reason on the status line. */
export const gpu = once(async (): Promise<Gpu | null> => {
  if (GPU_OFF) {
    writeApp({ cpuReason: 'WebGPU is switched off in the address (?gpu=off).' });
    return null;
  }
  const device = await openGpu((reason) => writeApp({ cpuReason: reason }));
  device?.onLost(() => {
    device.recover().then(
      () => notify('info', 'The GPU was lost and is back. Nothing else was.'),
      () => {
        writeApp({ cpuReason: 'the GPU was lost and did not come back. Reload the page to try it again.' });
        engine.reset();
        engine().catch((error: unknown) => notify('error', messageOf(error)));
      },
    );
  });
  return device;
});

export const engine = once(async (): Promise<MetricEngine> => {
  const device = await gpu();
  if (device && !device.isLost) {
    const { createGpuEngine } = await import('../metrics/gpu-engine.ts');
    writeApp({ adapter: { path: 'webgpu', ...device.adapter } });
    return createGpuEngine(device);
  }
  const { createCpuEngine } = await import('../metrics/cpu-engine.ts');
  writeApp({
    adapter: { path: 'cpu', vendor: '', architecture: '', isFallback: true, features: [], limits: {} },
  });
  return createCpuEngine();
});

export const layoutWorker = once(async (): Promise<LayoutWorker> => {
  const { createLayout } = await import('../projection/create-layout.ts');
  return createLayout();
});

/** Models that were downloaded or given as files. */
export const modelStore = once(async (): Promise<ModelStore> => {
  const { openModelStore } = await import('../models/store/open-store.ts');
  return openModelStore();
});

/** The stored model that was chosen, where it still is what it was; undefined for the embedded one. */
export const chosenModel = once(async (): Promise<OpenedModel | undefined> => {
  const choice = rememberedModel();
  if (!choice) return undefined;
  const { embeddingKey } = await import('../models/stored-embedder.ts');
  const stored = await (await modelStore()).open(choice.id);
  if (stored && embeddingKey(stored.model) === choice.key) {
    writeApp({ modelId: choice.id });
    modelIsNow(choice.id, choice.key);
    return stored;
  }
  rememberModel(undefined);
  writeApp({ modelId: EMBEDDED });
  const what = stored ? 'is another version now' : 'is no longer stored in this browser';
  notify('info', `${choice.id} ${what}, so the embedded model is used. Models (m) lists what can be chosen.`);
  return undefined;
});

/** Opens the embedded model, or a stored one. */
export async function openModel(stored: OpenedModel | undefined, job: Job): Promise<Embedder> {
  const options = { ...job, ...(GPU_OFF ? { backend: 'wasm' as const } : {}) };
  if (!stored) {
    const { openEmbedder } = await import('../models/open-embedder.ts');
    return openEmbedder(options);
  }
  const { openStoredEmbedder } = await import('../models/stored-embedder.ts');
  return openStoredEmbedder(stored, options);
}

type StandIn = (broken: OpenedModel, reason: unknown) => Promise<Embedder>;

let standIn: StandIn = (_, reason) => Promise.reject(reason);

/** Says what takes the place of a chosen model that cannot be opened. */
export function onBrokenModel(handler: StandIn): void {
  standIn = handler;
}

/** The model in use. Its loading shows on the page; where it fails the next use tries again. */
export const embedder = once(async (): Promise<Embedder> => {
  writeApp({ modelError: undefined });
  try {
    const stored = await chosenModel();
    const opened = await runJob(
      { title: 'Loading the model', unit: stored ? 'share' : 'bytes' },
      undefined,
      (job) => openModel(stored, job),
    ).catch((error: unknown) => {
      if (!stored || isAbort(error)) throw error;
      console.warn(error);
      return standIn(stored, error);
    });
    writeApp({ model: opened.info });
    modelIsNow(readApp().modelId, opened.info.key);
    return opened;
  } catch (error) {
    writeApp({ modelError: 'The model is not loaded. It is asked for again at the next use.' });
    throw error;
  }
});
