import type { LoadNetwork } from '../architecture.ts';
import type { TextEmbedding } from '../embedder.ts';
import { InvalidModelFile } from '../errors.ts';
import { embedPictures, preparationOf } from '../pictures/embed.ts';
import { type Preprocessing, readOpenClipPreprocessing, readPreprocessing } from '../pictures/preprocess.ts';
import { unitRow } from '../unit-row.ts';
import { loadClip } from './clip.ts';
import { readConfig, readOpenClipConfig } from './config.ts';
import { ClipTokenizer } from './tokenizer.ts';

/** A CLIP from the files of its checkpoint, in either layout. All three spaces are the one that CLIP has; rows have unit length. */
export const loadClipNetwork: LoadNetwork = async (folder, started, job) => {
  const tensors = await folder.checkpoint();
  const [json, preprocessor, tokens] = await Promise.all([
    folder.json('config.json').then((config) => config ?? folder.json('open_clip_config.json')),
    folder.json('preprocessor_config.json'),
    folder.json('tokenizer.json'),
  ]);
  if (tokens === undefined)
    throw new InvalidModelFile('tokenizer.json', 'the model has none, so it could read no words');
  const { key, name, weightsFile } = folder;
  const config = isOpenClip(json) ? readOpenClipConfig(json) : readConfig(json);
  const how = preprocessingOf(json, preprocessor, config.vision.size);
  const tokenizer = new ClipTokenizer(tokens, config.text.context);
  const model = await loadClip({ ...job, config, tensors, file: weightsFile });
  const { dimension } = config;
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
    pictures: (batch) => embedPictures(batch, how, name, (pixels) => model.encodePictures(pixels)),
    tokenize: (text) => tokenizer.encode(text),
    async texts(batch) {
      const rows = await model.encodeTexts(batch);
      return batch.map((_, at): TextEmbedding => {
        const own = unitRow(rows, at, dimension, name);
        return { joint: own, text: own };
      });
    },
    dispose: () => model.dispose(),
  };
};

function isOpenClip(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'model_cfg' in config;
}

/** As `preprocessor_config.json` says; without it, as `open_clip_config.json` does, or by transformers' defaults. */
function preprocessingOf(config: unknown, preprocessor: unknown, side: number): Preprocessing {
  if (preprocessor !== undefined) return readPreprocessing(preprocessor, side);
  if (isOpenClip(config)) return readOpenClipPreprocessing(config, side);
  return readPreprocessing({ size: side, crop_size: side }, side);
}
