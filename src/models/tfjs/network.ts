import type { LoadNetwork, ModelFolder } from '../architecture.ts';
import type { BackendName } from '../backend.ts';
import type { PictureEmbedding } from '../embedder.ts';
import { InvalidModelFile, NotFinite, UnusableModel } from '../errors.ts';
import { StoreFault } from '../store/errors.ts';
import { unitRow } from '../unit-row.ts';
import { MODEL_JSON, readModelJson } from './model-json.ts';
import { openPictureNetwork, type PictureNetwork } from './picture-network.ts';
import { readSettings } from './settings.ts';

/**
 * Any tfjs graph model or layers model that takes pictures, from its `model.json` and the files of weights that it names. One of its
 * outputs, brought to unit length, is the embedding, in the joint space too. It is run once here, so that what does not run is told now.
 *
 * What the wasm backend has no kernel for is run on the cpu backend, and `info.backend` says so.
 *
 * @throws {InvalidModelFile | UnusableModel} naming the file and what in it does not fit
 * @throws {Error} when it runs on another backend only, naming what is missing on this one
 */
export const loadTfjsNetwork: LoadNetwork = async (folder, started, job) => {
  const json = await folder.json(MODEL_JSON);
  if (json === undefined) throw new InvalidModelFile(MODEL_JSON, 'it is not there');
  const model = readModelJson(json);
  const settings = readSettings(
    await folder.json('nearfield.json'),
    await folder.json('metadata.json').catch(() => undefined),
  );
  const open = (backend: BackendName) =>
    openPictureNetwork(folder, model, settings, job).catch((error: unknown) => {
      throw explained(error, folder, backend);
    });
  let where = started;
  const network = await open(started.backend).catch(async (error: unknown) => {
    if (started.backend !== 'wasm' || isFaultOfFiles(error)) throw error;
    const { startBackend } = await import('../backend.ts');
    where = await startBackend('cpu');
    return open('cpu');
  });
  const { key, name } = folder;
  const { dimension, preparation } = network;
  return {
    info: {
      key,
      name,
      ...where,
      takes: { pictures: true, texts: false },
      dimensions: { joint: dimension, picture: dimension, text: 0 },
      preparation,
    },
    isTried: true,
    pictures: async (batch) => toEmbeddings(await network.embed(batch), network, name),
    dispose: () => network.dispose(),
  };
};

function toEmbeddings(rows: Float32Array, { dimension }: PictureNetwork, name: string): PictureEmbedding[] {
  return Array.from({ length: rows.length / dimension }, (_, at) => {
    const own = unitRow(rows, at, dimension, name);
    return { joint: own, picture: own, guesses: [] };
  });
}

function isFaultOfFiles(error: unknown): boolean {
  return error instanceof InvalidModelFile || error instanceof UnusableModel || error instanceof StoreFault;
}

/** What tfjs threw, in words that a person can act on: the model's fault, or this backend's. */
function explained(error: unknown, { name }: ModelFolder, backend: BackendName): unknown {
  if (isFaultOfFiles(error)) return error;
  if (error instanceof NotFinite) {
    // It may be the GPU's fault alone.
    if (backend === 'webgpu') return new NotFinite(name);
    return new InvalidModelFile(
      MODEL_JSON,
      `${error.source} gives numbers that are no numbers (NaN or infinity)`,
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  const operation = /^Unknown (?:op|layer):? '?(\w+)/.exec(said)?.[1];
  if (operation !== undefined)
    return new InvalidModelFile(MODEL_JSON, `it has "${operation}", which tfjs does not know`);
  const short = said.replace(/\s+/g, ' ').slice(0, 200);
  if (backend === 'cpu') return new InvalidModelFile(MODEL_JSON, `it does not run (${short})`);
  const kernel = /Kernel '(\w+)' not registered/.exec(said)?.[1];
  const reason = kernel === undefined ? short : `it has no kernel for ${kernel}`;
  return new Error(
    `${name} does not run on ${backend} (${reason}). Use it on another backend, or choose another model.`,
  );
}
