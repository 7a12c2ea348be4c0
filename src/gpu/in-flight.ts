/** One for the GPU to work on, and one that waits for it, so that it never idles while the page prepares or reads. */
export const MOST_IN_FLIGHT = 2;

/** Learns how long work took: a `Pace`, of elements. */
export interface Recorder<T> {
  record(work: T, durationMs: number): void;
}

/** Sends submits before the last one has come back, and tells the pace how long each took. */
export class InFlight<T = number> {
  readonly #pace: Recorder<T>;
  #flights: Promise<void>[] = [];
  #lastEnd = 0;

  constructor(pace: Recorder<T>) {
    this.#pace = pace;
  }

  /**
   * Waits until fewer than MOST_IN_FLIGHT submits are under way, then starts one.
   *
   * @param start submits, and resolves when all is done and read
   * @param work as the pace counts it
   */
  async add(start: () => Promise<void>, work: T): Promise<void> {
    while (this.#flights.length >= MOST_IN_FLIGHT) await this.#land();
    const begin = performance.now();
    const flight = start().then(() => {
      const end = performance.now();
      // Before the last one had ended, this one waited.
      this.#pace.record(work, end - Math.max(begin, this.#lastEnd));
      this.#lastEnd = end;
    });
    // Whoever awaits it hears a failure; if an earlier one fails, nobody does.
    flight.catch(() => undefined);
    this.#flights.push(flight);
  }

  /** Waits for all that is under way. */
  async settle(): Promise<void> {
    while (this.#flights.length > 0) await this.#land();
  }

  async #land(): Promise<void> {
    const [first, ...rest] = this.#flights;
    this.#flights = rest;
    await first;
  }
}
