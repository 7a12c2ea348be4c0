import type { GpuEngineOptions, GpuMetricEngine } from '../../src/metrics/gpu-engine.ts';
import type { Verdict } from '../measure.ts';
import type { Peak } from './peaks.ts';

/** One size of one task. The numbers are what another program needs to do the same. */
export interface CaseSize {
  readonly task: 'products' | 'manhattan' | 'hamming' | 'neighbors';
  readonly rows: number;
  readonly columns: number;
  /** Numbers in a row; bits under Hamming. */
  readonly dimension: number;
  readonly k?: number;
}

export interface Case extends CaseSize {
  readonly title: string;
  /** Billions of what `unit` counts. */
  readonly work: number;
  readonly unit: string;
  /** Who does it, and in which way. */
  readonly by: string;
  readonly peak: (peak: Peak) => number;
  readonly engine?: GpuEngineOptions;
  /** Makes its data: only called when there is time for the case. */
  open(): OpenCase;
}

export interface OpenCase {
  run(engine: GpuMetricEngine): Promise<ArrayLike<number>>;
  judge(result: ArrayLike<number>): Verdict;
}

export interface CaseRow extends CaseSize {
  readonly title: string;
  readonly unit: string;
  readonly work: number;
  readonly by: string;
  /** Until the result is where the case wants it: in this program's memory unless `by` says otherwise. */
  readonly wallMs: readonly number[];
  /** In kernels, by the GPU's clock, of the same runs; empty without timestamps. */
  readonly kernelMs: readonly number[];
  readonly peak: number | null;
  readonly verdict: Verdict;
}
