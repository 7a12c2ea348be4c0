/** Sums of softmaxes whose values come in any order, in float64 (Milakov and Gimelshein 2018, algorithm 3). */
export class SoftmaxSums {
  readonly #largest: Float64Array<ArrayBuffer>;
  readonly #total: Float64Array<ArrayBuffer>;

  constructor(count: number) {
    this.#largest = new Float64Array(count).fill(-Infinity);
    this.#total = new Float64Array(count);
  }

  /** One more value of one of the softmaxes. */
  add(at: number, value: number): void {
    const largest = this.#largest[at] ?? 0;
    const total = this.#total[at] ?? 0;
    if (value <= largest) {
      this.#total[at] = total + Math.exp(value - largest);
    } else {
      this.#total[at] = total * Math.exp(largest - value) + 1;
      this.#largest[at] = value;
    }
  }

  /** Of a value among all that were added. */
  probability(at: number, value: number): number {
    return Math.exp(value - (this.#largest[at] ?? 0)) / (this.#total[at] ?? 1);
  }
}
