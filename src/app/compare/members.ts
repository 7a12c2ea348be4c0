import type { Id } from '../../data/item.ts';
import type { StoredEmbedding } from '../../data/library.ts';
import type { Members } from '../collection.ts';
import { EMBEDDED } from '../model-choice.ts';
import { knownKey, modelIsNow } from '../model-versions.ts';
import { collection, library, modelStore } from '../services.ts';
import { readApp } from '../store.ts';
import { Kept } from './kept.ts';
import { type PaneSetting, sourceKey } from './setting.ts';

/** The vectors that a pane stands on. */
export interface PaneMembers extends Members {
  /** Items that its model has not embedded yet. */
  readonly unembedded: number;
}

/** Vectors of other models than the one in use; engines keep what they uploaded by the array. */
const others = new Kept<PaneMembers>(2);

/**
 * The items of a pane's space with their vectors: from the collection where its model is in use, else what the library has of it.
 *
 * @throws {RangeError} when its model is not stored any more
 */
export async function membersOf(setting: PaneSetting): Promise<PaneMembers> {
  const { model, space } = setting;
  const isInUse = () => model === readApp().modelId;
  const ofPage = () => ({ ...collection.members(space), unembedded: 0 });
  if (space === 'vectors' || isInUse()) return ofPage();
  const version = await embeddingsKey(model);
  // It may have come into use meanwhile.
  if (isInUse()) return ofPage();
  modelIsNow(model, version);
  const key = sourceKey(setting);
  const all = collection.items().flatMap(({ id, kind }) => (kind === 'vector' ? [] : [id]));
  const known = others.get(key, all);
  if (known) return known;
  const found = await (await library()).embeddings(version, all);
  const members = gather(all, found, space);
  if (members.unembedded === 0) others.set(key, all, members);
  return members;
}

/** What the library has of these items by a model. */
export async function embeddingsOf(model: string, ids: readonly Id[]): Promise<Map<Id, StoredEmbedding>> {
  const [opened, key] = await Promise.all([library(), embeddingsKey(model)]);
  return opened.embeddings(key, ids);
}

function gather(
  all: readonly Id[],
  found: ReadonlyMap<Id, StoredEmbedding>,
  space: 'joint' | 'picture' | 'text',
): PaneMembers {
  const rows = all.flatMap((id) => {
    const vector = found.get(id)?.[space];
    return vector ? [{ id, vector }] : [];
  });
  const dimension = rows[0]?.vector.length ?? 0;
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach(({ vector }, row) => {
    vectors.set(vector, row * dimension);
  });
  return {
    ids: rows.map(({ id }) => id),
    set: { vectors, dimension },
    unembedded: all.filter((id) => !found.has(id)).length,
  };
}

/** What the library keeps a model's embeddings under. */
async function embeddingsKey(model: string): Promise<string> {
  if (model === EMBEDDED) {
    const key = knownKey(EMBEDDED);
    if (key !== undefined) return key;
    const { fetchManifest } = await import('../../models/model-files.ts');
    return (await fetchManifest()).key;
  }
  const [{ embeddingKey }, store] = await Promise.all([
    import('../../models/stored-embedder.ts'),
    modelStore(),
  ]);
  const opened = await store.open(model);
  if (!opened) {
    throw new RangeError(`The model ${model} is not stored any more. Choose another for this pane.`);
  }
  return embeddingKey(opened.model);
}
