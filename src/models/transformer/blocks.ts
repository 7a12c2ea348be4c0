/** The transformer of all networks here (Vaswani et al. 2017), in tfjs ops, on whichever backend is set. */
import {
  add,
  fused,
  mean,
  mul,
  type Rank,
  reshape,
  rsqrt,
  slice,
  squaredDifference,
  sub,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { activate } from './activations.ts';
import { attend } from './attention.ts';
import type { TowerConfig } from './config.ts';

/** A linear layer; the weight is in × out. */
export interface Linear {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D;
}

export interface Norm {
  readonly gain: Tensor1D;
  readonly bias: Tensor1D;
}

/** Attention's 1/√(width of a head) lies in the query part of `qkv`. */
export interface Block {
  readonly attentionNorm: Norm;
  readonly qkv: Linear;
  readonly merge: Linear;
  readonly mlpNorm: Norm;
  readonly widen: Linear;
  readonly narrow: Linear;
}

/** What runs through the blocks: n sequences of the same length. */
export interface Sequences {
  readonly count: number;
  readonly length: number;
  /** Added to the attention scores, (heads · count) × length × length; 1 on an axis stands for all of it. */
  readonly mask?: Tensor3D | undefined;
}

export interface RunOptions {
  /** Of the attention scores that are in memory at once; one row of them is always taken. */
  readonly attentionBytes: number;
  /** Between blocks; throws when the work is to end. */
  readonly turn: () => Promise<void> | undefined;
  /** Shown the input of the first block and the output of each, (count · length) × width; they are disposed of afterwards. */
  readonly watch?: ((x: Tensor2D, layer: number) => void) | undefined;
}

/**
 * Runs the blocks one after another.
 *
 * @param input (count · length) × width; disposed of, also after an error
 */
export async function runBlocks(
  input: Tensor2D,
  blocks: readonly Block[],
  sequences: Sequences,
  config: TowerConfig,
  { turn, watch, attentionBytes }: RunOptions,
): Promise<Tensor2D> {
  let x = input;
  try {
    watch?.(x, 0);
    for (const [at, block] of blocks.entries()) {
      await turn();
      const next = runBlock(x, block, sequences, config, attentionBytes);
      x.dispose();
      x = next;
      watch?.(x, at + 1);
    }
    return x;
  } catch (error) {
    x.dispose();
    throw error;
  }
}

/** Layer norm (Ba et al. 2016) of every row. */
export function normalize(x: Tensor2D, { gain, bias }: Norm, epsilon: number): Tensor2D {
  const center = mean(x, -1, true);
  const variance = mean(squaredDifference(x, center), -1, true);
  return add(mul(mul(sub(x, center), rsqrt(add(variance, epsilon))), gain), bias);
}

function runBlock(
  x: Tensor2D,
  block: Block,
  sequences: Sequences,
  { heads, activation, epsilon, normsAfter }: TowerConfig,
  attentionBytes: number,
): Tensor2D {
  const attention = (y: Tensor2D) =>
    apply(attendHeads(apply(y, block.qkv), sequences, heads, attentionBytes), block.merge);
  const mlp = (y: Tensor2D) => apply(activate(apply(y, block.widen), activation), block.narrow);
  return tidy(() => {
    if (normsAfter) {
      const attended = normalize(add<Tensor2D>(x, attention(x)), block.attentionNorm, epsilon);
      return normalize(add<Tensor2D>(attended, mlp(attended)), block.mlpNorm, epsilon);
    }
    const attended = add<Tensor2D>(x, attention(normalize(x, block.attentionNorm, epsilon)));
    return add<Tensor2D>(attended, mlp(normalize(attended, block.mlpNorm, epsilon)));
  });
}

/** A linear layer on every row. */
export function apply(x: Tensor2D, { weight, bias }: Linear): Tensor2D {
  return fused.matMul({ a: x, b: weight, bias }) as Tensor2D;
}

/** Attention of every head. @param qkv (count · length) × (3 · width) */
function attendHeads(
  qkv: Tensor2D,
  { count, length, mask }: Sequences,
  heads: number,
  attentionBytes: number,
): Tensor2D {
  const width = qkv.shape[1] / 3;
  const perHead = width / heads;
  // Queries, keys and values each in one piece, and in them each head: one transposition, and slices that are plain copies.
  const byHead = transpose(reshape<Rank.R4>(qkv, [count, length, 3 * heads, perHead]), [2, 0, 1, 3]);
  const matrices = reshape<Rank.R3>(byHead, [3 * heads * count, length, perHead]);
  const third = (at: number) => slice(matrices, [at * heads * count, 0, 0], [heads * count, -1, -1]);
  const attended = attend(third(0), third(1), third(2), mask, attentionBytes);
  const together = transpose(reshape<Rank.R4>(attended, [heads, count, length, perHead]), [1, 2, 0, 3]);
  return reshape<Rank.R2>(together, [count * length, width]);
}
