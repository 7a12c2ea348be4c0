import { nextTask } from '../../common/turns.ts';
import type { Learner, StepNumbers } from '../training/learner.ts';

export interface LoopListeners {
  /** Steps that were taken since it was last called, in order; at most some ten times a second. */
  onSteps(numbers: readonly StepNumbers[], pace: number | undefined): void;
  /** Before the next step, now and then: for what is read off the model while it stands. */
  between(step: number): Promise<void>;
  onEnd(): void;
}

/** What the loop needs of a learner. */
export interface SteppedLearner extends Pick<Learner, 'settings' | 'steps'> {
  /** @returns undefined when it was given up */
  step(isUnwanted: (() => boolean) | undefined): Promise<StepNumbers | undefined>;
}

const REPORT_MS = 100;
/** Of the pace: how much the newest report counts. */
const FRESHNESS = 0.3;

/**
 * Takes the steps of a learner one after another, and stands still between two of them when it is told to. What waits in the worker's
 * queue has its turn after each step, so that nothing waits longer than a step takes.
 */
export class TrainingLoop {
  readonly #learner: SteppedLearner;
  readonly #listeners: LoopListeners;
  readonly #isUnwanted: (() => boolean) | undefined;
  /** The run that goes on, until it stands. */
  #running: Promise<void> | undefined;
  #wishesToRun = false;
  #mostASecond = Number.POSITIVE_INFINITY;
  #bound = Number.POSITIVE_INFINITY;
  #release: () => void = () => undefined;
  #untold: StepNumbers[] = [];
  #told = 0;
  #pace: number | undefined;

  /** @param isUnwanted whether a step of a run that goes on is to be given up in its middle, since a pause is on its way */
  constructor(learner: SteppedLearner, listeners: LoopListeners, isUnwanted?: () => boolean) {
    this.#isUnwanted = isUnwanted;
    this.#learner = learner;
    this.#listeners = listeners;
  }

  /** @param mostASecond steps a second; Infinity for as many as can be */
  setSpeed(mostASecond: number): void {
    if (!(mostASecond > 0)) throw new RangeError(`A run takes more than ${mostASecond} steps a second.`);
    this.#mostASecond = mostASecond;
  }

  /** @param step at which a run that goes on waits until it may go further; Infinity for none */
  setBound(step: number): void {
    this.#bound = step;
    this.#release();
  }

  /** @returns when it stands again: paused, at its end, or by an error, which it throws */
  run(): Promise<void> {
    this.#wishesToRun = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** @returns when it stands: a step later at most, which ends sooner where it is unwanted, and what is read between steps */
  async pause(): Promise<void> {
    this.#wishesToRun = false;
    this.#release();
    await this.#running?.catch(() => undefined);
  }

  /** One step, from where it stands. */
  async step(): Promise<void> {
    await this.pause();
    if (this.#isOver()) return;
    const numbers = await this.#learner.step(undefined);
    if (numbers) this.#untold.push(numbers);
    this.#tell();
    await this.#listeners.between(this.#learner.steps);
    if (this.#isOver()) this.#listeners.onEnd();
  }

  async #run(): Promise<void> {
    this.#told = performance.now();
    this.#pace = undefined;
    try {
      while (this.#wishesToRun && !this.#isOver()) {
        if (this.#learner.steps >= this.#bound) {
          await this.#wait();
          continue;
        }
        const began = performance.now();
        const numbers = await this.#learner.step(this.#isUnwanted);
        if (numbers) this.#untold.push(numbers);
        if (performance.now() - this.#told >= REPORT_MS) this.#tell();
        if (numbers) await this.#listeners.between(this.#learner.steps);
        await this.#rest(began + 1000 / this.#mostASecond);
      }
    } finally {
      this.#wishesToRun = false;
      this.#tell();
    }
    if (this.#isOver()) this.#listeners.onEnd();
  }

  /** At its bound. Whoever sets it hears at once that it was reached. */
  async #wait(): Promise<void> {
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#tell();
    await released;
  }

  /** Lets the queue have its turn, and waits for the time of the next step, where the speed is bounded. */
  async #rest(until: number): Promise<void> {
    await nextTask();
    while (this.#wishesToRun && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(50, until - performance.now())));
    }
  }

  #isOver(): boolean {
    return this.#learner.steps >= this.#learner.settings.steps;
  }

  #tell(): void {
    const numbers = this.#untold;
    if (numbers.length === 0) return;
    const now = performance.now();
    if (this.#running) {
      const pace = (1000 * numbers.length) / Math.max(1, now - this.#told);
      this.#pace = this.#pace === undefined ? pace : this.#pace + FRESHNESS * (pace - this.#pace);
    }
    this.#untold = [];
    this.#told = now;
    this.#listeners.onSteps(numbers, this.#running && this.#pace);
  }
}
