// A submit much longer than this makes the page stutter; past seconds, a system kills it.
const TARGET_MS = 30;
// Never more than this in one step, so that one lucky measurement cannot make a long submit.
const MOST_GROWTH = 4;

/** Learns how much work a submit may hold, from how long the last ones took. */
export class Pace {
  #perMs: number;

  /** @param perMs a cautious first guess of elements (one number of one pair) a millisecond */
  constructor(perMs: number) {
    this.#perMs = perMs;
  }

  /** Elements that the next submit may hold. */
  get budget(): number {
    return this.#perMs * TARGET_MS;
  }

  record(elements: number, durationMs: number): void {
    // Submits of under a millisecond measure the round trip, not the work.
    const measured = elements / Math.max(durationMs, 1);
    const grown = Math.min(measured, this.#perMs * MOST_GROWTH);
    this.#perMs = durationMs < TARGET_MS / 2 ? Math.max(this.#perMs, grown) : grown;
  }
}
