/** Puts the tensors of a CLIP into the shapes that it computes with, and refuses those of another model by name. */
import { type Tensor2D, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import type { Job } from '../../common/job.ts';
import type { Block } from '../transformer/blocks.ts';
import type { TensorSource } from '../transformer/match.ts';
import type { TokenTables } from '../transformer/texts.ts';
import type { Head } from '../transformer/towers.ts';
import type { VisionWeights } from '../transformer/vision-tower.ts';
import { type Loaded, loadWeights, type WeightReader } from '../transformer/weights.ts';
import { GET_ANEW, InvalidWeights, quote } from '../weights/errors.ts';
import { type ClipConfig, tokensPerPicture } from './config.ts';
import type { ClipKeys } from './keys.ts';
import { matchTensors } from './match.ts';

export interface TextWeights extends TokenTables, Head {
  readonly blocks: readonly Block[];
}

interface ClipWeights {
  readonly vision: VisionWeights;
  readonly text: TextWeights;
  /** Its natural logarithm, as it is stored. */
  readonly logitScale: number;
}

/**
 * Reads all weights, one tensor at a time. Names and shapes are checked before the first is read.
 *
 * @param file what the weights are called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, of another shape, with both shapes, or no scale; what reading
 *   throws; the signal's reason. Nothing is kept then.
 */
export async function readWeights(
  source: TensorSource,
  config: ClipConfig,
  file: string,
  job: Job = {},
): Promise<Loaded<ClipWeights>> {
  const { keys, count } = matchTensors(source.tensors, config, file);
  return loadWeights(source, count, job, async (reader) => {
    const vision = await readVision(reader, keys, config);
    const text = await readText(reader, keys, config);
    const [logitScale = 0] = await reader.values(keys.logitScale);
    const scale = Math.exp(logitScale);
    if (!(scale > 0 && scale < Number.POSITIVE_INFINITY))
      throw new InvalidWeights(file, `${quote(keys.logitScale)} is ${logitScale}`, GET_ANEW, keys.logitScale);
    return { vision, text, logitScale };
  });
}

async function readVision(reader: WeightReader, keys: ClipKeys, config: ClipConfig): Promise<VisionWeights> {
  const { width, patch, channels } = config.vision;
  const names = keys.vision;
  const patches = await reader.filters(names.patches, width, channels, patch);
  const start = Float32Array.from(await reader.values(names.classToken));
  const positions = await reader.values(names.positions);
  for (let i = 0; i < width; i++) start[i] = (start[i] ?? 0) + (positions[i] ?? 0);
  const shape: [number, number, number] = [1, tokensPerPicture(config.vision) - 1, width];
  return {
    start: reader.keep(tensor3d(start, [1, 1, width])),
    patches,
    positions: reader.keep(tensor3d(positions.slice(width), shape)),
    firstNorm: await reader.norm(names.firstNorm),
    blocks: await reader.blocks(names.block, config.vision),
    lastNorm: await reader.norm(names.lastNorm),
    projection: await readProjection(reader, names.projection, keys, [width, config.dimension]),
  };
}

async function readText(reader: WeightReader, keys: ClipKeys, config: ClipConfig): Promise<TextWeights> {
  const names = keys.text;
  return {
    tokens: await reader.values(names.tokens),
    positions: await reader.values(names.positions),
    blocks: await reader.blocks(names.block, config.text),
    lastNorm: await reader.norm(names.lastNorm),
    projection: await readProjection(reader, names.projection, keys, [config.text.width, config.dimension]),
  };
}

async function readProjection(
  reader: WeightReader,
  name: string,
  { projectionsAreInByOut }: ClipKeys,
  shape: [number, number],
): Promise<Tensor2D> {
  if (!projectionsAreInByOut) return reader.matrix([name], ...shape);
  return reader.keep(tensor2d(await reader.values(name), shape));
}
