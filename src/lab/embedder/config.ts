/** What the `config.json` of a trained encoder says: all that its network is made from, beside the weights. */
import { z } from 'zod';
import { check } from '../../models/check.ts';
import { InvalidModelFile } from '../../models/errors.ts';
import { WORD_TOKENS } from '../data/words.ts';
import { CAPTION_TOKENS, VOCABULARY } from '../world/caption.ts';

/** What tells these models from others. */
export const MODEL_TYPE = 'nearfield-lab';

/** Changes when older files would be read wrongly. */
export const VERSION = 1;

// As large as the lab's form lets them be, and a little more: a file cannot ask for a network that fills the memory.
const width = z.int().min(1).max(2048);
const triple = z.tuple([z.number(), z.number(), z.number()]);

const imageSchema = z.looseObject({
  side: z.int().min(16).max(256),
  size: z.number().min(0.01).max(4),
  mean: triple,
  deviation: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
});

const textSchema = z.looseObject({
  /** Whose captions it learned from: the made-up world's, or the words of pictures. They are split differently. */
  source: z.enum(['world', 'pictures']),
  vocabulary: z.array(z.string().max(100)).min(1).max(10_000),
  tokens: z.int().min(1).max(64),
});

const schema = z.looseObject({
  model_type: z.literal(MODEL_TYPE),
  version: z.literal(VERSION),
  width,
  projection: width.optional(),
  image: imageSchema.optional(),
  text: textSchema.optional(),
  temperature: z.number().positive().optional(),
});

/** Pictures as the encoder takes them: (value / 255 − mean) / deviation in each channel. */
export type ImageConfig = z.output<typeof imageSchema>;

/** Words by their ids. */
export type TextConfig = z.output<typeof textSchema>;

export interface EncoderConfig {
  /** Numbers in an embedding. */
  readonly width: number;
  /** Numbers that the linear head makes of it, where pictures and texts meet behind one. */
  readonly projection?: number | undefined;
  readonly image?: ImageConfig | undefined;
  readonly text?: TextConfig | undefined;
  /** What cosines between pictures and texts are divided by, where it was learned. */
  readonly temperature?: number | undefined;
}

/**
 * @param json parsed, and not trusted
 * @throws {InvalidModelFile} naming the setting that is wrong or beyond what is run here
 */
export function readEncoderConfig(json: unknown, file = 'config.json'): EncoderConfig {
  const config = check(schema, json, file);
  const { image, text } = config;
  if (!image && !text) throw new InvalidModelFile(file, 'it has neither "image" nor "text"');
  if (text && !isOfThisVersion(text))
    throw new InvalidModelFile(file, 'its words are not those that captions of this version have');
  return config;
}

/** Ids are places in a list, so that another list would be other words. */
function isOfThisVersion({ source, vocabulary, tokens }: TextConfig): boolean {
  if (source === 'pictures') return tokens === WORD_TOKENS && vocabulary[0] === VOCABULARY[0];
  return tokens === CAPTION_TOKENS && vocabulary.join('\n') === VOCABULARY.join('\n');
}
