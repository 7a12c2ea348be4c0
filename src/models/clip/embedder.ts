import type { Job } from '../../common/job.ts';
import type { StartedBackend } from '../backend.ts';
import type { Embedder, TextEmbedding } from '../embedder.ts';
import { embedPictures, preparationOf } from '../pictures/embed.ts';
import { type Preprocessing, readOpenClipPreprocessing, readPreprocessing } from '../pictures/preprocess.ts';
import type { TensorSource } from '../transformer/match.ts';
import { unitRow } from '../unit-row.ts';
import { loadClip } from './clip.ts';
import { type ClipConfig, readConfig, readOpenClipConfig } from './config.ts';
import { ClipTokenizer } from './tokenizer.ts';

/** The files of a checkpoint, of either layout. JSON is parsed, and not trusted. */
export interface ClipFiles {
  /** Names these files and the code that runs them: what embeddings are cached under. */
  readonly key: string;
  readonly name: string;
  /** `config.json`, or `open_clip_config.json`. */
  readonly config: unknown;
  /** `preprocessor_config.json`; without it, what `open_clip_config.json` or transformers' defaults say. */
  readonly preprocessor?: unknown;
  /** `tokenizer.json`. */
  readonly tokenizer: unknown;
  readonly tensors: TensorSource;
  /** What the weights are called in messages. */
  readonly weightsFile?: string | undefined;
}

export interface ClipEmbedder extends Embedder {
  /** What cosines in the joint space are multiplied by before a softmax. */
  readonly logitScale: number;
  /** `embedTexts` in its two steps, for who sorts texts into batches. */
  tokenize(text: string): number[];
  embedTokens(texts: readonly (readonly number[])[], job?: Job): Promise<TextEmbedding[]>;
}

/**
 * A CLIP on the backend that is set, with the interface of every embedder. All three spaces are the one that CLIP has; rows have unit
 * length. Pictures that are squares of `info.preparation.size` are taken as prepared (`framePicture`, or near it); others are prepared as
 * the checkpoint says.
 *
 * @param started what `startBackend` gave
 * @throws {InvalidModelFile | InvalidWeights} naming the file and what in it does not fit; the signal's reason
 */
export async function createClipEmbedder(
  { key, name, tensors, weightsFile, ...json }: ClipFiles,
  started: StartedBackend,
  job: Job = {},
): Promise<ClipEmbedder> {
  const config = isOpenClip(json.config) ? readOpenClipConfig(json.config) : readConfig(json.config);
  const how = preprocessingOf(json, config);
  const tokenizer = new ClipTokenizer(json.tokenizer, config.text.context);
  const model = await loadClip({ ...job, config, tensors, file: weightsFile });
  const { dimension } = config;
  const tokenize = (text: string) => tokenizer.encode(text);
  const embedTokens = async (ids: readonly (readonly number[])[], textJob?: Job) => {
    const rows = await model.encodeTexts(ids, textJob);
    return ids.map((_, at): TextEmbedding => {
      const own = unitRow(rows, at, dimension, name);
      return { joint: own, text: own };
    });
  };
  return {
    info: {
      key,
      name,
      ...started,
      takes: { pictures: true, texts: true },
      dimensions: { joint: dimension, picture: dimension, text: dimension },
      preparation: preparationOf(how),
      temperature: 1 / model.logitScale,
    },
    logitScale: model.logitScale,
    embedPictures: (pictures, pictureJob) =>
      embedPictures(
        pictures,
        how,
        name,
        (pixels, batchJob) => model.encodePictures(pixels, batchJob),
        pictureJob,
      ),
    tokenize,
    embedTokens,
    embedTexts: (texts, textJob) => embedTokens(texts.map(tokenize), textJob),
    dispose: () => model.dispose(),
  };
}

function isOpenClip(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'model_cfg' in config;
}

function preprocessingOf(
  { config: json, preprocessor }: Pick<ClipFiles, 'config' | 'preprocessor'>,
  { vision }: ClipConfig,
): Preprocessing {
  if (preprocessor !== undefined) return readPreprocessing(preprocessor, vision.size);
  if (isOpenClip(json)) return readOpenClipPreprocessing(json, vision.size);
  const side = vision.size;
  return readPreprocessing({ size: side, crop_size: side }, side);
}
