/** Puts the tensors of a BERT into the shapes that it computes with, and refuses those of another model by name. */
import type { Job } from '../../common/job.ts';
import type { Block, Norm } from '../transformer/blocks.ts';
import { checkTensors, ExpectedTensors, type TensorSource } from '../transformer/match.ts';
import type { TokenTables } from '../transformer/texts.ts';
import { type Loaded, loadWeights } from '../transformer/weights.ts';
import { InvalidWeights } from '../weights/errors.ts';
import type { BertConfig } from './config.ts';
import { type BertKeys, bertKeys } from './keys.ts';
import { BUCKETS } from './relative-bias.ts';

/** `positions` begins with the place of a text's first token, and has the vector of the first token type in it. */
export interface BertWeights extends TokenTables {
  readonly firstNorm: Norm;
  /** Buckets × heads; of MPNet alone. */
  readonly relativeBias: Float32Array | undefined;
  readonly blocks: readonly Block[];
}

/**
 * Reads all weights, one tensor at a time. Names and shapes are checked before the first is read.
 *
 * @param file what the weights are called in messages
 * @throws {InvalidWeights} naming the tensor that is missing, in excess, or of another shape, with both shapes; what reading throws;
 *   the signal's reason. Nothing is kept then.
 */
export async function readBertWeights(
  source: TensorSource,
  config: BertConfig,
  file: string,
  job: Job,
): Promise<Loaded<BertWeights>> {
  const keys = bertKeys(config.type, source.tensors);
  if (!keys)
    throw new InvalidWeights(
      file,
      `it has not the tensors of a "${config.type}"`,
      'Take the configuration and the weights from the same place.',
    );
  const { shapes } = expectedTensors(keys, config);
  checkTensors(source.tensors, { shapes, layout: config.type, isIgnored: keys.isIgnored }, file);
  const { width, firstPosition, tokenTypes, type } = config;
  return loadWeights(source, shapes.size, job, async (reader) => {
    const tokens = await reader.values(keys.words);
    const positions = Float32Array.from(
      (await reader.values(keys.positions)).subarray(firstPosition * width),
    );
    if (tokenTypes > 0) {
      const types = await reader.values(keys.tokenTypes);
      for (let i = 0; i < positions.length; i++) positions[i] = (positions[i] ?? 0) + (types[i % width] ?? 0);
    }
    return {
      tokens,
      positions,
      firstNorm: await reader.norm(keys.firstNorm),
      relativeBias: type === 'mpnet' ? await reader.values(keys.relativeBias) : undefined,
      blocks: await reader.blocks(keys.block, config),
    };
  });
}

function expectedTensors(keys: BertKeys, config: BertConfig): ExpectedTensors {
  const { width, heads, type, vocabulary, positions, tokenTypes } = config;
  const expected = new ExpectedTensors();
  expected.add(keys.words, vocabulary, width);
  expected.add(keys.positions, positions, width);
  if (tokenTypes > 0) expected.add(keys.tokenTypes, tokenTypes, width);
  expected.norm(keys.firstNorm, width);
  if (type === 'mpnet') expected.add(keys.relativeBias, BUCKETS, heads);
  expected.blocks(keys.block, config);
  return expected;
}
