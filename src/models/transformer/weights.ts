/** Puts the tensors of a checkpoint into the shapes that networks compute with. */
import {
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor4d,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import type { Block, Linear, Norm } from './blocks.ts';
import { type TowerConfig, widened } from './config.ts';
import type { BlockKeys, LinearKeys } from './keys.ts';
import type { TensorSource } from './match.ts';

/** Weights on the backend, until they are disposed of. */
export interface Loaded<T> {
  readonly weights: T;
  dispose(): void;
}

/**
 * Reads weights, one tensor at a time.
 *
 * @param count of the tensors to come, for progress
 * @throws what reading throws, and the signal's reason. Nothing is kept then.
 */
export async function loadWeights<T>(
  source: TensorSource,
  count: number,
  job: Job,
  build: (reader: WeightReader) => Promise<T>,
): Promise<Loaded<T>> {
  const reader = new WeightReader(source, count, job);
  try {
    return { weights: await build(reader), dispose: () => reader.dispose() };
  } catch (error) {
    reader.dispose();
    throw error;
  }
}

/** Reads tensors of a file, whose shapes have been checked, and keeps what it puts onto the backend. */
export class WeightReader {
  readonly #source: TensorSource;
  readonly #count: number;
  readonly #job: Job;
  readonly #turn: () => Promise<void> | undefined;
  readonly #kept: Tensor[] = [];
  #done = 0;

  constructor(source: TensorSource, count: number, job: Job) {
    this.#source = source;
    this.#count = count;
    this.#job = job;
    this.#turn = makeTurns(job.signal);
  }

  async values(name: string): Promise<Float32Array> {
    await this.#turn();
    this.#job.signal?.throwIfAborted();
    const values = await this.#source.floats(name);
    this.#done++;
    this.#job.onProgress?.(this.#done, this.#count, `Reading ${name}`);
    return values;
  }

  keep<T extends Tensor>(tensor: T): T {
    this.#kept.push(tensor);
    return tensor;
  }

  dispose(): void {
    for (const tensor of this.#kept) tensor.dispose();
  }

  async blocks(keysOf: (at: number) => BlockKeys, tower: TowerConfig): Promise<Block[]> {
    const { width, inner, heads, layers } = tower;
    const queryScale = (width / heads) ** -0.5;
    const scale = Float32Array.from({ length: 3 * width }, (_, at) => (at < width ? queryScale : 1));
    const blocks: Block[] = [];
    for (let at = 0; at < layers; at++) {
      const keys = keysOf(at);
      blocks.push({
        attentionNorm: await this.norm(keys.attentionNorm),
        qkv: await this.linear(keys.qkv, width, 3 * width, scale),
        merge: await this.linear(keys.merge, width, width),
        mlpNorm: await this.norm(keys.mlpNorm),
        widen: await this.linear(keys.widen, width, widened(tower)),
        narrow: await this.linear(keys.narrow, inner, width),
      });
    }
    return blocks;
  }

  async norm(prefix: string): Promise<Norm> {
    return { gain: await this.#vector([`${prefix}.weight`]), bias: await this.#vector([`${prefix}.bias`]) };
  }

  /** Where it has no bias, that is 0. @param scale multiplies each output; without it, what the file has for that */
  async linear(keys: LinearKeys, inputs: number, outputs: number, scale?: Float32Array): Promise<Linear> {
    const factors = keys.scale === undefined ? scale : await this.values(keys.scale);
    return {
      weight: await this.matrix(keys.weights, inputs, outputs, factors),
      bias: keys.biases.length > 0 ? await this.#vector(keys.biases, factors) : this.keep(zeros([outputs])),
    };
  }

  /** From outputs × inputs, of several tensors one after another, to inputs × outputs. */
  async matrix(
    names: readonly string[],
    inputs: number,
    outputs: number,
    factors?: Float32Array,
  ): Promise<Tensor2D> {
    const matrix = new Float32Array(inputs * outputs);
    let first = 0;
    for (const name of names) {
      const rows = await this.values(name);
      const count = rows.length / inputs;
      for (let row = 0; row < count; row++) {
        const factor = factors?.[first + row] ?? 1;
        for (let i = 0; i < inputs; i++)
          matrix[i * outputs + first + row] = (rows[row * inputs + i] ?? 0) * factor;
      }
      first += count;
    }
    return this.keep(tensor2d(matrix, [inputs, outputs]));
  }

  /** Of a convolution: from outputs × channels × side × side to side × side × channels × outputs. */
  async filters(name: string, outputs: number, channels: number, side: number): Promise<Tensor4D> {
    const filters = await this.values(name);
    const turned = new Float32Array(filters.length);
    const pixels = side * side;
    let from = 0;
    for (let output = 0; output < outputs; output++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let pixel = 0; pixel < pixels; pixel++)
          turned[(pixel * channels + channel) * outputs + output] = filters[from++] ?? 0;
      }
    }
    return this.keep(tensor4d(turned, [side, side, channels, outputs]));
  }

  async #vector(names: readonly string[], factors?: Float32Array): Promise<Tensor1D> {
    const parts: Float32Array[] = [];
    for (const name of names) parts.push(await this.values(name));
    const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    if (factors) for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * (factors[i] ?? 1);
    return this.keep(tensor1d(values));
  }
}
