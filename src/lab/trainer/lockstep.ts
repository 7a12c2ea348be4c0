/** Runs that are compared go on together. */
interface Member {
  step: number;
  readonly setBound: (step: number) => void;
}

// Between two turns of them all: as long as a report of steps is apart from the next.
const BLOCK_MS = 100;
const MOST_STEPS = 64;

/**
 * Holds runs at the same step, to a block of steps: none goes on before all have told that they are at its end. A block is one step where these are
 * slow, and as many as are taken between two reports where they are fast. A run that is alone is not held.
 */
export class Lockstep<Id> {
  readonly #members = new Map<Id, Member>();
  readonly #now: () => number;
  #bound = 0;
  #block = 1;
  #since = 0;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** The step at which a run waits; Infinity where none does. */
  get bound(): number {
    return this.#members.size > 1 ? this.#bound : Number.POSITIVE_INFINITY;
  }

  /** @param setBound is told of each step that the run is to wait at */
  join(id: Id, setBound: (step: number) => void): void {
    if (this.#members.size === 0) [this.#bound, this.#block] = [0, 1];
    this.#members.set(id, { step: -1, setBound });
    this.#tellAll();
  }

  /** For a run that is at its end or over: nobody waits for it. */
  leave(id: Id): void {
    if (!this.#members.delete(id)) return;
    this.#advance();
    this.#tellAll();
  }

  /** @param step that the run is at */
  tell(id: Id, step: number): void {
    const member = this.#members.get(id);
    if (!member) return;
    member.step = step;
    if (this.#advance()) this.#tellAll();
  }

  #advance(): boolean {
    const least = Math.min(...[...this.#members.values()].map(({ step }) => step));
    if (this.#members.size === 0 || least < this.#bound) return false;
    const took = this.#now() - this.#since;
    if (took < BLOCK_MS / 2) this.#block = Math.min(MOST_STEPS, 2 * this.#block);
    else if (took > BLOCK_MS) this.#block = Math.max(1, this.#block >> 1);
    this.#bound = least + this.#block;
    this.#since = this.#now();
    return true;
  }

  #tellAll(): void {
    for (const { setBound } of this.#members.values()) setBound(this.bound);
  }
}
