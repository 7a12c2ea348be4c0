import type { BitThreshold, MetricId, MetricOptions } from '../engine.ts';
import { isSymbols } from '../sets.ts';
import type { Block } from './blocks.ts';
import { cosineFinish, euclideanFinish, type Finish, plainFinish } from './finish.ts';
import { commonSymbolBits, type KnownSet, type Pause } from './known-set.ts';
import { gatherFloats, gatherWords, type Rows } from './rows.ts';
import { makeBlockSums } from './sums.ts';
import { absoluteTile, dotTile, LOW_BITS, makeSymbolsTile, type Tile, wideSymbolsTile } from './tiles.ts';

/** Values between two sets. */
export interface Measure<T = Float32Array<ArrayBuffer>> {
  readonly rows: number;
  readonly columns: number;
  /** Numbers of a row that are read for one pair. */
  readonly length: number;
  /** The values of a block, row-major, at the beginning of an array that the next block overwrites. */
  measure(block: Block): T;
}

/** Two sets; the columns are the base, which Hamming's thresholds come from. */
export interface Pair {
  readonly rows: KnownSet;
  readonly columns: KnownSet;
  /** Which columns to measure, rising; all unless told. */
  readonly list?: Uint32Array<ArrayBuffer> | undefined;
}

/** Distances under a metric, as docs/metrics.md defines them. */
export async function makeMeasure(
  { metric, threshold = 'median', storage = 'float32' }: MetricOptions,
  pair: Pair,
  pause: Pause,
): Promise<Measure> {
  if (metric === 'hamming') return makeHamming(threshold, pair, pause);
  const stored = storage === 'float16' ? await storeAsHalves(pair, pause) : pair;
  const rows = stored.rows.floats;
  const columns = gatherFloats(stored.columns.floats, pair.list);
  switch (metric) {
    case 'manhattan':
      return openMeasure(absoluteTile, rows, columns, plainFinish);
    case 'dot':
      return openMeasure(dotTile, rows, columns, plainFinish);
    case 'euclidean':
      return openMeasure(dotTile, rows, columns, await euclideanFinish(stored, columns, pause));
    case 'cosine':
      return openMeasure(dotTile, rows, columns, await cosineFinish(stored, columns, pause));
  }
}

/** As in the catalogue, which carries the WGSL of every metric with it. */
export function nearestOf(metric: MetricId): 'smallest' | 'largest' {
  return metric === 'dot' ? 'largest' : 'smallest';
}

/** Cosines; 0 where either is a zero vector. In float64, for what comes of them is an exponent. */
export async function makeCosines(
  rows: KnownSet,
  columns: KnownSet,
  pause: Pause,
): Promise<Measure<Float64Array<ArrayBuffer>>> {
  const rowNorms = await rows.squaredNorms(pause);
  const columnNorms = await columns.squaredNorms(pause);
  const sumBlock = makeBlockSums(dotTile, rows.floats, columns.floats);
  let cosines = new Float64Array(0);
  return {
    rows: rows.rows,
    columns: columns.rows,
    length: rows.set.dimension,
    measure(block) {
      const { values, rowStep, columnStep } = sumBlock(block);
      if (cosines.length < block.rows * block.columns) cosines = new Float64Array(block.rows * block.columns);
      for (let r = 0; r < block.rows; r++) {
        const rowNorm = rowNorms[block.firstRow + r] ?? 0;
        for (let c = 0; c < block.columns; c++) {
          // √(xx·yy) and not √xx·√yy: of a row with itself the first is exactly xx.
          const norms = Math.sqrt(rowNorm * (columnNorms[block.firstColumn + c] ?? 0));
          const sum = values[r * rowStep + c * columnStep] ?? 0;
          cosines[r * block.columns + c] = norms === 0 ? 0 : sum / norms;
        }
      }
      return cosines;
    },
  };
}

async function makeHamming(
  threshold: BitThreshold,
  { rows, columns, list }: Pair,
  pause: Pause,
): Promise<Measure> {
  const [a, b] = [rows.set, columns.set];
  if (!isSymbols(a) || !isSymbols(b)) {
    const y = await columns.bits(threshold, columns, pause);
    const x = rows === columns ? y : await rows.bits(threshold, columns, pause);
    return openMeasure(makeSymbolsTile(LOW_BITS[1]), x, gatherWords(y, list), plainFinish);
  }
  const bits = await commonSymbolBits(a, b, pause);
  const tile = bits === 64 ? wideSymbolsTile : makeSymbolsTile(LOW_BITS[bits]);
  const x = await rows.symbols(a, bits, pause);
  const y = await columns.symbols(b, bits, pause);
  return openMeasure(tile, x, gatherWords(y, list), plainFinish);
}

async function storeAsHalves({ rows, columns, list }: Pair, pause: Pause): Promise<Pair> {
  const base = await columns.halves(pause);
  return { rows: rows === columns ? base : await rows.halves(pause), columns: base, list };
}

function openMeasure<T>(tile: Tile<T>, rows: Rows<T>, columns: Rows<T>, finish: Finish): Measure {
  const sumBlock = makeBlockSums(tile, rows, columns);
  let distances = new Float32Array(0);
  return {
    rows: rows.count,
    columns: columns.count,
    length: rows.length,
    measure(block) {
      if (distances.length < block.rows * block.columns) {
        distances = new Float32Array(block.rows * block.columns);
      }
      finish(sumBlock(block), block, distances);
      return distances;
    },
  };
}
