import { checkTensors, ExpectedTensors, type TensorSource } from '../transformer/match.ts';
import { InvalidWeights } from '../weights/errors.ts';
import { type ClipConfig, tokensPerPicture } from './config.ts';
import { type ClipKeys, isIgnored, keysFor } from './keys.ts';

/**
 * The layout of a file, and the number of tensors that a CLIP of this configuration takes from it.
 *
 * @param file what it is called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, or of another shape, with both shapes
 */
export function matchTensors(
  tensors: TensorSource['tensors'],
  config: ClipConfig,
  file: string,
): { readonly keys: ClipKeys; readonly count: number } {
  const keys = keysFor(tensors);
  if (!keys)
    throw new InvalidWeights(
      file,
      'it has not the tensors of a CLIP',
      'Choose a CLIP with a vision transformer.',
    );
  const { shapes } = expectedTensors(keys, config);
  checkTensors(tensors, { shapes, layout: keys.layout, isIgnored }, file);
  return { keys, count: shapes.size };
}

function expectedTensors(keys: ClipKeys, { vision, text, dimension }: ClipConfig): ExpectedTensors {
  const expected = new ExpectedTensors();
  const projection = (name: string, width: number) => {
    if (keys.projectionsAreInByOut) expected.add(name, width, dimension);
    else expected.add(name, dimension, width);
  };
  expected.add(keys.vision.classToken, vision.width);
  expected.add(keys.vision.patches, vision.width, vision.channels, vision.patch, vision.patch);
  expected.add(keys.vision.positions, tokensPerPicture(vision), vision.width);
  expected.norm(keys.vision.firstNorm, vision.width);
  expected.blocks(keys.vision.block, vision);
  expected.norm(keys.vision.lastNorm, vision.width);
  projection(keys.vision.projection, vision.width);
  expected.add(keys.text.tokens, text.vocabulary, text.width);
  expected.add(keys.text.positions, text.context, text.width);
  expected.blocks(keys.text.block, text);
  expected.norm(keys.text.lastNorm, text.width);
  projection(keys.text.projection, text.width);
  expected.add(keys.logitScale);
  return expected;
}
