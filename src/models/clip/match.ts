/** Holds a file's tensors to a configuration, before any is read. */
import { InvalidWeights, quote } from '../weights/errors.ts';
import { type ClipConfig, type TowerConfig, tokensPerPicture } from './config.ts';
import { type ClipKeys, isIgnored, keysFor, type LinearKeys } from './keys.ts';

/** Where a model's tensors come from; a `Checkpoint` is one. */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  /** Row-major. */
  floats(name: string): Promise<Float32Array>;
}

const OTHER_MODEL = 'The configuration and the weights are of two models; take both from the same place.';

/**
 * The layout of a file, and the tensors that a network of this configuration takes from it, with their shapes.
 *
 * @param file what it is called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, or of another shape, with both shapes
 */
export function matchTensors(
  tensors: TensorSource['tensors'],
  config: ClipConfig,
  file: string,
): { readonly keys: ClipKeys; readonly shapes: ReadonlyMap<string, readonly number[]> } {
  const keys = keysFor(tensors);
  if (!keys)
    throw new InvalidWeights(
      file,
      'it has not the tensors of a CLIP',
      'Choose a CLIP with a vision transformer.',
    );
  const shapes = expectedShapes(keys, config);
  checkNames(tensors, shapes, keys, file);
  return { keys, shapes };
}

/** Every tensor that the network takes, and its shape. */
function expectedShapes(keys: ClipKeys, config: ClipConfig): Map<string, readonly number[]> {
  const { vision, text, dimension } = config;
  const shapes = new Map<string, readonly number[]>();
  const norm = (prefix: string, width: number) => {
    shapes.set(`${prefix}.weight`, [width]);
    shapes.set(`${prefix}.bias`, [width]);
  };
  const linear = ({ weights, biases }: LinearKeys, inputs: number, outputs: number) => {
    for (const name of weights) shapes.set(name, [outputs / weights.length, inputs]);
    for (const name of biases) shapes.set(name, [outputs / biases.length]);
  };
  const tower = (names: ClipKeys['vision'] | ClipKeys['text'], { width, inner, layers }: TowerConfig) => {
    for (let at = 0; at < layers; at++) {
      const block = names.block(at);
      norm(block.attentionNorm, width);
      linear(block.qkv, width, 3 * width);
      linear(block.merge, width, width);
      norm(block.mlpNorm, width);
      linear(block.widen, width, inner);
      linear(block.narrow, inner, width);
    }
    norm(names.lastNorm, width);
    shapes.set(names.projection, keys.projectionsAreInByOut ? [width, dimension] : [dimension, width]);
  };
  shapes.set(keys.vision.classToken, [vision.width]);
  shapes.set(keys.vision.patches, [vision.width, vision.channels, vision.patch, vision.patch]);
  shapes.set(keys.vision.positions, [tokensPerPicture(vision), vision.width]);
  norm(keys.vision.firstNorm, vision.width);
  tower(keys.vision, vision);
  shapes.set(keys.text.tokens, [text.vocabulary, text.width]);
  shapes.set(keys.text.positions, [text.context, text.width]);
  tower(keys.text, text);
  shapes.set(keys.logitScale, []);
  return shapes;
}

function checkNames(
  tensors: TensorSource['tensors'],
  shapes: ReadonlyMap<string, readonly number[]>,
  { layout, logitScale }: ClipKeys,
  file: string,
): void {
  for (const [name, expected] of shapes) {
    const found = tensors.get(name)?.shape;
    if (!found)
      throw new InvalidWeights(file, `it has no ${quote(name)} (${layout} layout)`, OTHER_MODEL, name);
    // The scale is a single number, with an axis in some files.
    const same = name === logitScale ? found.every((size) => size === 1) : sameShape(found, expected);
    if (!same) {
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

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join('×');
}
