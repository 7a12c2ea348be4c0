/** Pictures that the lab's runs learn from: read once, and kept for as long as a run or the form has them. */
import { isAbort, orAborted } from '../../../common/job.ts';
import type { PictureItem } from '../../../data/item.ts';
import { loadSamples } from '../../../data/samples.ts';
import {
  type LabPicture,
  MOST_PICTURES,
  makePictureSet,
  PICTURE_SIDE,
  type PictureSet,
} from '../../../lab/data/pictures.ts';
import type { RealData } from '../../../lab/data/real-data.ts';
import { collection, decoder, library } from '../../services.ts';
import { readLab } from '../state.ts';

/** A picture before it is decoded. */
interface Given extends Omit<LabPicture, 'pixels' | 'id'> {
  /** Where it is known before the file was read: of an item, whose preview is another file. */
  readonly id?: string;
  blob(): Promise<Blob | undefined>;
}

interface Reading {
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

export interface ReadPictures {
  readonly set: PictureSet;
  /** Pictures that could not be read. */
  readonly failed: number;
  /** Pictures that there are more of than a run takes. */
  readonly left: number;
}

const kept = new Map<string, PictureSet>();
let samples: ReadPictures | undefined;

/** The pictures that settings speak of; undefined where they are not here. */
export function pictureSetOf({ hash }: RealData): PictureSet | undefined {
  return kept.get(hash);
}

/**
 * The same, read anew where that gives them: of a run that was kept, in another session.
 *
 * @throws {Error} when they are not here
 */
export async function picturesFor(data: RealData): Promise<PictureSet> {
  const known = kept.get(data.hash);
  if (known) return known;
  const reading = { signal: new AbortController().signal, onProgress: () => undefined };
  const { set } = await (data.kind === 'samples' ? readSamples : readLoaded)(reading);
  if (set.data.hash === data.hash) return set;
  throw new Error(
    `This run learned from ${data.count} pictures that are not those in the explorer now. Load the same ones, or choose anew what to learn from.`,
  );
}

/** The pictures of the sample set with their names and tags; read once. */
export async function readSamples(reading: Reading): Promise<ReadPictures> {
  if (samples) return samples;
  const sources = await loadSamples('samples/', { signal: reading.signal }).catch((cause: unknown) => {
    if (isAbort(cause)) throw cause;
    throw new Error('The sample pictures could not be fetched. Check the connection and choose them again.', {
      cause,
    });
  });
  const given = sources.flatMap(({ name, tags, blob }) => (tags ? { name, tags, label: tags[0], blob } : []));
  samples = await readAll('samples', given, reading);
  return samples;
}

/** The pictures of the explorer as they are now. */
export function readLoaded(reading: Reading): Promise<ReadPictures> {
  const given = loadedPictures().map((item): Given => {
    const folder = folderOf(item.source);
    const words = item.tags ?? [];
    return {
      id: item.id,
      name: item.name,
      tags: folder === undefined ? words : [...words, folder],
      label: words[0] ?? folder,
      blob: async () => (await library()).preview(item.id),
    };
  });
  return readAll('loaded', given, reading);
}

/** Ids of the pictures that the explorer has now: other ones are another set. */
export function loadedIds(): string {
  return loadedPictures()
    .map(({ id }) => id)
    .join();
}

function loadedPictures(): PictureItem[] {
  return collection.items().filter((item) => item.kind === 'picture');
}

/** The folder that a picture lies in, within what was dropped; a zip is none. */
function folderOf(source: string): string | undefined {
  const folder = source.split('/').at(-2);
  return folder !== undefined && /\.zip$/i.test(folder) ? undefined : folder;
}

async function readAll(
  kind: RealData['kind'],
  all: readonly Given[],
  { signal, onProgress }: Reading,
): Promise<ReadPictures> {
  const given = all.slice(0, MOST_PICTURES);
  const pictures: (LabPicture | undefined)[] = new Array(given.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < given.length; at = next++) {
      const one = given[at];
      pictures[at] = one && (await orAborted(readOne(one), signal));
      done += 1;
      onProgress(done, given.length);
    }
  };
  await Promise.all(Array.from({ length: decoder().ahead }, work));
  const read = pictures.filter((picture) => picture !== undefined);
  const set = makePictureSet(kind, read);
  forgetUnused();
  kept.set(set.data.hash, set);
  return { set, failed: given.length - read.length, left: all.length - given.length };
}

async function readOne({ blob, ...said }: Given): Promise<LabPicture | undefined> {
  try {
    const file = await blob();
    if (!file) return undefined;
    const opened = await decoder().open(file, said.name);
    if (opened.identified.kind !== 'picture') {
      opened.close();
      return undefined;
    }
    const { model } = await opened.decode({ size: PICTURE_SIDE, crop: 1 });
    return { ...said, id: said.id ?? opened.identified.id, pixels: model };
  } catch {
    // It is counted as one that could not be read.
    return undefined;
  }
}

/** The sample set stays, as reading it anew takes seconds. */
function forgetUnused(): void {
  const { runs, drafts } = readLab();
  const used = new Set([...runs.map(({ settings }) => settings), ...drafts].map(({ data }) => data?.hash));
  for (const [hash, { data }] of kept) if (data.kind === 'loaded' && !used.has(hash)) kept.delete(hash);
}
