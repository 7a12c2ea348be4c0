import type { Job } from '../common/job.ts';
import type { BackendName } from './backend.ts';
import type { Embedder } from './embedder.ts';
import { modelFolder } from './model-files.ts';
import { openInWorker } from './worker-embedder.ts';

export interface OpenEmbedderOptions extends Job {
  /** `auto` (the default): webgpu where there is a real GPU, else wasm, else cpu. A named one is started or fails. */
  readonly backend?: BackendName | 'auto';
  /** Folder of the model's manifest.json, relative to the page; `models/` unless told. */
  readonly baseUrl?: string;
  /** Threads of the wasm backend; one a core, at most 4, unless told. More than one needs a page isolated from others (COOP, COEP). */
  readonly threads?: number;
}

/**
 * Starts the embedded model in a worker of its own. Progress is in bytes of weights; a second start reads them from the browser's cache.
 *
 * @throws {ModelLoadError} when a file of the model cannot be had; opening again tries again
 * @throws {DOMException} `AbortError` when the signal says so
 */
export function openEmbedder({ baseUrl, ...options }: OpenEmbedderOptions = {}): Promise<Embedder> {
  return openInWorker({ kind: 'embedded', baseUrl: modelFolder(baseUrl) }, options, options);
}
