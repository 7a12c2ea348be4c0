import type { Pace } from './pace.ts';
import { type Copy, type Dispatch, submit } from './submit.ts';

/** A dispatch and what it costs: elements, as its pace counts them. */
export interface Step {
  readonly dispatch: Dispatch;
  readonly pace: Pace;
  readonly elements: number;
}

// One for the GPU to work on, and one that waits for it, so that it never idles while the page prepares the next.
const MOST_UNDER_WAY = 2;

/** Gathers steps of several kernels into submits of bounded length: each small step by itself would mostly wait. */
export class Convoy {
  readonly #device: GPUDevice;
  readonly #onDone: (elements: number) => void;
  #steps: Step[] = [];
  #underWay: Promise<void>[] = [];
  #lastEnd = 0;

  /** @param onDone hears the elements of each submit that is through; throws to stop */
  constructor(device: GPUDevice, onDone: (elements: number) => void) {
    this.#device = device;
    this.#onDone = onDone;
  }

  /** Runs the step with the next submit. Steps run in order; settings of a kernel serve one step of a submit. */
  async add(step: Step): Promise<void> {
    const isRoom = shareOf(this.#steps) + shareOf([step]) <= 1;
    const isFree = this.#steps.every(({ dispatch }) => dispatch.uniforms !== step.dispatch.uniforms);
    if (this.#steps.length > 0 && !(isRoom && isFree)) await this.send();
    this.#steps.push(step);
  }

  /** Submits what was added, then copies; returns when at most one submit before it is still under way. */
  async send(copies: readonly Copy[] = []): Promise<void> {
    while (this.#underWay.length >= MOST_UNDER_WAY) await this.#land();
    const run = this.#run(this.#steps, copies);
    this.#steps = [];
    // Whoever lands it hears a failure; where an earlier one fails, nobody does.
    run.catch(() => undefined);
    this.#underWay.push(run);
  }

  /** Waits for all that is under way. */
  async settle(): Promise<void> {
    while (this.#underWay.length > 0) await this.#land();
  }

  async #land(): Promise<void> {
    const [first, ...rest] = this.#underWay;
    this.#underWay = rest;
    await first;
  }

  async #run(steps: readonly Step[], copies: readonly Copy[]): Promise<void> {
    const begin = performance.now();
    const share = shareOf(steps);
    const dispatches = steps.map(({ dispatch }) => dispatch);
    await submit(this.#device, dispatches, copies);
    const end = performance.now();
    // Before the last one had ended, this one waited.
    const duration = end - Math.max(begin, this.#lastEnd);
    this.#lastEnd = end;
    let elements = 0;
    for (const { pace, elements: some } of steps) {
      // Nobody knows which step took how long: each is taken to be as much too fast or too slow as all together.
      pace.record(pace.budget * share, duration);
      elements += some;
    }
    this.#onDone(elements);
  }
}

/** Of what a submit may hold. */
function shareOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { pace, elements }) => sum + elements / pace.budget, 0);
}
