import cosine from '../../shaders/lib/metric-cosine.wgsl?raw';
import dot from '../../shaders/lib/metric-dot.wgsl?raw';
import euclidean from '../../shaders/lib/metric-euclidean.wgsl?raw';
import hamming from '../../shaders/lib/metric-hamming.wgsl?raw';
import hammingBytes from '../../shaders/lib/metric-hamming-bytes.wgsl?raw';
import hammingHalves from '../../shaders/lib/metric-hamming-halves.wgsl?raw';
import hammingPairs from '../../shaders/lib/metric-hamming-pairs.wgsl?raw';
import hammingWords from '../../shaders/lib/metric-hamming-words.wgsl?raw';
import manhattan from '../../shaders/lib/metric-manhattan.wgsl?raw';
import type { MetricId } from './engine.ts';
import type { SymbolBits } from './symbols.ts';

/** All that the house knows of a metric, beside its reference function and its WGSL operation. */
export interface Metric {
  /** Kernels and what was learned of them are kept by it: a variant of a metric has its own. */
  readonly id: MetricId | `hamming-${'bytes' | 'halves' | 'words' | 'pairs'}`;
  readonly label: string;
  /** TeX. */
  readonly formula: string;
  readonly nearest: 'smallest' | 'largest';
  /** How rows are written for the GPU: `bits` by the threshold of the call. */
  readonly rows: 'plain' | 'shifted' | 'unit' | 'bits';
  /** The WGSL operation: what shaders/distances.wgsl asks of it stands at the top of that file. */
  readonly wgsl: string;
  /** Rows and columns of one thread's tile: 8 where an element is one multiply-add, 4 where it takes more registers. */
  readonly tile: 4 | 8;
}

export const catalogue: Readonly<Record<MetricId, Metric & { readonly id: MetricId }>> = {
  cosine: {
    id: 'cosine',
    label: 'Cosine',
    formula: '1-\\frac{x\\cdot y}{\\lVert x\\rVert\\lVert y\\rVert}',
    nearest: 'smallest',
    rows: 'unit',
    wgsl: cosine,
    tile: 8,
  },
  euclidean: {
    id: 'euclidean',
    label: 'Euclidean',
    formula: '\\sqrt{\\sum_i (x_i-y_i)^2}',
    nearest: 'smallest',
    rows: 'shifted',
    wgsl: euclidean,
    tile: 8,
  },
  manhattan: {
    id: 'manhattan',
    label: 'Manhattan',
    formula: '\\sum_i |x_i-y_i|',
    nearest: 'smallest',
    rows: 'plain',
    wgsl: manhattan,
    tile: 4,
  },
  hamming: {
    id: 'hamming',
    label: 'Hamming',
    formula: '\\sum_i [x_i>t_i]\\oplus[y_i>t_i]',
    nearest: 'smallest',
    rows: 'bits',
    wgsl: hamming,
    tile: 4,
  },
  dot: {
    id: 'dot',
    label: 'Dot product',
    formula: '\\sum_i x_i y_i',
    nearest: 'largest',
    rows: 'plain',
    wgsl: dot,
    tile: 8,
  },
};

const symbols = { ...catalogue.hamming, formula: '\\sum_i [x_i\\ne y_i]' };

/** Hamming of whole numbers, by the bits that each takes. */
export const hammingOfSymbols: Readonly<Record<SymbolBits, Metric>> = {
  1: catalogue.hamming,
  8: { ...symbols, id: 'hamming-bytes', wgsl: hammingBytes },
  16: { ...symbols, id: 'hamming-halves', wgsl: hammingHalves },
  32: { ...symbols, id: 'hamming-words', wgsl: hammingWords },
  64: { ...symbols, id: 'hamming-pairs', wgsl: hammingPairs },
};
