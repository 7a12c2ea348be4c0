import type { MetricSet, SymbolSet, VectorSet } from './engine.ts';
import { InvalidVectors } from './errors.ts';

/** A set, and what messages call it. */
export interface NamedSet {
  readonly set: MetricSet;
  readonly what: string;
}

export function isSymbols(set: MetricSet): set is SymbolSet {
  return 'symbols' in set;
}

/** The numbers of a set: a set is known by the identity of this array. */
export function valuesOf(set: MetricSet): VectorSet['vectors'] | SymbolSet['symbols'] {
  return isSymbols(set) ? set.symbols : set.vectors;
}

export function isSameSet(a: MetricSet, b: MetricSet): boolean {
  return valuesOf(a) === valuesOf(b);
}

/**
 * @param what names the set in messages, as in "The queries"
 * @throws {InvalidVectors} when the set holds symbols
 */
export function asVectors(set: MetricSet, what: string): VectorSet {
  if (!isSymbols(set)) return set;
  throw new InvalidVectors(
    `${what} are whole numbers to be compared as they are; only Hamming does that. Choose it, or give real vectors.`,
  );
}
