/** Puts the tensors of a checkpoint into the shapes that the network computes with, and refuses those of another model by name. */
import {
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor3d,
  tensor4d,
} from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import { type ClipConfig, type TowerConfig, tokensPerPicture } from './config.ts';
import type { BlockKeys, ClipKeys, LinearKeys } from './keys.ts';
import { matchTensors, type TensorSource } from './match.ts';
import type { Block, Linear, Norm } from './transformer.ts';

export interface VisionWeights {
  /** 1 × 1 × width. */
  readonly classToken: Tensor3D;
  /** patch × patch × channels × width. */
  readonly patches: Tensor4D;
  /** 1 × (1 + patches) × width. */
  readonly positions: Tensor3D;
  readonly firstNorm: Norm;
  readonly blocks: readonly Block[];
  readonly lastNorm: Norm;
  /** width × dimension. */
  readonly projection: Linear['weight'];
}

export interface TextWeights {
  /** vocabulary × width. Outside tfjs: a text needs a few dozen of the rows, and all of them may be more than one binding holds. */
  readonly tokens: Float32Array;
  /** context × width. */
  readonly positions: Float32Array;
  readonly blocks: readonly Block[];
  readonly lastNorm: Norm;
  readonly projection: Linear['weight'];
}

export interface ClipWeights {
  readonly vision: VisionWeights;
  readonly text: TextWeights;
  /** Its natural logarithm, as it is stored. */
  readonly logitScale: number;
  dispose(): void;
}

/**
 * Reads all weights, one tensor at a time. Names and shapes are checked before the first is read.
 *
 * @param file what the weights are called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, or of another shape, with both shapes; what reading throws;
 *   the signal's reason. Nothing is kept then.
 */
export async function readWeights(
  source: TensorSource,
  config: ClipConfig,
  file: string,
  { signal, onProgress }: Job = {},
): Promise<ClipWeights> {
  const { keys, shapes } = matchTensors(source.tensors, config, file);
  const turn = makeTurns(signal);
  let done = 0;
  const read = async (name: string) => {
    await turn();
    signal?.throwIfAborted();
    const values = await source.floats(name);
    done++;
    onProgress?.(done, shapes.size, `Reading ${name}`);
    return values;
  };
  const kept: Tensor[] = [];
  const keep = <T extends Tensor>(tensor: T): T => {
    kept.push(tensor);
    return tensor;
  };
  const dispose = () => {
    for (const tensor of kept) tensor.dispose();
  };
  try {
    const builder = new Builder(read, keep);
    const vision = await builder.vision(keys, config);
    const text = await builder.text(keys, config);
    const [logitScale = 0] = await read(keys.logitScale);
    return { vision, text, logitScale, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

class Builder {
  readonly #read: (name: string) => Promise<Float32Array>;
  readonly #keep: <T extends Tensor>(tensor: T) => T;

  constructor(read: (name: string) => Promise<Float32Array>, keep: <T extends Tensor>(tensor: T) => T) {
    this.#read = read;
    this.#keep = keep;
  }

  async vision(keys: ClipKeys, config: ClipConfig): Promise<VisionWeights> {
    const { width, patch, channels, layers } = config.vision;
    const names = keys.vision;
    const filters = channelsLast(await this.#read(names.patches), width, channels, patch * patch);
    return {
      classToken: this.#keep(tensor3d(await this.#read(names.classToken), [1, 1, width])),
      patches: this.#keep(tensor4d(filters, [patch, patch, channels, width])),
      positions: this.#keep(
        tensor3d(await this.#read(names.positions), [1, tokensPerPicture(config.vision), width]),
      ),
      firstNorm: await this.#norm(names.firstNorm),
      blocks: await this.#blocks(names.block, config.vision, layers),
      lastNorm: await this.#norm(names.lastNorm),
      projection: await this.#projection(names.projection, keys, [width, config.dimension]),
    };
  }

  async text(keys: ClipKeys, config: ClipConfig): Promise<TextWeights> {
    const { width, layers } = config.text;
    const names = keys.text;
    return {
      tokens: await this.#read(names.tokens),
      positions: await this.#read(names.positions),
      blocks: await this.#blocks(names.block, config.text, layers),
      lastNorm: await this.#norm(names.lastNorm),
      projection: await this.#projection(names.projection, keys, [width, config.dimension]),
    };
  }

  async #blocks(keysOf: (at: number) => BlockKeys, tower: TowerConfig, layers: number): Promise<Block[]> {
    const { width, inner, heads } = tower;
    const blocks: Block[] = [];
    for (let at = 0; at < layers; at++) {
      const keys = keysOf(at);
      blocks.push({
        attentionNorm: await this.#norm(keys.attentionNorm),
        qkv: await this.#linear(keys.qkv, width, 3 * width, { count: width, by: (width / heads) ** -0.5 }),
        merge: await this.#linear(keys.merge, width, width),
        mlpNorm: await this.#norm(keys.mlpNorm),
        widen: await this.#linear(keys.widen, width, inner),
        narrow: await this.#linear(keys.narrow, inner, width),
      });
    }
    return blocks;
  }

  async #norm(prefix: string): Promise<Norm> {
    return { gain: await this.#vector([`${prefix}.weight`]), bias: await this.#vector([`${prefix}.bias`]) };
  }

  /** @param scaled multiplies the first `count` outputs */
  async #linear(keys: LinearKeys, inputs: number, outputs: number, scaled?: Scaled): Promise<Linear> {
    const weight = new Float32Array(inputs * outputs);
    let output = 0;
    for (const name of keys.weights) {
      const rows = await this.#read(name);
      transposeInto(weight, rows, inputs, outputs, output);
      output += rows.length / inputs;
    }
    if (scaled) {
      for (let start = 0; start < weight.length; start += outputs)
        scale(weight.subarray(start, start + scaled.count), scaled.by);
    }
    const bias = await this.#vector(keys.biases, scaled);
    return { weight: this.#keep(tensor2d(weight, [inputs, outputs])), bias };
  }

  async #vector(names: readonly string[], scaled?: Scaled): Promise<Tensor1D> {
    const parts: Float32Array[] = [];
    for (const name of names) parts.push(await this.#read(name));
    const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    if (scaled) scale(values.subarray(0, scaled.count), scaled.by);
    return this.#keep(tensor1d(values));
  }

  async #projection(
    name: string,
    keys: ClipKeys,
    [inputs, outputs]: [number, number],
  ): Promise<Linear['weight']> {
    const values = await this.#read(name);
    if (keys.projectionsAreInByOut) return this.#keep(tensor2d(values, [inputs, outputs]));
    const weight = new Float32Array(values.length);
    transposeInto(weight, values, inputs, outputs, 0);
    return this.#keep(tensor2d(weight, [inputs, outputs]));
  }
}

interface Scaled {
  readonly count: number;
  readonly by: number;
}

function scale(values: Float32Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * by;
}

/** Writes rows of `inputs` values as columns of an inputs × outputs matrix, from column `first` on. */
function transposeInto(
  to: Float32Array,
  rows: Float32Array,
  inputs: number,
  outputs: number,
  first: number,
): void {
  const count = rows.length / inputs;
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < inputs; i++) to[i * outputs + first + row] = rows[row * inputs + i] ?? 0;
  }
}

/** From outputs × channels × pixels to pixels × channels × outputs. */
function channelsLast(
  filters: Float32Array,
  outputs: number,
  channels: number,
  pixels: number,
): Float32Array {
  const turned = new Float32Array(filters.length);
  let from = 0;
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++)
        turned[(pixel * channels + channel) * outputs + output] = filters[from++] ?? 0;
    }
  }
  return turned;
}
