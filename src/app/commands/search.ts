import type { Job } from '../../common/job.ts';
import type { Id, ItemKind } from '../../data/item.ts';
import type { CollectionSpace } from '../collection.ts';
import type { Found } from '../handle.ts';
import { withinOneModel } from '../one-model.ts';
import { rowsOf } from '../rows-of.ts';
import { collection, embedder, engine } from '../services.ts';
import { type AppState, type Focus, type Ranked, readApp, writeApp } from '../store.ts';
import { currentSpace } from './measure.ts';
import { preparePicture } from './prepare-picture.ts';

interface Query {
  readonly space: CollectionSpace;
  readonly vector: Float32Array<ArrayBuffer>;
}

/** Cosine similarity of every item of the query's space, nearest first; ties by the order of the collection. */
async function rank(query: Query, job: Job): Promise<Ranked[]> {
  const { ids, set } = collection.members(query.space);
  if (ids.length === 0) return [];
  const row = { vectors: query.vector, dimension: query.vector.length };
  const distances = await (await engine()).distances(row, { metric: 'cosine', columns: set }, job);
  return ids
    .map((id, index) => ({ id, similarity: 1 - (distances[index] ?? 1), index }))
    .sort((a, b) => b.similarity - a.similarity || a.index - b.index)
    .map(({ id, similarity }) => ({ id, similarity }));
}

async function queryOf(query: string | File | Id, job: Job): Promise<Query> {
  if (query instanceof File) return pictureQuery(query, job);
  const entry = collection.get(query);
  if (entry) return itemQuery(query);
  const words = query.trim();
  if (words === '')
    throw new RangeError('The search is empty. Type a word, or drop a picture on the search box.');
  const [embedding] = await (await embedder()).embedTexts([words], job);
  if (!embedding) throw new Error(`The model gave no vector for "${words}".`);
  return { space: 'joint', vector: embedding.joint };
}

async function pictureQuery(file: File, job: Job): Promise<Query> {
  const model = await embedder();
  const [embedding] = await model.embedPictures(
    [await preparePicture(file, file.name, model.info.preparation)],
    job,
  );
  if (!embedding) throw new Error(`The model gave no vector for ${file.name}.`);
  const space = currentSpace() === 'picture' ? 'picture' : 'joint';
  return { space, vector: embedding[space] };
}

function itemQuery(id: Id): Query {
  const space = currentSpace();
  const members = collection.members(space);
  const row = members.ids.indexOf(id);
  if (row >= 0) return { space, vector: rowsOf(members.set, [row]).vectors };
  const vectors = collection.get(id)?.vectors;
  const other = vectors?.joint;
  if (!other) throw new RangeError(`Item ${id} has no vector to search with.`);
  return { space: 'joint', vector: other };
}

/** The scripting handle's search: `count` nearest (20 unless told), of one kind where `kind` says so. */
export async function search(
  query: string | File | Id,
  options: Job & { readonly count?: number; readonly kind?: ItemKind } = {},
): Promise<Found[]> {
  const ranked = await withinOneModel(async () => rank(await queryOf(query, options), options));
  const { kind, count = 20 } = options;
  const ofKind = kind ? ranked.filter(({ id }) => collection.get(id)?.item.kind === kind) : ranked;
  return ofKind.slice(0, count);
}

/** Searches once for nothing, so that the first real search finds the kernel compiled and the vectors in place. */
export async function warmSearch(): Promise<void> {
  const { set } = collection.members(currentSpace());
  if (set.vectors.length > 0) await rank({ space: currentSpace(), vector: rowsOf(set, [0]).vectors }, {});
}

/** A later search or table of labels replaces an earlier one that has not answered yet. */
let latest = 0;

/**
 * To be said when an answer is being made that is no search's: a search that runs is given up.
 *
 * @returns whether it still is what was asked for last
 */
export function beginAnswer(): () => boolean {
  const turn = ++latest;
  writeApp({ searching: undefined });
  return () => turn === latest;
}

/** What the page shows the answer to. */
let shown: { readonly query: Query; readonly without: Id | undefined } | undefined;

/** Searches, lists the answer and lights it up on the map. */
export async function showSearch(query: string | File | Id): Promise<void> {
  const turn = ++latest;
  const isFile = query instanceof File;
  const item = isFile ? undefined : collection.get(query)?.item;
  const name = isFile ? query.name : (item?.name ?? query);
  writeApp((state) => ({
    searching: name,
    focus: { type: 'search' },
    panel: state.panel === 'closed' ? 'closed' : 'details',
  }));
  try {
    const answer = await withinOneModel(async (): Promise<Answer> => {
      const asked = await queryOf(query, {});
      const start = performance.now();
      const ranked = await rank(asked, {});
      return { asked, ranked, milliseconds: performance.now() - start };
    });
    if (turn === latest) showAnswer(answer, { name, file: isFile ? query : undefined, without: item?.id });
  } finally {
    if (turn === latest) writeApp((state) => ({ searching: undefined, focus: answered(state) }));
  }
}

/** Where the panel goes after a search: to its answer, or, when there is none, back to what was there. */
function answered({ search, labels, focus }: AppState): Focus {
  if (search || focus.type !== 'search') return focus;
  return { type: labels ? 'labels' : 'none' };
}

interface Answer {
  readonly asked: Query;
  readonly ranked: readonly Ranked[];
  readonly milliseconds: number;
}

function showAnswer(
  { asked, ranked, milliseconds }: Answer,
  {
    name,
    file,
    without,
  }: { readonly name: string; readonly file: File | undefined; readonly without: Id | undefined },
): void {
  revokePicture();
  shown = { query: asked, without };
  writeApp((state) => ({
    search: {
      query: name,
      pictureUrl: file && URL.createObjectURL(file),
      ranked: ranked.filter(({ id }) => id !== without),
      milliseconds,
    },
    labels: undefined,
    focus: { type: 'search' },
    panel: state.panel === 'closed' ? 'closed' : 'details',
  }));
}

/** Asks again what is shown, because items came or went. */
export async function refreshSearch(): Promise<void> {
  const { search } = readApp();
  if (!search || !shown) return;
  const { query, without } = shown;
  const turn = latest;
  const ranked = await rank(query, {});
  if (turn !== latest) return;
  writeApp({ search: { ...search, ranked: ranked.filter(({ id }) => id !== without) } });
}

/** Asks for the words that are shown once more, because the model is another now; other answers are taken away. */
export async function searchAgain(): Promise<void> {
  const { search, searching } = readApp();
  if (searching !== undefined) {
    // It asks the new model by itself, and takes the place of what is shown.
    shown = undefined;
    return;
  }
  const isWords = search && !search.pictureUrl && shown?.without === undefined;
  // Its vector is of the model before.
  shown = undefined;
  if (isWords) await showSearch(search.query);
  else if (search) clearSearch();
}

export function clearSearch(): void {
  latest++;
  revokePicture();
  const { selection } = readApp();
  const only = selection[0];
  const focus =
    selection.length === 1 && only !== undefined
      ? ({ type: 'item', id: only } as const)
      : ({ type: selection.length > 1 ? 'selection' : 'none' } as const);
  writeApp({ search: undefined, searching: undefined, labels: undefined, focus });
}

function revokePicture(): void {
  const url = readApp().search?.pictureUrl;
  if (url) URL.revokeObjectURL(url);
}
