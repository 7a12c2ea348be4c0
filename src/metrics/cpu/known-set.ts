import { roundToHalf } from '../../common/half.ts';
import { checkValues } from '../check.ts';
import type { BitThreshold, MetricSet, SymbolSet, VectorSet } from '../engine.ts';
import { asVectors, isSymbols } from '../sets.ts';
import { findSymbolRange, packSymbols, type SymbolBits, symbolBits, symbolWords } from '../symbols.ts';
import { computeThresholds, packBits, wordsOf } from '../thresholds.ts';
import type { Rows } from './rows.ts';

/** Awaited now and then in long work: it lets others have the thread, and throws when the work is not wanted any more. */
export type Pause = () => Promise<void> | undefined;

type Words = Rows<Uint32Array<ArrayBuffer>>;

// Numbers that are looked at between two pauses.
const AT_ONCE = 2 ** 18;

/** A set with what metrics need to know of its rows, found when first asked for. */
export class KnownSet {
  readonly set: MetricSet;
  readonly rows: number;
  readonly #what: string;
  #norms: Float64Array<ArrayBuffer> | undefined;
  #halves: KnownSet | undefined;
  readonly #thresholds = new Map<BitThreshold, Float64Array<ArrayBuffer>>();
  readonly #packed = new Map<BitThreshold | SymbolBits, Words>();

  /** @param what names the set in messages, as in "The queries" */
  constructor(set: MetricSet, what: string) {
    this.set = set;
    this.#what = what;
    this.rows = (isSymbols(set) ? set.symbols : set.vectors).length / set.dimension;
  }

  /** @throws {InvalidVectors} when these are symbols */
  get vectors(): VectorSet {
    return asVectors(this.set, this.#what);
  }

  get floats(): Rows<Float32Array<ArrayBuffer>> {
    const { vectors, dimension } = this.vectors;
    return { values: vectors, length: dimension, count: this.rows };
  }

  /** x·x of every row. */
  async squaredNorms(pause: Pause): Promise<Float64Array<ArrayBuffer>> {
    if (this.#norms) return this.#norms;
    const { vectors, dimension } = this.vectors;
    const norms = new Float64Array(this.rows);
    for (const [from, to] of slices(this.rows, dimension)) {
      for (let i = from; i < to; i++) {
        let sum = 0;
        for (let at = i * dimension; at < (i + 1) * dimension; at++) sum += (vectors[at] ?? 0) ** 2;
        norms[i] = sum;
      }
      await pause();
    }
    this.#norms = norms;
    return norms;
  }

  /**
   * The same rows in 16-bit floats.
   *
   * @throws {InvalidVectors} when a value is beyond them
   */
  async halves(pause: Pause): Promise<KnownSet> {
    if (this.#halves) return this.#halves;
    const { vectors, dimension } = this.vectors;
    const rounded = new Float32Array(vectors.length);
    for (const [from, to] of slices(this.rows, dimension)) {
      checkValues(this.vectors, this.#what, from, to - from, 'float16');
      for (let at = from * dimension; at < to * dimension; at++) rounded[at] = roundToHalf(vectors[at] ?? 0);
      await pause();
    }
    this.#halves = new KnownSet({ vectors: rounded, dimension }, this.#what);
    return this.#halves;
  }

  /** Rows as packed bits by the thresholds of `base`; kept when that is this set. */
  async bits(kind: BitThreshold, base: KnownSet, pause: Pause): Promise<Words> {
    const kept = base === this ? this.#packed.get(kind) : undefined;
    if (kept) return kept;
    const { vectors } = this;
    const length = wordsOf(vectors.dimension);
    const values = new Uint32Array(this.rows * length);
    const thresholds = await base.#thresholdsOf(kind, pause);
    for (const [from, to] of slices(this.rows, vectors.dimension)) {
      for (let i = from; i < to; i++) packBits(vectors, i, thresholds, values, i * length);
      await pause();
    }
    const packed = { values, length, count: this.rows };
    if (base === this) this.#packed.set(kind, packed);
    return packed;
  }

  async #thresholdsOf(kind: BitThreshold, pause: Pause): Promise<Float64Array<ArrayBuffer>> {
    const thresholds = this.#thresholds.get(kind) ?? (await computeThresholds(this.vectors, kind, pause));
    this.#thresholds.set(kind, thresholds);
    return thresholds;
  }

  async symbols(set: SymbolSet, bits: SymbolBits, pause: Pause): Promise<Words> {
    const kept = this.#packed.get(bits);
    if (kept) return kept;
    const length = symbolWords(set.dimension, bits);
    const values = new Uint32Array(this.rows * length);
    for (const [from, to] of slices(this.rows, set.dimension)) {
      packSymbols(set, bits, from, to - from, values.subarray(from * length), length);
      await pause();
    }
    const packed = { values, length, count: this.rows };
    this.#packed.set(bits, packed);
    return packed;
  }
}

/** The fewest bits that tell the symbols of both sets apart. */
export async function commonSymbolBits(a: SymbolSet, b: SymbolSet, pause: Pause): Promise<SymbolBits> {
  return symbolBits(await findSymbolRange(a, pause), await findSymbolRange(b, pause));
}

/** Rows in runs of about so many numbers as are looked at at once. */
export function* slices(rows: number, dimension: number): Generator<[from: number, to: number]> {
  const step = Math.max(1, Math.floor(AT_ONCE / dimension));
  for (let from = 0; from < rows; from += step) yield [from, Math.min(rows, from + step)];
}
