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
  /** Threads of the wasm backend; a core each, at most 8, unless told. */
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
  const thread = new Worker(new URL('./embedder-worker.ts', import.meta.url), {
    type: 'module',
    name: 'embedder',
  });
  const embedder = new WorkerEmbedder(thread);
  try {
    await embedder.open(
      {
        backend: options.backend ?? 'auto',
        threads: options.threads,
        baseUrl: modelFolder(options.baseUrl),
      },
      { signal, onProgress },
    );
  } catch (error) {
    embedder.dispose();
    throw error;
  }
  return embedder;
}

class WorkerEmbedder implements Embedder {
  readonly #thread: Worker;
  readonly #remote: comlink.Remote<EmbedderWorker>;
  readonly #died: Promise<never>;
  #kill: (reason: Error) => void = () => {};
  #info: EmbedderInfo | undefined;

  constructor(thread: Worker) {
    this.#thread = thread;
    this.#remote = comlink.wrap<EmbedderWorker>(thread);
    this.#died = new Promise((_, reject) => {
      this.#kill = reject;
    });
    // Someone may or may not be waiting when it dies; nobody waiting is no error.
    this.#died.catch(() => {});
    thread.addEventListener('error', (event) => {
      this.#kill(
        new Error(
          `The model's worker stopped: ${event.message || 'it could not be loaded'}. Reload the page.`,
        ),
      );
    });
  }

  get info(): EmbedderInfo {
    if (!this.#info) throw new Error('The embedder is not open.');
    return this.#info;
  }

  async open(request: Parameters<EmbedderWorker['open']>[0], { signal, onProgress }: Job): Promise<void> {
    const report = comlink.proxy((done: number, total: number, what: string) =>
      onProgress?.(done, total, what),
    );
    this.#info = await this.#answer(this.#remote.open(request, report), signal);
  }

  async embedPictures(pictures: readonly RgbaImage[], job: Job = {}): Promise<PictureEmbedding[]> {
    const embeddings: PictureEmbedding[] = [];
    for (let start = 0; start < pictures.length; start += PICTURES_A_BATCH) {
      job.signal?.throwIfAborted();
      const batch = pictures.slice(start, start + PICTURES_A_BATCH);
      embeddings.push(...(await this.#answer(this.#remote.pictures(batch), job.signal)));
      job.onProgress?.(embeddings.length, pictures.length, 'Embedding pictures');
    }
    return embeddings;
  }

  async embedTexts(texts: readonly string[], job: Job = {}): Promise<TextEmbedding[]> {
    if (texts.length === 0) return [];
    job.signal?.throwIfAborted();
    const tokens = await this.#answer(this.#remote.tokenize(texts), job.signal);
    const embeddings = new Array<TextEmbedding>(texts.length);
    let done = 0;
    for (const batch of batchesByLength(tokens)) {
      job.signal?.throwIfAborted();
      const rows = await this.#answer(this.#remote.texts(batch.map(({ ids }) => ids)), job.signal);
      for (const [at, row] of rows.entries()) embeddings[batch[at]?.index ?? 0] = row;
      done += batch.length;
      job.onProgress?.(done, texts.length, 'Embedding texts');
    }
    return embeddings;
  }

  dispose(): void {
    this.#kill(new Error('The embedder was disposed of.'));
    this.#remote[comlink.releaseProxy]();
    this.#thread.terminate();
  }

  /** The worker's answer, or the end of waiting for it: abort, or the worker's death. */
  async #answer<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    let abort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal?.reason);
    });
    signal?.addEventListener('abort', abort);
    try {
      return await Promise.race([answer, this.#died, aborted]);
    } catch (error) {
      // Comlink carries an error's name and message over, not its class.
      if (error instanceof Error && error.name === 'ModelLoadError') throw new ModelLoadError(error.message);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
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
