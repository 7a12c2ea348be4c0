import type { MetricId, MetricSet, SymbolSet, VectorSet } from './engine.ts';
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
 * @throws {InvalidVectors} when the set holds real vectors
 */
export function asSymbols(set: MetricSet, what: string): SymbolSet {
  if (isSymbols(set)) return set;
  throw new InvalidVectors(`${what} are real vectors, where whole numbers to be compared are expected.`);
}

/** @throws {InvalidVectors} when symbols are to be measured in another way than by Hamming, or against real vectors */
export function checkComparable(metric: MetricId, rows: NamedSet, columns: NamedSet): void {
  if (metric !== 'hamming') {
    asVectors(rows.set, rows.what);
    asVectors(columns.set, columns.what);
  }
  if (isSymbols(rows.set) === isSymbols(columns.set)) return;
  const [whole, real] = isSymbols(rows.set) ? [rows, columns] : [columns, rows];
  throw new InvalidVectors(
    `${whole.what} are whole numbers to be compared as they are, but ${lowerFirst(real.what)} are real vectors. Give both as the one or both as the other.`,
  );
}

/**
 * @param what names the set in messages, as in "The queries"
 * @throws {InvalidVectors} when the set holds symbols
 */
export function asVectors(set: MetricSet, what: string): VectorSet {
  if (!isSymbols(set)) return set;
  throw new InvalidVectors(
    `${what} are whole numbers to be compared as they are; only the metric "hamming" does that. Measure by it, or give real vectors.`,
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
