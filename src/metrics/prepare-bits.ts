import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import type { RowSource } from '../gpu/matrix.ts';
import { binarize } from './binarize.ts';
import type { Binarizer } from './binarize-work.ts';
import { hammingOfSymbols, type Metric } from './catalogue.ts';
import { checkValues } from './check.ts';
import type { BitThreshold, VectorSet } from './engine.ts';
import type { PreparationKind, SourcePreparation } from './prepare.ts';
import { asSymbols, asVectors, isSymbols, type NamedSet } from './sets.ts';
import { findSymbolRange, packSymbols, type SymbolBits, symbolBits, symbolWords } from './symbols.ts';
import { findThresholds, packBits, wordsOf } from './thresholds.ts';

/** How two sets are measured under a metric: which variant of its kernels, and how rows are written for it. */
export interface Form {
  readonly metric: Metric;
  readonly kind: PreparationKind;
}

/** Symbols are packed as tightly as their values allow, the same in both sets; real vectors take one form. */
export async function chooseForm(
  metric: Metric,
  { set: rows }: NamedSet,
  { set: columns }: NamedSet,
  threshold: BitThreshold = 'median',
  { signal }: Job = {},
): Promise<Form> {
  if (isSymbols(rows) && isSymbols(columns)) {
    const turn = makeTurns(signal);
    const bits = symbolBits(await findSymbolRange(rows, turn), await findSymbolRange(columns, turn));
    return { metric: hammingOfSymbols[bits], kind: bits };
  }
  return { metric, kind: metric.rows === 'bits' ? threshold : metric.rows };
}

export function symbolPreparation(bits: SymbolBits, dimension: number): SourcePreparation {
  const lanes = Math.ceil(symbolWords(dimension, bits) / 4);
  return {
    lanes,
    sourceOf(named) {
      const set = asSymbols(named.set, named.what);
      return {
        rows: set.symbols.length / dimension,
        lanes,
        rowsAtOnce: rowsAtOnce(dimension),
        fill: (first, count, out) => packSymbols(set, bits, first, count, out.words, lanes * 4),
      };
    },
  };
}

/**
 * Bits by the thresholds of the base. Large sets are turned into bits on the GPU, and the thresholds of a large base are
 * known only when its own rows were written.
 */
export async function bitsPreparation(
  baseSet: NamedSet,
  kind: BitThreshold,
  binarizer: Binarizer,
  job: Job,
): Promise<SourcePreparation> {
  const base = asVectors(baseSet.set, baseSet.what);
  const lanes = Math.ceil(wordsOf(base.dimension) / 4);
  const isLarge = (set: VectorSet) => set.vectors.length >= binarizer.fewestValues;
  let thresholds = isLarge(base) ? undefined : await findThresholds(base, kind, job);
  return {
    lanes,
    sourceOf({ set: metricSet, what }) {
      const set = asVectors(metricSet, what);
      const rows = set.vectors.length / set.dimension;
      if (thresholds && !isLarge(set)) return bitSource(set, what, thresholds, lanes);
      return {
        rows,
        lanes,
        async write(chunks, writing) {
          const bits = { chunks, lanes };
          thresholds = await binarize(binarizer, set, what, thresholds ?? kind, bits, writing);
        },
      };
    },
  };
}

function bitSource(
  set: VectorSet,
  what: string,
  thresholds: Float64Array<ArrayBuffer>,
  lanes: number,
): RowSource {
  return {
    rows: set.vectors.length / set.dimension,
    lanes,
    rowsAtOnce: rowsAtOnce(set.dimension),
    fill(first, count, out) {
      checkValues(set, what, first, count);
      for (let i = 0; i < count; i++) packBits(set, first + i, thresholds, out.words, i * lanes * 4);
    },
  };
}

// Checked, compared and packed in some 3 ms.
const VALUES_AT_ONCE = 2 ** 19;

function rowsAtOnce(dimension: number): number {
  return Math.ceil(VALUES_AT_ONCE / dimension);
}
