/** The worker in which a model lives, the embedded one or a stored one. Its page side is worker-embedder.ts. */
import * as comlink from 'comlink';
import type { Job } from '../common/job.ts';
import type { Network } from './architecture.ts';
import { architectureOf, signsOf } from './architectures.ts';
import { type StartedBackend, startBackend } from './backend.ts';
import { cutText } from './cut-text.ts';
import { modelFolder } from './model-folder.ts';
import { probe } from './probe.ts';
import type { EmbedderWorker, ModelRequest } from './worker-embedder.ts';

let network: Network | undefined;

const worker: EmbedderWorker = {
  async open({ backend, threads }, model, onProgress) {
    const started = await startBackend(backend, threads);
    network = await load(model, started, { onProgress });
    return network.info;
  },

  pictures: async (batch) => (await opened().pictures?.(batch)) ?? [],
  tokenize: (texts) => texts.map((text) => opened().tokenize?.(cutText(text)) ?? []),
  texts: async (batch) => (await opened().texts?.(batch)) ?? [],
};

async function load(model: ModelRequest, started: StartedBackend, job: Job): Promise<Network> {
  if (model.kind === 'embedded') {
    const { loadEmbedded } = await import('./embedded.ts');
    return loadEmbedded(model.baseUrl, started, job);
  }
  const folder = modelFolder(model.key, model.name, model.files);
  const config = (await folder.json('config.json')) ?? (await folder.json('open_clip_config.json'));
  const loadNetwork = await architectureOf(signsOf(folder.paths, config), model.name).load();
  const loaded = await loadNetwork(folder, started, job);
  await probe(loaded, folder.weightsFile);
  return loaded;
}

function opened(): Network {
  if (!network) throw new Error('The model is not open.');
  return network;
}

comlink.expose(worker);
