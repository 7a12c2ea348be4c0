import type { ModelFolder } from './architecture.ts';
import { InvalidModelFile } from './errors.ts';
import { StoreFault } from './store/errors.ts';
import { openWeights } from './store/stored-weights.ts';

/** The files of a stored model as they were handed to the worker: only those are read that are asked for their bytes. */
export function modelFolder(key: string, name: string, files: ReadonlyMap<string, Blob>): ModelFolder {
  const paths = [...files.keys()];
  return {
    key,
    name,
    paths,
    file: (path) => files.get(path),
    json: async (path) => {
      const text = await files
        .get(path)
        ?.text()
        .catch((error: unknown) => {
          throw new StoreFault(`${path}, a file of ${name}, is gone or cannot be read`, error);
        });
      try {
        return text === undefined ? undefined : JSON.parse(text);
      } catch {
        throw new InvalidModelFile(path, 'it is not JSON');
      }
    },
    checkpoint: () => openWeights(paths, async (path) => files.get(path)),
    // A layer of a sentence model has a folder and a file of its own.
    weightsFile: paths.find((path) => /^[^/]+\.safetensors$/.test(path)) ?? 'the weights',
  };
}
