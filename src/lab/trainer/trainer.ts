/** The page's side of a run that is trained in a worker. */
import * as comlink from 'comlink';
import type { BackendName } from '../../models/backend.ts';
import type { PictureSet } from '../data/pictures.ts';
import { halveBatch } from '../training/batch-size.ts';
import type { LearnerState } from '../training/learner.ts';
import type { RunSettings } from '../training/settings.ts';
import type { TrainerNews, TrainerSnapshot, TrainerStarted, TrainerWorker } from './protocol.ts';

export interface TrainerOptions {
  /** webgpu where there is a real GPU, else wasm, else cpu, unless told. */
  readonly backend?: BackendName | 'auto';
  /** Goes on from here. */
  readonly state?: LearnerState;
  /** What it learns from, where its settings say that these are real pictures. */
  readonly pictures?: PictureSet | undefined;
  /** Held-out items that are embedded as it learns; 256 unless told. */
  readonly heldOut?: number;
  /** Milliseconds between two checkpoints: as much is lost with a device; 10,000 unless told. */
  readonly checkpointMs?: number;
  readonly listeners: Pick<TrainerNews, 'onSteps' | 'onSnapshot' | 'onEnd'> & {
    /** Whenever a worker has opened the run: at first, and after one was lost. */
    onStarted(started: TrainerStarted): void;
    /** Something to tell, after which the run goes on. */
    onNotice(notice: string): void;
    /** The run is over for good. */
    onFailure(reason: string): void;
  };
}

/** A run in a worker of its own. */
export interface Trainer {
  /** As it was opened with, but for a batch that the memory did not hold. */
  readonly settings: RunSettings;
  /** Trains until it is paused or at its end. */
  run(): void;
  /** @returns when it stands: a step that wasm or cpu is at is given up where the page is isolated, and else taken to its end */
  pause(): Promise<void>;
  /** One step, after which it stands. */
  step(): Promise<void>;
  /** @param mostASecond steps a second; Infinity for as many as can be */
  setSpeed(mostASecond: number): void;
  /** @param step at which it waits while it trains, until it may go further; Infinity for none */
  setBound(step: number): void;
  /** The held-out items' embeddings now; a run that goes on does so afterwards. */
  snapshot(): Promise<TrainerSnapshot>;
  exportState(): Promise<LearnerState>;
  /** Ends the worker; nothing is heard afterwards. */
  dispose(): void;
}

// A run that is lost more often than this without taking a step is lost for a reason.
const MOST_LOSSES = 3;

const OVER = 'The run is over.';

/** A worker, and when it ends. */
interface Session {
  readonly worker: comlink.Remote<TrainerWorker>;
  /** When what was asked of it is not answered any more. */
  readonly ended: Promise<typeof ENDED>;
}

const ENDED = Symbol('ended');

/** The GPU was lost before the run was open. */
class LostAtStart extends Error {}

/**
 * Opens a run in a worker.
 *
 * A GPU that is lost, or a worker that breaks down, is replaced: the run goes on from its last checkpoint, the second time
 * on wasm. What was asked of it meanwhile is answered by the one that takes its place.
 *
 * @throws {Error} when no backend starts or a setting is out of its range
 */
export async function createTrainer(settings: RunSettings, options: TrainerOptions): Promise<Trainer> {
  const trainer = new WorkerTrainer(settings, options);
  try {
    await trainer.start();
  } catch (error) {
    trainer.dispose();
    throw error;
  }
  return trainer;
}

class WorkerTrainer implements Trainer {
  settings: RunSettings;
  readonly #options: TrainerOptions;
  #thread: Worker | undefined;
  /** Of the worker that there is or will be. */
  #session: Promise<Session> | undefined;
  /** Of the worker that there is, once it has opened the run. */
  #opened: Session | undefined;
  #end: () => void = () => undefined;
  #checkpoint: LearnerState | undefined;
  #isWished = false;
  #isOver = false;
  #speed = Number.POSITIVE_INFINITY;
  #bound = Number.POSITIVE_INFINITY;
  #losses = 0;
  #isOnGpu = false;
  readonly #standing = globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : undefined;

  constructor(settings: RunSettings, options: TrainerOptions) {
    this.settings = settings;
    this.#options = options;
    this.#checkpoint = options.state;
  }

  start(): Promise<unknown> {
    return this.#begin(this.#options.backend ?? 'auto');
  }

  run(): void {
    this.#wish(true);
    this.#tell((worker) => worker.run());
  }

  async pause(): Promise<void> {
    this.#wish(false);
    await this.#ask((worker) => worker.pause());
  }

  async step(): Promise<void> {
    this.#wish(false);
    await this.#ask((worker) => worker.step());
  }

  setSpeed(mostASecond: number): void {
    if (!(mostASecond > 0)) throw new RangeError(`A run takes more than ${mostASecond} steps a second.`);
    this.#speed = mostASecond;
    this.#tell((worker) => worker.setSpeed(mostASecond));
  }

  setBound(step: number): void {
    this.#bound = step;
    this.#tell((worker) => worker.setBound(step));
  }

  snapshot(): Promise<TrainerSnapshot> {
    return this.#ask((worker) => worker.snapshot());
  }

  exportState(): Promise<LearnerState> {
    return this.#ask((worker) => worker.exportState());
  }

  dispose(): void {
    this.#isOver = true;
    this.#end();
  }

  #wish(isWished: boolean): void {
    this.#isWished = isWished;
    if (this.#standing) Atomics.store(this.#standing, 0, isWished ? 0 : 1);
  }

  /** Asks again where the worker ends before it has answered. */
  async #ask<T>(question: (worker: comlink.Remote<TrainerWorker>) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.#session;
      if (!session || this.#isOver) throw new Error(OVER);
      const { worker, ended } = session;
      const answer = await Promise.race([question(worker), ended]);
      if (answer !== ENDED) return answer;
      if (this.#isOver) throw new Error(OVER);
    }
  }

  /** A worker that has yet to open the run is told when it has. */
  #tell(order: (worker: comlink.Remote<TrainerWorker>) => Promise<void>): void {
    if (!this.#opened) return;
    order(this.#opened.worker).catch((error: unknown) => this.#fail(messageOf(error)));
  }

  /** Until a worker has opened the run. A GPU that is lost meanwhile is lost once more; whatever else goes wrong is thrown. */
  #begin(backend: BackendName | 'auto'): Promise<Session> {
    const session = this.#open(backend).catch((error: unknown) => {
      this.#end();
      if (!(error instanceof LostAtStart) || this.#isOver) throw error;
      return this.#beginAgain(error.message);
    });
    // Whoever asks hears of it.
    session.catch(() => undefined);
    this.#session = session;
    return session;
  }

  async #beginAgain(reason: string): Promise<Session> {
    this.#losses += 1;
    if (this.#losses > MOST_LOSSES) throw new Error(reason);
    const { listeners, backend = 'auto' } = this.#options;
    listeners.onNotice(`${reason} The run goes on from step ${this.#checkpoint?.step ?? 0}.`);
    return this.#begin(this.#losses > 1 ? 'wasm' : backend);
  }

  async #open(backend: BackendName | 'auto'): Promise<Session> {
    const thread = new Worker(new URL('./trainer-worker.ts', import.meta.url), {
      ...{ type: 'module', name: 'trainer' },
    });
    this.#thread = thread;
    const ended = new Promise<typeof ENDED>((resolve) => {
      this.#end = () => {
        thread.terminate();
        if (this.#thread === thread) this.#thread = this.#opened = undefined;
        resolve(ENDED);
      };
    });
    const worker = comlink.wrap<TrainerWorker>(thread);
    const { listeners, pictures, heldOut = 256, checkpointMs = 10_000 } = this.#options;
    /** Nothing is heard of a worker that another one has taken the place of. */
    const guard = <News extends unknown[]>(callback: (...news: News) => void) =>
      comlink.proxy((...news: News) => {
        if (this.#thread === thread && !this.#isOver) callback(...news);
      });
    let isOpen = false;
    let refuse: (error: Error) => void = () => undefined;
    const broken = new Promise<never>((_, reject) => {
      refuse = reject;
    });
    thread.addEventListener('error', (event) => {
      const reason = `The training worker failed: ${event.message || 'its script did not load'}.`;
      if (!isOpen) refuse(new Error(`${reason} Reload the page and try again.`));
      else if (this.#thread === thread) this.#replace(reason);
    });
    const started = await Promise.race([
      broken,
      ended,
      worker.open(
        {
          ...{ settings: this.settings, backend, state: this.#checkpoint },
          ...{ pictures, heldOut, checkpointMs, standing: this.#standing },
        },
        guard((numbers, pace) => {
          this.#losses = 0;
          listeners.onSteps(numbers, pace);
        }),
        guard((snapshot) => listeners.onSnapshot(snapshot)),
        guard((state) => {
          this.#checkpoint = state;
        }),
        guard(() => {
          this.#wish(false);
          listeners.onEnd();
        }),
        guard((reason, cause) => {
          if (cause === 'other') this.#fail(reason);
          else if (!isOpen) refuse(cause === 'lost' ? new LostAtStart(reason) : new Error(reason));
          else if (cause === 'lost') this.#replace(reason);
          else this.#halve(reason);
        }),
      ),
    ]);
    if (started === ENDED) throw new Error(OVER);
    isOpen = true;
    if (started.settings.batchSize !== this.settings.batchSize) {
      const [wished, fits] = [this.settings.batchSize, started.settings.batchSize];
      listeners.onNotice(`Batch lowered from ${wished} to ${fits}: this device’s memory would not hold it.`);
    }
    this.settings = started.settings;
    this.#isOnGpu = started.backend === 'webgpu';
    listeners.onStarted(started);
    this.#opened = { worker, ended };
    if (this.#speed !== Number.POSITIVE_INFINITY) this.#tell((each) => each.setSpeed(this.#speed));
    if (this.#bound !== Number.POSITIVE_INFINITY) this.#tell((each) => each.setBound(this.#bound));
    if (this.#isWished) this.#tell((each) => each.run());
    return this.#opened;
  }

  #replace(reason: string): void {
    this.#end();
    this.#await(this.#beginAgain(reason));
  }

  /** The steps since the last checkpoint are taken again with half the batch, by a worker whose memory is not full. */
  #halve(reason: string): void {
    const step = this.#checkpoint?.step ?? 0;
    const { batchSize } = this.settings;
    const halved = halveBatch(this.settings, step);
    if (!halved) {
      this.#fail(
        `There is no memory for a batch of ${batchSize}. Choose smaller encoders or pictures. ${reason}`,
      );
      return;
    }
    this.#end();
    this.settings = halved;
    const { listeners, backend = 'auto' } = this.#options;
    const memory = this.#isOnGpu ? 'the GPU’s memory' : 'the page’s memory';
    listeners.onNotice(
      `Batch halved from ${batchSize} to ${halved.batchSize}: ${memory} did not hold it. The run goes on from step ${step}.`,
    );
    this.#await(this.#begin(this.#losses > 1 ? 'wasm' : backend));
  }

  #await(session: Promise<Session>): void {
    this.#session = session;
    session.catch((error: unknown) => this.#fail(messageOf(error)));
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.dispose();
    this.#options.listeners.onFailure(reason);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
