import * as comlink from 'comlink';
import { orAborted } from '../common/job.ts';
import { ModelLoadError } from './model-files.ts';
import type { EmbedderWorker } from './worker-embedder.ts';

/**
 * How long a worker may take to come back from what was cancelled. What it is asked for there takes well under that, unless it goes on
 * for ever, as regular expressions in a tokenizer's file can make it.
 */
const PATIENCE_MS = 2000;

/** The worker was at something without end, and was ended for it. */
export class WorkerHung extends Error {
  override readonly name = 'WorkerHung';
}

/** A worker and the way to talk to it, until one of them ends. */
export class WorkerLine {
  readonly remote: comlink.Remote<EmbedderWorker>;
  readonly #worker = new Worker(new URL('./embedder-worker.ts', import.meta.url), {
    type: 'module',
    name: 'embedder',
  });
  readonly #ended: Promise<never>;
  #end: (reason: Error) => void = () => {};
  #isClosed = false;

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
    try {
      return await orAborted(Promise.race([promise, this.#ended]), signal);
    } catch (error) {
      // Comlink carries an error's name and message over, not its class.
      if (error instanceof Error && error.name === 'ModelLoadError') throw new ModelLoadError(error.message);
      throw error;
    }
  }

  /**
   * Ends the worker where it does not come back from a question for whose answer nobody waits any more.
   *
   * @param onClose is called just before
   */
  closeUnlessAnswered(promise: Promise<unknown>, onClose: () => void): void {
    const timer = setTimeout(() => {
      onClose();
      this.close(new WorkerHung('The model was at another text without end. Ask again.'));
    }, PATIENCE_MS);
    promise.catch(() => undefined).finally(() => clearTimeout(timer));
  }

  close(reason = new Error('The model was changed or closed while it worked. Ask again.')): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#end(reason);
    this.remote[comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
