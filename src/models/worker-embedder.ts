/** The page's side of an embedder in a worker, whatever network runs there. */
import * as comlink from 'comlink';
import type { RgbaImage } from '../common/image.ts';
import { type Job, type OnProgress, orAborted } from '../common/job.ts';
import type { BackendName } from './backend.ts';
import type { Embedder, EmbedderInfo, PictureEmbedding, TextEmbedding } from './embedder.ts';
import { NotTaken } from './errors.ts';
import { WorkerHung, WorkerLine } from './worker-line.ts';

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
// To be tokenized: a moment's work, so that a worker which does not come back from it hangs.
const TEXTS_A_QUESTION = 64;

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
  /** Undefined where the worker was ended because it hung, or did not start: the next question starts it again. */
  #line: Promise<WorkerLine> | undefined;
  /** The worker that was started last. */
  #newest: WorkerLine | undefined;
  /** With which it runs, or did. */
  #request: BackendRequest = LAST_RESORT;
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
    const tokens = await this.#tokenize(texts, job.signal);
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
    this.#newest?.close();
  }

  async #tokenize(texts: readonly string[], signal: AbortSignal | undefined): Promise<number[][]> {
    const tokens: number[][] = [];
    for (let at = 0; at < texts.length; at += TEXTS_A_QUESTION) {
      signal?.throwIfAborted();
      const some = texts.slice(at, at + TEXTS_A_QUESTION);
      tokens.push(...(await this.#ask((remote) => remote.tokenize(some), signal, 'ends soon')));
    }
    return tokens;
  }

  /** Puts a new worker in the place of the one there is. */
  #start(request: BackendRequest, job: Job): Promise<WorkerLine> {
    this.#newest?.close();
    const line = new WorkerLine();
    this.#newest = line;
    const opened = this.#openOn(line, request, job);
    this.#line = opened;
    opened.catch(() => this.#forget(opened));
    return opened;
  }

  /** The next question starts a worker again. */
  #forget(line: Promise<WorkerLine>): void {
    if (this.#line === line) this.#line = undefined;
  }

  async #openOn(line: WorkerLine, request: BackendRequest, job: Job): Promise<WorkerLine> {
    const report = comlink.proxy((done: number, total: number, what: string) =>
      job.onProgress?.(done, total, what),
    );
    this.#info = await line.answer(line.remote.open(request, this.#model, report), job.signal);
    this.#request = request;
    return line;
  }

  /**
   * Asks the worker. A GPU can be lost under a long job: the question is then put once more, to wasm. A worker that was ended because it
   * hung is started again.
   *
   * @param length what is known of how long the worker takes: after a cancel, one that should be back soon is not waited for without end
   */
  async #ask<T>(
    question: (remote: comlink.Remote<EmbedderWorker>) => Promise<T>,
    signal: AbortSignal | undefined,
    length?: 'ends soon',
  ): Promise<T> {
    if (!this.#info || this.#disposed) throw new Error('The embedder is not open.');
    const started = this.#line ?? this.#start(this.#request, {});
    const line = await orAborted(started, signal);
    const answer = question(line.remote);
    try {
      return await line.answer(answer, signal);
    } catch (error) {
      if (signal?.aborted && length) line.closeUnlessAnswered(answer, () => this.#forget(started));
      if (this.#disposed || signal?.aborted) throw error;
      if (!(error instanceof WorkerHung)) {
        if (this.info.backend !== 'webgpu') throw error;
        // Of several questions, the first to fail starts it for all.
        if (this.#line === started) this.#start(LAST_RESORT, {});
      }
      return await this.#ask(question, signal, length);
    }
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
