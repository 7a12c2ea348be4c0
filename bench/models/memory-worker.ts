/** A worker that embeds pictures by one model and tells what tfjs holds: the embedder's own worker keeps that to itself. */
import * as comlink from 'comlink';
import type { Network } from '../../src/models/architecture.ts';
import { startBackend } from '../../src/models/backend.ts';
import { loadClipNetwork } from '../../src/models/clip/network.ts';
import { loadEmbedded } from '../../src/models/embedded.ts';
import { modelFolder } from '../../src/models/model-folder.ts';
import type { ModelRequest } from '../../src/models/worker-embedder.ts';
import { type Footprint, footprint } from './footprint.ts';
import { randomPictures } from './pictures.ts';

export interface MemoryWorker {
  open(backend: 'wasm' | 'webgpu', model: ModelRequest): Promise<void>;
  /** Embeds some pictures in batches of 8. */
  embed(count: number): Promise<Footprint>;
}

const BATCH = 8;
let network: Network | undefined;

const worker: MemoryWorker = {
  async open(backend, model) {
    const started = await startBackend(backend);
    network =
      model.kind === 'embedded'
        ? await loadEmbedded(model.baseUrl, started, {})
        : await loadClipNetwork(modelFolder(model.key, model.name, model.files), started, {});
  },

  async embed(count) {
    const pictures = randomPictures(BATCH);
    for (let done = 0; done < count; done += BATCH)
      await network?.pictures?.(pictures.slice(0, Math.min(BATCH, count - done)));
    return footprint();
  },
};

comlink.expose(worker);
