import type { Framing, PicturePreparation, RgbaImage } from '../../common/image.ts';
import type { Job } from '../../common/job.ts';
import type { StartedBackend } from '../backend.ts';
import type { Embedder, PictureEmbedding, TextEmbedding } from '../embedder.ts';
import { type ClipModel, loadClip } from './clip.ts';
import { type ClipConfig, readConfig, readOpenClipConfig } from './config.ts';
import type { TensorSource } from './match.ts';
import { preparePicture } from './prepare.ts';
import { type Preprocessing, readOpenClipPreprocessing, readPreprocessing } from './preprocess.ts';
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

// Small enough that a batch takes seconds at most on one slow core, so that progress moves.
const PICTURES_A_BATCH = 8;

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
      const own = unitRow(rows, at, dimension);
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
    embedPictures: (pictures, pictureJob) => embedPictures(model, how, pictures, pictureJob),
    tokenize,
    embedTokens,
    embedTexts: (texts, textJob) => embedTokens(texts.map(tokenize), textJob),
    dispose: () => model.dispose(),
  };
}

async function embedPictures(
  model: ClipModel,
  how: Preprocessing,
  pictures: readonly RgbaImage[],
  { signal, onProgress }: Job = {},
): Promise<PictureEmbedding[]> {
  const { dimension } = model.config;
  const embeddings: PictureEmbedding[] = [];
  for (let begin = 0; begin < pictures.length; begin += PICTURES_A_BATCH) {
    signal?.throwIfAborted();
    const batch = pictures.slice(begin, begin + PICTURES_A_BATCH);
    const values = how.side ** 2 * 3;
    const pixels = new Float32Array(batch.length * values);
    for (const [at, picture] of batch.entries()) {
      const isPrepared = picture.width === how.side && picture.height === how.side;
      const steps = isPrepared ? { ...how, resize: undefined, crop: undefined } : how;
      pixels.set(preparePicture(picture, steps), at * values);
    }
    const rows = await model.encodePictures(pixels, { signal });
    for (const at of batch.keys()) {
      const own = unitRow(rows, at, dimension);
      embeddings.push({ joint: own, picture: own, guesses: [] });
    }
    onProgress?.(embeddings.length, pictures.length, 'Embedding pictures');
  }
  return embeddings;
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

function framingOf({ resize, filter, crop, cropRounding, side }: Preprocessing): Framing {
  return { resize, filter, crop, cropRounding, side };
}

/** As one square crop too. Where the checkpoint squashes the whole picture into a square, its middle is the nearest to that. */
function preparationOf(how: Preprocessing): PicturePreparation {
  const { resize, side } = how;
  const crop = resize && 'shortest' in resize ? Math.min(1, side / resize.shortest) : 1;
  return { size: side, crop, framing: framingOf(how) };
}

function unitRow(rows: Float32Array, at: number, dimension: number): Float32Array<ArrayBuffer> {
  const row = Float32Array.from(rows.subarray(at * dimension, (at + 1) * dimension));
  const length = Math.hypot(...row);
  // A row of zeros has no direction, and stays what it is.
  if (length > 0) for (let i = 0; i < dimension; i++) row[i] = (row[i] ?? 0) / length;
  return row;
}
