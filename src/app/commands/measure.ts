import type { Job } from '../../common/job.ts';
import type { Id } from '../../data/item.ts';
import type { CollectionSpace, Members } from '../collection.ts';
import type { MeasureOptions } from '../handle.ts';
import { rowsOf } from '../rows-of.ts';
import { collection, engine } from '../services.ts';
import { readApp } from '../store.ts';

export interface Near {
  readonly id: Id;
  readonly distance: number;
}

/** The space that the map shows or is about to show. */
export function currentSpace(): CollectionSpace {
  const { space } = readApp().settings;
  return space === 'auto' ? collection.suitedSpace() : space;
}

/** The nearest items of the current space under the current metric, nearest first. */
export async function nearestTo(id: Id, count: number, job: Job = {}): Promise<Near[]> {
  const { ids, set } = collection.members(currentSpace());
  const row = ids.indexOf(id);
  if (row < 0 || ids.length < 2) return [];
  const { metric } = readApp().settings;
  const k = Math.min(count + 1, ids.length);
  const found = await (await engine()).neighbors(set, { metric, k, queries: rowsOf(set, [row]) }, job);
  const near: Near[] = [];
  for (let i = 0; i < k; i++) {
    const at = found.indices[i];
    const neighbor = at === undefined ? undefined : ids[at];
    if (neighbor === undefined || neighbor === id) continue;
    near.push({ id: neighbor, distance: found.distances[i] ?? 0 });
  }
  return near.slice(0, count);
}

export async function neighbors(
  options: MeasureOptions & { readonly k: number },
): Promise<{ ids: Id[]; indices: Uint32Array; distances: Float32Array }> {
  const { ids, set } = chosen(options);
  const { metric = 'cosine', k, threshold } = options;
  const { indices, distances } = await (await engine()).neighbors(set, { metric, k, threshold }, options);
  return { ids: [...ids], indices, distances };
}

export async function distances(options: MeasureOptions = {}): Promise<Float32Array> {
  const { set } = chosen(options);
  const { metric = 'cosine', threshold } = options;
  return (await engine()).distances(set, { metric, threshold }, options);
}

/** @throws {RangeError} when an id has no vector in the space */
export function chosen(options: { readonly space?: CollectionSpace; readonly ids?: readonly Id[] }): Members {
  const space = options.space ?? currentSpace();
  const members = collection.members(space);
  if (!options.ids) return members;
  const rowOf = new Map(members.ids.map((id, row) => [id, row]));
  const rows = options.ids.map((id) => {
    const row = rowOf.get(id);
    if (row === undefined) {
      throw new RangeError(
        `No item ${id} has a vector in the ${space} space. Take ids from items(), or name another space.`,
      );
    }
    return row;
  });
  return { ids: options.ids, set: rowsOf(members.set, rows) };
}
