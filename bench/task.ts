import type { Gpu } from '../src/gpu/gpu.ts';
import type { Ours } from './contenders/ours.ts';
import type { Tfjs } from './contenders/tfjs.ts';
import type { Measured } from './measure.ts';

/** What a task may run on. */
export interface Stage {
  /** WebGPU first, where there is one. */
  readonly ours: readonly Ours[];
  /** What the first of ours runs on, for other engines on it. */
  readonly gpu: Gpu | null;
  readonly tfjs: readonly Tfjs[];
  /** The path of a peer's module, installed if need be; null where it cannot be had. */
  findPeer(name: 'embedding-atlas' | 'transformers'): Promise<string | null>;
  /** Contenders that take minutes, too. */
  readonly isSlow: boolean;
}

/** What we promised: of the time of a contender, or of a rate. */
export type Goal = { readonly than: string; readonly timesAsFast: number } | { readonly rate: number };

export interface Task {
  /** What `--only` looks in. */
  readonly id: string;
  readonly title: string;
  /** Of one run: rates are this over the seconds it took. */
  readonly work?: { readonly amount: number; readonly unit: string };
  /** Of the first of ours. */
  readonly goal?: Goal;
  /** What a reader of the table must know. */
  readonly note?: string;
  measure(stage: Stage): Promise<Measured[]>;
}
