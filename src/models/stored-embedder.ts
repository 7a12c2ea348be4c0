import { wrap } from 'comlink';
import type { Job } from '../common/job.ts';
import { Sha256 } from '../common/sha256.ts';
import type { BackendName } from './backend.ts';
import type { Embedder } from './embedder.ts';
import type { OpenedModel, StoredModel } from './store/model-store.ts';
import { type EmbedderWorker, openInWorker, type StartedWorker } from './worker-embedder.ts';

/** A stored model as it is handed to its worker: files that are read there, and only when they are asked for their bytes. */
export interface ModelInFiles {
  readonly key: string;
  readonly name: string;
  readonly files: ReadonlyMap<string, Blob>;
}

export interface StoredEmbedderOptions extends Job {
  /** As for the embedded model. */
  readonly backend?: BackendName | 'auto';
  readonly threads?: number;
}

// Changes with the code, when what it makes of the same files does.
const CODE = 'clip-1';

/** What the embeddings of a stored model are cached under: the same files by the same code, whatever they are called. */
export function embeddingKey({ files }: StoredModel): string {
  const lines = files.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(lines.join('\n')));
  return `${CODE} ${hash.hex()}`;
}

/**
 * Starts a stored model in a worker of its own, with the interface and the habits of the embedded one. Progress counts tensors read.
 *
 * @throws {InvalidModelFile | InvalidWeights | StoreFault} by name, with what in which file does not fit; the signal's reason
 */
export async function openStoredEmbedder(
  { model, file }: OpenedModel,
  options: StoredEmbedderOptions = {},
): Promise<Embedder> {
  const files = new Map<string, Blob>();
  for (const { path } of model.files) {
    const blob = await file(path);
    if (blob) files.set(path, blob);
  }
  const given: ModelInFiles = { key: embeddingKey(model), name: model.id, files };
  return openInWorker(startWorker, given, options, options);
}

function startWorker(): StartedWorker<ModelInFiles> {
  const worker = new Worker(new URL('./stored-embedder-worker.ts', import.meta.url), {
    type: 'module',
    name: 'stored embedder',
  });
  return { worker, remote: wrap<EmbedderWorker<ModelInFiles>>(worker) };
}
