import { InFlight } from './in-flight.ts';
import type { Pace } from './pace.ts';
import { type Copy, type Dispatch, submit } from './submit.ts';

/** A dispatch and what it costs: elements, as its pace counts them. */
export interface Step {
  readonly dispatch: Dispatch;
  readonly pace: Pace;
  readonly elements: number;
}

/** What one submit holds, and how much of what it may hold that was taken to be. */
interface Load {
  readonly steps: readonly Step[];
  readonly share: number;
}

/** Gathers steps of several kernels into submits of bounded length: each small step by itself would mostly wait. */
export class Convoy {
  readonly #device: GPUDevice;
  readonly #flights: InFlight<Load>;
  #steps: Step[] = [];

  /** @param onDone hears the elements of each submit that is through; throws to stop */
  constructor(device: GPUDevice, onDone: (elements: number) => void) {
    this.#device = device;
    this.#flights = new InFlight<Load>({
      record({ steps, share }, durationMs) {
        // Nobody knows which step took how long: each is taken to be as much too fast or too slow as all together.
        for (const { pace } of steps) pace.record(pace.budget * share, durationMs);
        onDone(steps.reduce((sum, { elements }) => sum + elements, 0));
      },
    });
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
    const steps = this.#steps;
    this.#steps = [];
    const dispatches = steps.map(({ dispatch }) => dispatch);
    await this.#flights.add(() => submit(this.#device, dispatches, copies), { steps, share: shareOf(steps) });
  }

  /** Waits for all that is under way. */
  settle(): Promise<void> {
    return this.#flights.settle();
  }
}

/** Of what a submit may hold. */
function shareOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { pace, elements }) => sum + elements / pace.budget, 0);
}
