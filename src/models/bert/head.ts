/** From the vectors of a text's tokens to the one of the text, as sentence-transformers does it (Reimers and Gurevych 2019). */
import {
  add,
  concat,
  div,
  gather,
  matMul,
  max,
  maximum,
  norm,
  type Rank,
  relu,
  reshape,
  sigmoid,
  type Tensor2D,
  type Tensor3D,
  tanh,
  tensor1d,
  tensor3d,
  tidy,
} from '@tensorflow/tfjs-core';
import { activate } from '../transformer/activations.ts';
import { apply, type Linear } from '../transformer/blocks.ts';
import { MASKED } from '../transformer/texts.ts';

/** Several stand one after another in the vector. */
export const POOLING_MODES = ['cls', 'max', 'mean', 'mean_sqrt_len_tokens'] as const;
export type PoolingMode = (typeof POOLING_MODES)[number];

/** Behind a dense layer, as PyTorch names their classes. */
export const DENSE_ACTIVATIONS = ['Identity', 'Tanh', 'ReLU', 'GELU', 'Sigmoid'] as const;
export type DenseActivation = (typeof DENSE_ACTIVATIONS)[number];

export type HeadStep =
  | { readonly kind: 'dense'; readonly linear: Linear; readonly activation: DenseActivation }
  | { readonly kind: 'normalize' };

// Below this a length counts as this, as in PyTorch's normalize.
const SHORTEST = 1e-12;

export class SentenceHead {
  readonly #pooling: readonly PoolingMode[];
  readonly #steps: readonly HeadStep[];
  /** Of what comes out. */
  readonly dimension: number;

  constructor(pooling: readonly PoolingMode[], steps: readonly HeadStep[], dimension: number) {
    this.#pooling = pooling;
    this.#steps = steps;
    this.dimension = dimension;
  }

  /**
   * @param x (texts · length) × width, one row a token; disposed of
   * @param lengths how many of a text's tokens count
   * @returns texts × dimension
   */
  async run(x: Tensor2D, lengths: readonly number[], length: number): Promise<Float32Array> {
    let output: Tensor2D;
    try {
      output = tidy(() => {
        const pooled = this.#pooling.map((mode) => pool(x, mode, lengths, length));
        let rows = pooled.length === 1 && pooled[0] ? pooled[0] : concat<Tensor2D>(pooled, 1);
        for (const step of this.#steps) rows = runStep(rows, step);
        return rows;
      });
    } finally {
      x.dispose();
    }
    try {
      return await output.data<'float32'>();
    } finally {
      output.dispose();
    }
  }
}

function pool(x: Tensor2D, mode: PoolingMode, lengths: readonly number[], length: number): Tensor2D {
  const [count, width] = [lengths.length, x.shape[1]];
  if (mode === 'cls') {
    const places = tensor1d(
      lengths.map((_, at) => at * length),
      'int32',
    );
    return gather(x, places);
  }
  const tokens = reshape<Rank.R3>(x, [count, length, width]);
  if (mode === 'max') {
    const hidden = tensor3d(
      perToken(lengths, length, () => 0, MASKED),
      [count, length, 1],
    );
    return max<Tensor2D>(add<Tensor3D>(tokens, hidden), 1);
  }
  const share = mode === 'mean' ? (own: number) => 1 / own : (own: number) => 1 / Math.sqrt(own);
  const shares = tensor3d(perToken(lengths, length, share, 0), [count, 1, length]);
  return reshape<Rank.R2>(matMul<Tensor3D>(shares, tokens), [count, width]);
}

/** A number for each token by its text's length, and another behind the text's end; texts × length. */
function perToken(
  lengths: readonly number[],
  length: number,
  within: (own: number) => number,
  behind: number,
): Float32Array {
  const values = new Float32Array(lengths.length * length).fill(behind);
  for (const [at, own] of lengths.entries()) values.fill(within(own), at * length, at * length + own);
  return values;
}

function runStep(rows: Tensor2D, step: HeadStep): Tensor2D {
  if (step.kind === 'normalize') return div(rows, maximum(norm(rows, 2, 1, true), SHORTEST));
  const made = apply(rows, step.linear);
  switch (step.activation) {
    case 'Identity':
      return made;
    case 'Tanh':
      return tanh(made);
    case 'ReLU':
      return relu(made);
    case 'GELU':
      return activate(made, 'gelu');
    case 'Sigmoid':
      return sigmoid(made);
  }
}
