import { packHalves, roundToHalf } from '../common/half.ts';
import type { Job } from '../common/job.ts';
import { makeTurns } from '../common/turns.ts';
import { type GpuRowSource, LANE_BYTES, type RowMemory, type RowSource } from '../gpu/matrix.ts';
import type { Binarizer } from './binarize-work.ts';
import { checkValues } from './check.ts';
import type { BitThreshold, MetricSet, Storage, VectorSet } from './engine.ts';
import { bitsPreparation, symbolPreparation } from './prepare-bits.ts';
import { asVectors, type NamedSet } from './sets.ts';
import type { SymbolBits } from './symbols.ts';

/** How the rows of a set, and of whatever is measured against it, are written for the GPU. */
export type Preparation = RowPreparation | SourcePreparation;

interface RowPreparation {
  readonly lanes: number;
  /** Where rows are stored in 16-bit floats, `writeRow` gets and writes numbers that are already rounded to them. */
  readonly storage: Storage;
  /** Writes one row at `offset` numbers into `out`. @returns its side number */
  writeRow(set: VectorSet, row: number, out: RowMemory, offset: number): number;
}

/** Whole numbers in lanes of bits. */
export interface SourcePreparation {
  readonly lanes: number;
  sourceOf(set: NamedSet): RowSource | GpuRowSource;
}

/**
 * Which preparation a metric needs; sets prepared in the same way share it. A number is the bits that each symbol takes.
 */
export type PreparationKind =
  | ('plain' | 'shifted' | 'unit' | 'split')
  | ('halves' | 'unit halves')
  | BitThreshold
  | SymbolBits;

/**
 * The kind that keeps the same rows in that storage, where there is one: bits and symbols stay as they are.
 *
 * 16-bit rows are not shifted and not scaled, for neither leaves a 16-bit float one.
 */
export function storeAs(
  kind: PreparationKind,
  storage: Storage,
): { kind: PreparationKind; storage: Storage } {
  if (storage === 'float16') {
    if (kind === 'plain' || kind === 'shifted') return { kind: 'halves', storage };
    if (kind === 'unit') return { kind: 'unit halves', storage };
  }
  return { kind, storage: 'float32' };
}

/** Learns from the base set what a preparation needs to know of it. */
export async function makePreparation(
  kind: PreparationKind,
  baseSet: MetricSet,
  what: string,
  binarizer: Binarizer,
  job: Job = {},
): Promise<Preparation> {
  if (typeof kind === 'number') return symbolPreparation(kind, baseSet.dimension);
  const base = asVectors(baseSet, what);
  switch (kind) {
    case 'plain':
      return { lanes: Math.ceil(base.dimension / 4), storage: 'float32', writeRow: writePlainRow };
    case 'halves':
      return { lanes: Math.ceil(base.dimension / 4), storage: 'float16', writeRow: writePlainRow };
    case 'unit halves':
      return { lanes: Math.ceil(base.dimension / 4), storage: 'float16', writeRow: writeRowToScale };
    case 'shifted':
      return shiftedPreparation(base, job);
    case 'unit':
      return { lanes: Math.ceil(base.dimension / 4), storage: 'float32', writeRow: writeUnitRow };
    case 'split':
      return { lanes: 2 * Math.ceil(base.dimension / 4), storage: 'float32', writeRow: writeSplitRow };
    case 'median':
    case 'mean':
    case 'zero':
      return bitsPreparation({ set: base, what }, kind, binarizer, job);
  }
}

/** @param what names the set in messages */
export function rowSource(
  metricSet: MetricSet,
  what: string,
  preparation: Preparation,
): RowSource | GpuRowSource {
  if ('sourceOf' in preparation) return preparation.sourceOf({ set: metricSet, what });
  const set = asVectors(metricSet, what);
  const stride = preparation.lanes * 4;
  return {
    rows: set.vectors.length / set.dimension,
    lanes: preparation.lanes,
    laneBytes: preparation.storage === 'float16' ? LANE_BYTES / 2 : LANE_BYTES,
    fill(first, count, out, sides) {
      checkValues(set, what, first, count, preparation.storage);
      if (preparation.storage === 'float32') {
        for (let i = 0; i < count; i++) sides[i] = preparation.writeRow(set, first + i, out, i * stride);
        return;
      }
      const rounded = roundRows(set, first, count);
      const floats = new Float32Array(count * stride);
      const memory = { floats, words: new Uint32Array(floats.buffer) };
      for (let i = 0; i < count; i++) sides[i] = preparation.writeRow(rounded, i, memory, i * stride);
      packHalves(floats, out.words);
    },
  };
}

function roundRows({ vectors, dimension }: VectorSet, first: number, count: number): VectorSet {
  return {
    vectors: vectors.subarray(first * dimension, (first + count) * dimension).map(roundToHalf),
    dimension,
  };
}

/** Rows as they are; the side is the squared norm, which bounds what rounding does to a dot product. */
function writePlainRow(
  { vectors, dimension }: VectorSet,
  row: number,
  out: RowMemory,
  offset: number,
): number {
  let squared = 0;
  for (let j = 0; j < dimension; j++) {
    const value = vectors[row * dimension + j] ?? 0;
    out.floats[offset + j] = value;
    squared += value * value;
  }
  return squared;
}

/** Rows of length 1 (float64 norm, rounded once); the side is 1, or 0 for a zero vector, which stays zero. */
function writeUnitRow(
  { vectors, dimension }: VectorSet,
  row: number,
  out: RowMemory,
  offset: number,
): number {
  const norm = normOf(vectors, row * dimension, dimension);
  if (norm === 0) return 0;
  for (let j = 0; j < dimension; j++) out.floats[offset + j] = (vectors[row * dimension + j] ?? 0) / norm;
  return 1;
}

/** Rows as they are; the side is what makes their length 1, or 0 for a zero vector. */
function writeRowToScale(set: VectorSet, row: number, out: RowMemory, offset: number): number {
  const squared = writePlainRow(set, row, out, offset);
  return squared === 0 ? 0 : 1 / Math.sqrt(squared);
}

// High parts are multiples of 2^-11: their products are multiples of 2^-22 and, the rows being of length 1, all partial
// sums stay below 2, so that a 32-bit float adds them up without any rounding.
const SPLIT_GRID = 2 ** 11;

/** Rows of length 1 as a coarse part and, after it, the rest: the dot products are then good to about 1e-9. */
function writeSplitRow(
  { vectors, dimension }: VectorSet,
  row: number,
  out: RowMemory,
  offset: number,
): number {
  const norm = normOf(vectors, row * dimension, dimension);
  if (norm === 0) return 0;
  const rest = offset + 4 * Math.ceil(dimension / 4);
  for (let j = 0; j < dimension; j++) {
    const unit = (vectors[row * dimension + j] ?? 0) / norm;
    const high = Math.round(unit * SPLIT_GRID) / SPLIT_GRID;
    out.floats[offset + j] = high;
    out.floats[rest + j] = unit - high;
  }
  return 1;
}

// So many are looked at in a millisecond or so; only then is the clock asked.
const TURN_NUMBERS = 2 ** 18;
// A dimension whose values all lie within this ratio is far from 0 for its spread.
const NARROW = 1.25;

/**
 * Moves dimensions that are far from 0 near it, for ‖x−y‖² = ‖x‖² + ‖y‖² − 2x·y loses its digits there. Only where the
 * move is exact: two floats within a factor of 2 subtract without rounding (Sterbenz). Differences stay what they were.
 * The side is the squared norm.
 */
async function shiftedPreparation(base: VectorSet, { signal }: Job): Promise<Preparation> {
  const { vectors, dimension } = base;
  const low = new Float32Array(dimension).fill(Infinity);
  const high = new Float32Array(dimension).fill(-Infinity);
  const turn = makeTurns();
  for (let start = 0; start < vectors.length; start += dimension) {
    for (let j = 0; j < dimension; j++) {
      const value = vectors[start + j] ?? 0;
      if (value < (low[j] ?? 0)) low[j] = value;
      if (value > (high[j] ?? 0)) high[j] = value;
    }
    if (start % TURN_NUMBERS < dimension) {
      signal?.throwIfAborted();
      await turn();
    }
  }
  const shift = low.map((least, j) => {
    const most = high[j] ?? 0;
    const isNarrow = (least > 0 && most <= NARROW * least) || (most < 0 && least >= NARROW * most);
    return isNarrow ? least + (most - least) / 2 : 0;
  });
  return {
    lanes: Math.ceil(dimension / 4),
    storage: 'float32',
    writeRow(set, row, out, offset) {
      let squared = 0;
      for (let j = 0; j < dimension; j++) {
        const value = Math.fround((set.vectors[row * dimension + j] ?? 0) - (shift[j] ?? 0));
        out.floats[offset + j] = value;
        squared += value * value;
      }
      return squared;
    },
  };
}

function normOf(vectors: Float32Array<ArrayBuffer>, start: number, dimension: number): number {
  let squared = 0;
  for (let at = start; at < start + dimension; at++) squared += (vectors[at] ?? 0) ** 2;
  return Math.sqrt(squared);
}
