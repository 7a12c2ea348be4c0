import type { Job } from '../../common/job.ts';
import { makeTurns } from '../../common/turns.ts';
import type { Id, VectorItem } from '../../data/item.ts';
import type { StoredEmbedding } from '../../data/library.ts';
import { sha256 } from '../../data/sha256.ts';
import { checkValues, countRows } from '../../metrics/check.ts';
import { InvalidVectors } from '../../metrics/errors.ts';
import type { Added, NearfieldHandle } from '../handle.ts';
import { runJob } from '../jobs.ts';
import { collection, library } from '../services.ts';
import { arrange } from './arrange.ts';
import { toEntry } from './embed.ts';
import { keep, tellFull } from './keep.ts';

/** Under what key the library keeps vectors that came ready-made: no model made them. */
export const VECTORS_KEY = 'vectors';

/** Takes ready-made vectors in, all or none; each is an item of its own, known by its name and its numbers. */
export async function addVectors(
  input: Parameters<NearfieldHandle['addVectors']>[0],
  options?: Job,
): Promise<Added> {
  const vectors = Float32Array.from(input.vectors);
  const { dimension, ids, fields } = input;
  const rows = countRows({ vectors, dimension }, 'The vectors');
  checkValues({ vectors, dimension }, 'The vectors', 0, rows);
  for (const [what, list] of [['ids', ids] as const, ['fields', fields] as const]) {
    if (list && list.length !== rows) {
      throw new InvalidVectors(
        `There are ${rows} vectors and ${list.length} ${what}; give one for each vector.`,
      );
    }
  }
  const source = 'vectors';
  const addedAt = Date.now();
  const known: Id[] = [];
  const fresh = new Map<Id, { item: VectorItem; embedding: StoredEmbedding }>();
  await runJob({ title: 'Adding vectors', unit: 'items' }, options, async ({ signal, onProgress }) => {
    const turn = makeTurns(signal);
    for (let row = 0; row < rows; row++) {
      await turn();
      const name = ids?.[row] ?? `Row ${row}`;
      const joint = vectors.slice(row * dimension, (row + 1) * dimension);
      const id = await idOf(name, joint);
      if (collection.has(id) || fresh.has(id)) known.push(id);
      else {
        const tags = Object.entries(fields?.[row] ?? {}).map(([field, value]) => `${field}: ${value}`);
        fresh.set(id, { item: { id, kind: 'vector', name, source, addedAt, tags }, embedding: { joint } });
      }
      if (row % 500 === 0) onProgress(row, rows, 'Vectors');
    }
  });
  const added = await keep(
    [...fresh.values()].map(({ item, embedding }) => ({ entry: toEntry(item, embedding) })),
  );
  const embeddings = new Map([...fresh].map(([id, { embedding }]) => [id, embedding]));
  await (await library()).putEmbeddings(VECTORS_KEY, embeddings).catch(tellFull);
  if (added.length > 0) await arrange({ fresh: true });
  return { added, known, failed: [] };
}

function idOf(name: string, vector: Float32Array<ArrayBuffer>): Promise<Id> {
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(text.length + vector.byteLength);
  bytes.set(text);
  bytes.set(new Uint8Array(vector.buffer), text.length);
  return sha256(bytes);
}
