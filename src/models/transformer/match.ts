/** Holds a file's tensors to a configuration, before any is read. */
import { InvalidWeights, quote } from '../weights/errors.ts';
import { type TowerConfig, widened } from './config.ts';
import type { BlockKeys, LinearKeys } from './keys.ts';

/** Where a model's tensors come from; a `Checkpoint` is one. */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  /** Row-major. */
  floats(name: string): Promise<Float32Array>;
}

const OTHER_MODEL = 'The configuration and the weights are of two models; take both from the same place.';

/** The tensors that a network takes, each with its shape; the empty shape is a single number. */
export class ExpectedTensors {
  readonly shapes = new Map<string, readonly number[]>();

  add(name: string, ...shape: readonly number[]): void {
    this.shapes.set(name, shape);
  }

  norm(prefix: string, width: number): void {
    this.add(`${prefix}.weight`, width);
    this.add(`${prefix}.bias`, width);
  }

  linear({ weights, biases, scale }: LinearKeys, inputs: number, outputs: number): void {
    for (const name of weights) this.add(name, outputs / weights.length, inputs);
    for (const name of biases) this.add(name, outputs / biases.length);
    if (scale !== undefined) this.add(scale, outputs);
  }

  blocks(keysOf: (at: number) => BlockKeys, tower: TowerConfig): void {
    const { width, inner, layers } = tower;
    for (let at = 0; at < layers; at++) {
      const block = keysOf(at);
      this.norm(block.attentionNorm, width);
      this.linear(block.qkv, width, 3 * width);
      this.linear(block.merge, width, width);
      this.norm(block.mlpNorm, width);
      this.linear(block.widen, width, widened(tower));
      this.linear(block.narrow, inner, width);
    }
  }
}

export interface Expectation {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** For messages. */
  readonly layout: string;
  /** True for tensors that lie in some files and are of no use. */
  isIgnored(name: string): boolean;
}

/**
 * @param file what it is called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, or of another shape, with both shapes
 */
export function checkTensors(
  tensors: TensorSource['tensors'],
  { shapes, layout, isIgnored }: Expectation,
  file: string,
): void {
  for (const [name, expected] of shapes) {
    const found = tensors.get(name)?.shape;
    if (!found)
      throw new InvalidWeights(file, `it has no ${quote(name)} (${layout} layout)`, OTHER_MODEL, name);
    if (!sameShape(found, expected)) {
      const what = `${quote(name)} is ${shapeText(found)}, and the configuration says ${shapeText(expected)}`;
      throw new InvalidWeights(file, what, OTHER_MODEL, name);
    }
  }
  for (const name of tensors.keys()) {
    if (shapes.has(name) || isIgnored(name) || isScale(name, shapes)) continue;
    const what = `it has ${quote(name)} (${shapeText(tensors.get(name)?.shape ?? [])}), which the configuration says nothing of`;
    throw new InvalidWeights(file, what, OTHER_MODEL, name);
  }
}

/** The scales of an int8 tensor, which its reader has applied. */
function isScale(name: string, shapes: ReadonlyMap<string, unknown>): boolean {
  return name.endsWith('_scale') && shapes.has(name.slice(0, -'_scale'.length));
}

function sameShape(found: readonly number[], expected: readonly number[]): boolean {
  // A single number has an axis in some files.
  if (expected.length === 0) return found.every((size) => size === 1);
  return found.length === expected.length && found.every((size, axis) => size === expected[axis]);
}

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join('×');
}
