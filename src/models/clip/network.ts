import type { LoadNetwork } from '../architecture.ts';
import { InvalidModelFile } from '../errors.ts';
import { createClipEmbedder } from './embedder.ts';

/** A CLIP from the files of its checkpoint, in either layout. */
export const loadClipNetwork: LoadNetwork = async (folder, started, job) => {
  const tensors = await folder.checkpoint();
  const [config, preprocessor, tokenizer] = await Promise.all([
    folder.json('config.json').then((json) => json ?? folder.json('open_clip_config.json')),
    folder.json('preprocessor_config.json'),
    folder.json('tokenizer.json'),
  ]);
  if (tokenizer === undefined)
    throw new InvalidModelFile('tokenizer.json', 'the model has none, so it could read no words');
  const { key, name, weightsFile } = folder;
  const clip = await createClipEmbedder(
    { key, name, config, preprocessor, tokenizer, tensors, weightsFile },
    started,
    job,
  );
  return {
    info: clip.info,
    pictures: (batch) => clip.embedPictures(batch),
    tokenize: (text) => clip.tokenize(text),
    texts: (batch) => clip.embedTokens(batch),
    dispose: () => clip.dispose(),
  };
};
