/** The page's side of a run that is trained in a worker. */
import * as comlink from 'comlink';
import type { BackendName } from '../../models/backend.ts';
import type { LearnerState } from '../training/learner.ts';
import type { RunSettings } from '../training/settings.ts';
import type { TrainerNews, TrainerSnapshot, TrainerStarted, TrainerWorker } from './protocol.ts';

export interface TrainerOptions {
  /** webgpu where there is a real GPU, else wasm, else cpu, unless told. */
  readonly backend?: BackendName | 'auto';
  /** Goes on from here. */
  readonly state?: LearnerState;
  /** Held-out scenes that are embedded as it learns; 256 unless told. */
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
  readonly settings: RunSettings;
  /** Trains until it is paused or at its end. */
  run(): void;
  /** @returns when it stands: at most one step and what is read beside it later */
  pause(): Promise<void>;
  /** One step, after which it stands. */
  step(): Promise<void>;
  /** @param mostASecond steps a second; Infinity for as many as can be */
  setSpeed(mostASecond: number): void;
  /** The held-out scenes' embeddings now; a run that goes on does so afterwards. */
  snapshot(): Promise<TrainerSnapshot>;
  exportState(): Promise<LearnerState>;
  /** Ends the worker; nothing is heard afterwards. */
  dispose(): void;
}

// A run that is lost more often than this without taking a step is lost for a reason.
const MOST_LOSSES = 3;

/**
 * Opens a run in a worker.
 *
 * A GPU that is lost, or a worker that breaks down, is replaced: the run goes on from its last checkpoint, the second time
 * on wasm.
 *
 * @throws {Error} when no backend starts or a setting is out of its range
 */
export async function createTrainer(settings: RunSettings, options: TrainerOptions): Promise<Trainer> {
  const trainer = new WorkerTrainer(settings, options);
  try {
    await trainer.open();
  } catch (error) {
    trainer.dispose();
    throw error;
  }
  return trainer;
}

class WorkerTrainer implements Trainer {
  readonly settings: RunSettings;
  readonly #options: TrainerOptions;
  #thread: Worker | undefined;
  #worker: comlink.Remote<TrainerWorker> | undefined;
  #checkpoint: LearnerState | undefined;
  #isWished = false;
  #isOver = false;
  #speed = Number.POSITIVE_INFINITY;
  #losses = 0;

  constructor(settings: RunSettings, options: TrainerOptions) {
    this.settings = settings;
    this.#options = options;
    this.#checkpoint = options.state;
  }

  async open(backend: BackendName | 'auto' = this.#options.backend ?? 'auto'): Promise<void> {
    const thread = new Worker(new URL('./trainer-worker.ts', import.meta.url), {
      ...{ type: 'module', name: 'trainer' },
    });
    this.#thread = thread;
    const worker = comlink.wrap<TrainerWorker>(thread);
    const { listeners, heldOut = 256, checkpointMs = 10_000 } = this.#options;
    /** Nothing is heard of a worker that another one has taken the place of. */
    const guard = <News extends unknown[]>(callback: (...news: News) => void) =>
      comlink.proxy((...news: News) => {
        if (this.#thread === thread && !this.#isOver) callback(...news);
      });
    const broken = new Promise<never>((_, reject) => {
      thread.addEventListener('error', (event) => {
        const reason = `The training worker failed: ${event.message || 'its script did not load'}.`;
        reject(new Error(`${reason} Reload the page and try again.`));
        if (this.#worker && this.#thread === thread) void this.#replace(reason);
      });
    });
    const started = await Promise.race([
      broken,
      worker.open(
        { settings: this.settings, backend, state: this.#checkpoint, heldOut, checkpointMs },
        guard((numbers, pace) => {
          this.#losses = 0;
          listeners.onSteps(numbers, pace);
        }),
        guard((snapshot) => listeners.onSnapshot(snapshot)),
        guard((state) => {
          this.#checkpoint = state;
        }),
        guard(() => {
          this.#isWished = false;
          listeners.onEnd();
        }),
        guard((reason, isLost) => {
          if (isLost) void this.#replace(reason);
          else this.#fail(reason);
        }),
      ),
    ]);
    if (this.#isOver) return;
    this.#worker = worker;
    listeners.onStarted(started);
    if (this.#speed !== Number.POSITIVE_INFINITY) await worker.setSpeed(this.#speed);
    if (this.#isWished) await worker.run();
  }

  run(): void {
    this.#isWished = true;
    this.#ask((worker) => worker.run());
  }

  async pause(): Promise<void> {
    this.#isWished = false;
    await this.#worker?.pause();
  }

  async step(): Promise<void> {
    this.#isWished = false;
    await this.#worker?.step();
  }

  setSpeed(mostASecond: number): void {
    this.#speed = mostASecond;
    this.#ask((worker) => worker.setSpeed(mostASecond));
  }

  snapshot(): Promise<TrainerSnapshot> {
    return this.#open().snapshot();
  }

  exportState(): Promise<LearnerState> {
    return this.#open().exportState();
  }

  dispose(): void {
    this.#isOver = true;
    this.#end();
  }

  #open(): comlink.Remote<TrainerWorker> {
    if (this.#worker) return this.#worker;
    throw new Error('The run is being started again. Try it in a moment.');
  }

  #ask(question: (worker: comlink.Remote<TrainerWorker>) => Promise<void>): void {
    if (!this.#worker) return;
    question(this.#worker).catch((error: unknown) =>
      this.#fail(error instanceof Error ? error.message : String(error)),
    );
  }

  async #replace(reason: string): Promise<void> {
    this.#end();
    if (this.#isOver) return;
    this.#losses += 1;
    const { listeners, backend = 'auto' } = this.#options;
    if (this.#losses > MOST_LOSSES) {
      this.#fail(reason);
      return;
    }
    listeners.onNotice(`${reason} The run goes on from step ${this.#checkpoint?.step ?? 0}.`);
    try {
      await this.open(this.#losses > 1 ? 'wasm' : backend);
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  #fail(reason: string): void {
    if (this.#isOver) return;
    this.dispose();
    this.#options.listeners.onFailure(reason);
  }

  #end(): void {
    this.#thread?.terminate();
    this.#thread = undefined;
    this.#worker = undefined;
  }
}
