/** The worker in which a stored model lives. Its page side is stored-embedder.ts. */
import * as comlink from 'comlink';
import { startBackend } from './backend.ts';
import { type ClipEmbedder, createClipEmbedder } from './clip/embedder.ts';
import { InvalidModelFile } from './clip/errors.ts';
import { openWeights } from './store/stored-weights.ts';
import type { ModelInFiles } from './stored-embedder.ts';
import type { EmbedderWorker } from './worker-embedder.ts';

let model: ClipEmbedder | undefined;

const worker: EmbedderWorker<ModelInFiles> = {
  async open({ backend, threads, key, name, files }, onProgress) {
    const paths = [...files.keys()];
    const tensors = await openWeights(paths, async (path) => files.get(path));
    const [config, preprocessor, tokenizer] = await Promise.all([
      readJson(files, 'config.json').then((json) => json ?? readJson(files, 'open_clip_config.json')),
      readJson(files, 'preprocessor_config.json'),
      readJson(files, 'tokenizer.json'),
    ]);
    if (tokenizer === undefined)
      throw new InvalidModelFile('tokenizer.json', 'the model has none, so it could read no words');
    const started = await startBackend(backend, threads);
    const weightsFile = paths.find((path) => path.endsWith('.safetensors'));
    model = await createClipEmbedder(
      { key, name, config, preprocessor, tokenizer, tensors, weightsFile },
      started,
      { onProgress },
    );
    return model.info;
  },

  pictures: async (batch) => opened().embedPictures(batch),
  tokenize: (texts) => opened().tokenize(texts),
  texts: async (batch) => opened().embedTokens(batch),
};

function opened(): ClipEmbedder {
  if (!model) throw new Error('The model is not open.');
  return model;
}

/** Undefined where there is no such file. */
async function readJson(files: ModelInFiles['files'], path: string): Promise<unknown> {
  const text = await files.get(path)?.text();
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    throw new InvalidModelFile(path, 'it is not JSON');
  }
}

comlink.expose(worker);
