import * as comlink from 'comlink';
import type { RgbaImage } from '../common/image.ts';
import type { Job } from '../common/job.ts';
import type { BackendName } from './backend.ts';
import type { Embedder, EmbedderInfo, PictureEmbedding, TextEmbedding } from './embedder.ts';
import type { EmbedderWorker } from './embedder-worker.ts';
import { ModelLoadError, modelFolder } from './model-files.ts';

export interface OpenEmbedderOptions extends Job {
  /** `auto` (the default): webgpu where there is a real GPU, else wasm, else cpu. A named one is started or fails. */
  readonly backend?: BackendName | 'auto';
  /** Folder of the model's manifest.json, relative to the page; `models/` unless told. */
  readonly baseUrl?: string;
  /** Threads of the wasm backend; one a core, at most 4, unless told. More than one needs a page isolated from others (COOP, COEP). */
  readonly threads?: number;
}

// Small enough that a batch takes well under a second on one slow core, so that progress moves and a cancel bites.
const PICTURES_A_BATCH = 8;
// Counted with padding; 32 short labels or two long paragraphs.
const TOKENS_A_BATCH = 512;

/**
 * Starts the embedded model in a worker of its own. Progress is in bytes of weights; a second start reads them from the browser's cache.
 *
 * @throws {ModelLoadError} when a file of the model cannot be had; opening again tries again
 * @throws {DOMException} `AbortError` when the signal says so
 */
export async function openEmbedder(options: OpenEmbedderOptions = {}): Promise<Embedder> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const embedder = new WorkerEmbedder(modelFolder(options.baseUrl));
  try {
    await embedder.open(options.backend ?? 'auto', options.threads, { signal, onProgress });
  } catch (error) {
    embedder.dispose();
    throw error;
  }
  return embedder;
}

/** What is left to try when a start or a GPU fails: wasm in its plainest form runs everywhere. */
const LAST_RESORT = { backend: 'wasm', threads: 1 } as const;

class WorkerEmbedder implements Embedder {
  readonly #baseUrl: string;
  #line: Line | undefined;
  #info: EmbedderInfo | undefined;
  #disposed = false;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  get info(): EmbedderInfo {
    if (!this.#info) throw new Error('The embedder is not open.');
    return this.#info;
  }

  async open(backend: BackendName | 'auto', threads: number | undefined, job: Job): Promise<void> {
    try {
      await this.#start({ backend, threads }, job);
    } catch (error) {
      if (backend !== 'auto' || job.signal?.aborted || error instanceof ModelLoadError) throw error;
      await this.#start(LAST_RESORT, job);
    }
  }

  async embedPictures(pictures: readonly RgbaImage[], job: Job = {}): Promise<PictureEmbedding[]> {
    const embeddings: PictureEmbedding[] = [];
    for (let start = 0; start < pictures.length; start += PICTURES_A_BATCH) {
      job.signal?.throwIfAborted();
      const batch = pictures.slice(start, start + PICTURES_A_BATCH);
      embeddings.push(...(await this.#ask((remote) => remote.pictures(batch), job.signal)));
      job.onProgress?.(embeddings.length, pictures.length, 'Embedding pictures');
    }
    return embeddings;
  }

  async embedTexts(texts: readonly string[], job: Job = {}): Promise<TextEmbedding[]> {
    if (texts.length === 0) return [];
    job.signal?.throwIfAborted();
    const tokens = await this.#ask((remote) => remote.tokenize(texts), job.signal);
    const embeddings = new Array<TextEmbedding>(texts.length);
    let done = 0;
    for (const batch of batchesByLength(tokens)) {
      job.signal?.throwIfAborted();
      const ids = batch.map((text) => text.ids);
      const rows = await this.#ask((remote) => remote.texts(ids), job.signal);
      for (const [at, row] of rows.entries()) embeddings[batch[at]?.index ?? 0] = row;
      done += batch.length;
      job.onProgress?.(done, texts.length, 'Embedding texts');
    }
    return embeddings;
  }

  dispose(): void {
    this.#disposed = true;
    this.#line?.close();
  }

  async #start(
    request: { backend: BackendName | 'auto'; threads: number | undefined },
    job: Job,
  ): Promise<void> {
    this.#line?.close();
    const line = new Line();
    this.#line = line;
    const report = comlink.proxy((done: number, total: number, what: string) =>
      job.onProgress?.(done, total, what),
    );
    this.#info = await line.answer(
      line.remote.open({ ...request, baseUrl: this.#baseUrl }, report),
      job.signal,
    );
  }

  /** Asks the worker. A GPU can be lost under a long job: the question is then put once more, to wasm. */
  async #ask<T>(
    question: (remote: comlink.Remote<EmbedderWorker>) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const line = this.#line;
    if (!line || this.#disposed) throw new Error('The embedder is not open.');
    try {
      return await line.answer(question(line.remote), signal);
    } catch (error) {
      if (this.#disposed || signal?.aborted || this.info.backend !== 'webgpu') throw error;
      await this.#start(LAST_RESORT, { signal });
      return await this.#ask(question, signal);
    }
  }
}

/** A worker and the way to talk to it, until one of them ends. */
class Line {
  readonly remote: comlink.Remote<EmbedderWorker>;
  readonly #worker: Worker;
  readonly #ended: Promise<never>;
  #end: (reason: Error) => void = () => {};

  constructor() {
    this.#worker = new Worker(new URL('./embedder-worker.ts', import.meta.url), {
      type: 'module',
      name: 'embedder',
    });
    this.remote = comlink.wrap<EmbedderWorker>(this.#worker);
    this.#ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    // It may end while nobody waits, which is no error.
    this.#ended.catch(() => {});
    this.#worker.addEventListener('error', (event) => {
      const reason = event.message || 'its script could not be loaded';
      this.#end(new Error(`The model's worker stopped (${reason}). Reload the page to try again.`));
    });
  }

  /** The worker's answer, or what ended the wait for it: an abort, or the worker's death. */
  async answer<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal?.reason);
    });
    signal?.addEventListener('abort', abort);
    try {
      return await Promise.race([promise, this.#ended, aborted]);
    } catch (error) {
      // Comlink carries an error's name and message over, not its class.
      if (error instanceof Error && error.name === 'ModelLoadError') throw new ModelLoadError(error.message);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  close(): void {
    this.#end(new Error('The embedder was disposed of.'));
    this.remote[comlink.releaseProxy]();
    this.#worker.terminate();
  }
}

interface Tokens {
  readonly index: number;
  readonly ids: readonly number[];
}

/** Texts of like length together, so that little of a batch is padding. */
function batchesByLength(tokens: readonly (readonly number[])[]): Tokens[][] {
  const order = tokens.map((ids, index) => ({ index, ids }));
  order.sort((a, b) => a.ids.length - b.ids.length || a.index - b.index);
  const batches: Tokens[][] = [];
  let batch: Tokens[] = [];
  for (const text of order) {
    if (batch.length > 0 && (batch.length + 1) * text.ids.length > TOKENS_A_BATCH) {
      batches.push(batch);
      batch = [];
    }
    batch.push(text);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
