/** The page's side of an embedder in a worker, whatever network runs there. */
import * as comlink from 'comlink';
import type { RgbaImage } from '../common/image.ts';
import type { Job, OnProgress } from '../common/job.ts';
import type { BackendName } from './backend.ts';
import type { Embedder, EmbedderInfo, PictureEmbedding, TextEmbedding } from './embedder.ts';
import { NotTaken } from './errors.ts';
import { ModelLoadError } from './model-files.ts';

/** Where an embedder is to compute. */
export interface BackendRequest {
  readonly backend: BackendName | 'auto';
  readonly threads: number | undefined;
}

/** The model that a worker is to open: the one that ships with the page, or a stored one, whose files are read there. */
export type ModelRequest =
  | {
      readonly kind: 'embedded';
      /** Folder of manifest.json, absolute. */
      readonly baseUrl: string;
    }
  | {
      readonly kind: 'stored';
      readonly key: string;
      readonly name: string;
      readonly files: ReadonlyMap<string, Blob>;
    };

/** What a worker of an embedder answers. One batch a call. */
export interface EmbedderWorker {
  open(request: BackendRequest, model: ModelRequest, onProgress: OnProgress): Promise<EmbedderInfo>;
  pictures(batch: readonly RgbaImage[]): Promise<PictureEmbedding[]>;
  tokenize(texts: readonly string[]): number[][];
  texts(batch: readonly (readonly number[])[]): Promise<TextEmbedding[]>;
}

// Small enough that a batch takes well under a second on one slow core, so that progress moves and a cancel bites.
const PICTURES_A_BATCH = 8;
// Counted with padding; 32 short labels or two long paragraphs.
const TOKENS_A_BATCH = 512;

/** What is left to try when a start or a GPU fails: wasm in its plainest form runs everywhere. */
const LAST_RESORT = { backend: 'wasm', threads: 1 } as const;

/** Errors that say what is wrong with a model's files: on another backend they are the same. */
const FAULTS_OF_FILES = [
  'ModelLoadError',
  'InvalidModelFile',
  'InvalidWeights',
  'UnusableModel',
  'StoreFault',
];

/**
 * Opens a model in a worker of its own. Under `auto`, wasm is tried where the first choice fails, and takes over from a GPU that is lost.
 *
 * @throws what the worker's `open` throws, with its name and message; the signal's reason
 */
export async function openInWorker(
  model: ModelRequest,
  { backend, threads }: Partial<BackendRequest>,
  { signal, onProgress }: Job,
): Promise<Embedder> {
  signal?.throwIfAborted();
  const embedder = new WorkerEmbedder(model);
  try {
    await embedder.open({ backend: backend ?? 'auto', threads }, { signal, onProgress });
  } catch (error) {
    embedder.dispose();
    throw error;
  }
  return embedder;
}

class WorkerEmbedder implements Embedder {
  readonly #model: ModelRequest;
  #line: Line | undefined;
  #info: EmbedderInfo | undefined;
  #disposed = false;

  constructor(model: ModelRequest) {
    this.#model = model;
  }

  get info(): EmbedderInfo {
    if (!this.#info) throw new Error('The embedder is not open.');
    return this.#info;
  }

  async open(request: BackendRequest, job: Job): Promise<void> {
    try {
      await this.#start(request, job);
    } catch (error) {
      if (request.backend !== 'auto' || job.signal?.aborted || isFaultOfFiles(error)) throw error;
      await this.#start(LAST_RESORT, job);
    }
  }

  async embedPictures(pictures: readonly RgbaImage[], job: Job = {}): Promise<PictureEmbedding[]> {
    if (pictures.length > 0 && !this.info.takes.pictures) throw new NotTaken(this.info.name, 'pictures');
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
    if (!this.info.takes.texts) throw new NotTaken(this.info.name, 'texts');
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

  async #start(request: BackendRequest, job: Job): Promise<void> {
    this.#line?.close();
    const line = new Line();
    this.#line = line;
    const report = comlink.proxy((done: number, total: number, what: string) =>
      job.onProgress?.(done, total, what),
    );
    this.#info = await line.answer(line.remote.open(request, this.#model, report), job.signal);
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
  readonly #worker = new Worker(new URL('./embedder-worker.ts', import.meta.url), {
    type: 'module',
    name: 'embedder',
  });
  readonly #ended: Promise<never>;
  #end: (reason: Error) => void = () => {};

  constructor() {
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
    this.#end(new Error('The model was changed or closed while it worked. Ask again.'));
    this.remote[comlink.releaseProxy]();
    this.#worker.terminate();
  }
}

/** Whether a model cannot be opened because of what its files are, so that trying again is of no use. */
export function isFaultOfFiles(error: unknown): error is Error {
  return error instanceof Error && FAULTS_OF_FILES.includes(error.name);
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
