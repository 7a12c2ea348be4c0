import summaryWgsl from '../../../shaders/summary.wgsl?raw';
import type { Gpu } from '../../gpu/gpu.ts';
import { composeShader } from '../../gpu/shader.ts';
import type { Copy, Dispatch } from '../../gpu/submit.ts';

/** A block of distances by its numbers in the sets, as shaders/summary.wgsl takes it. */
export interface BlockPlace {
  readonly rows: number;
  readonly columns: number;
  readonly firstRow: number;
  readonly firstColumn: number;
  /** 1 for the first block of these rows. */
  readonly isFirst: 0 | 1;
  readonly leaveOutSelf: 0 | 1;
  readonly isLargestNearest: 0 | 1;
}

/** Something that is taken from all distances, block by block. */
export interface Reduction {
  /** Rows that it can follow at once. */
  readonly mostRows: number;
  dispatch(place: BlockPlace, distances: GPUBuffer): Dispatch;
  /** What to copy after the last block of some rows. */
  copies(rows: number): readonly Copy[];
  /** Takes in what was copied. */
  collect(firstRow: number, rows: number): Promise<void>;
}

export const SHADER = composeShader('shaders/summary.wgsl', [summaryWgsl]);

/** Rows at once: enough to keep a GPU busy, and few enough that what is kept of each stays small. */
export const MOST_ROWS = 1024;
// Invocations that keep a GPU busy, and as many as a processor wants of longer loops.
const INVOCATIONS = { gpu: 16_384, fallback: 4096 };
// Fewer columns are not worth an invocation of their own.
const LEAST_COLUMNS = 32;

/**
 * Parts that the columns are dealt to. It decides what is summed with what, and so must follow from nothing but the device
 * and the sizes.
 *
 * @param lists independent lists of columns at once
 * @param columns in the longest list
 */
export function partsOf({ adapter }: Gpu, lists: number, columns: number): number {
  const invocations = adapter.isFallback ? INVOCATIONS.fallback : INVOCATIONS.gpu;
  return Math.max(1, Math.min(Math.floor(invocations / lists), Math.floor(columns / LEAST_COLUMNS)));
}
