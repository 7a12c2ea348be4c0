import type { Job } from '../common/job.ts';
import { Sha256 } from '../common/sha256.ts';
import type { BackendName } from './backend.ts';
import type { Embedder } from './embedder.ts';
import { StoreFault } from './store/errors.ts';
import type { OpenedModel, StoredModel } from './store/model-store.ts';
import { openInWorker } from './worker-embedder.ts';

export interface StoredEmbedderOptions extends Job {
  /** As for the embedded model. */
  readonly backend?: BackendName | 'auto';
  readonly threads?: number;
}

// Changes with the code, when what it makes of the same files does.
const CODE = 'networks-1';

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
    if (!blob) throw new StoreFault(`${path}, a file of ${model.id}, is gone`, undefined);
    files.set(path, blob);
  }
  const given = { kind: 'stored', key: embeddingKey(model), name: model.id, files } as const;
  return openInWorker(given, options, options);
}
