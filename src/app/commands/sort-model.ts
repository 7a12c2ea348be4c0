import { readZip } from '../../data/readers/zip.ts';
import type { Source } from '../../data/sources.ts';

/** What no picture and no text is called, and every model that is published with its weights in files has. */
const OF_A_MODEL =
  /\.safetensors(?:\.index\.json)?$|(?:^|\/)(?:model\.json|(?:open_clip_)?pytorch_model\.bin)$/i;

const PICTURE = /\.(?:avif|bmp|gif|jpe?g|png|svg|webp)$/i;

const ZIP = /\.zip$/i;

/** As many files are looked at for a model: a folder of pictures need not wait until all of it has been walked. */
const LOOKED_AT = 100;

export interface Sorted {
  /** All files of the folder, the zip or the loose files in which there is a model's; empty where there is none. */
  readonly model: readonly Source[];
  /** False where all is the model's. */
  readonly areItems: boolean;
  /** What is for the map, to be gone through once. */
  readonly items: Iterable<Source> | AsyncIterable<Source>;
}

/** Tells a model's files from pictures and texts, by their names and those in zips. */
export async function sortModel(given: Iterable<Source> | AsyncIterable<Source>): Promise<Sorted> {
  const walk = each(given);
  const seen: Source[] = [];
  while (seen.length < LOOKED_AT) {
    const { value, done } = await walk.next();
    if (done) return { model: [], areItems: true, items: seen };
    seen.push(value);
    if (await isOfModel(value)) {
      for await (const source of walk) seen.push(source);
      return split(seen);
    }
  }
  return { model: [], areItems: true, items: chain(seen, walk) };
}

async function split(sources: readonly Source[]): Promise<Sorted> {
  const homes = new Set<string>();
  for (const source of sources) if (await isOfModel(source)) homes.add(homeOf(source));
  const isModels = (source: Source) => {
    const home = homeOf(source);
    return homes.has(home) && !(home === '' && PICTURE.test(source.path));
  };
  const items = sources.filter((source) => !isModels(source));
  return { model: sources.filter(isModels), areItems: items.length > 0, items };
}

/** The folder at the top, or the zip; empty for loose files. */
function homeOf({ path }: Source): string {
  if (path.includes('/')) return path.slice(0, path.indexOf('/'));
  return ZIP.test(path) ? path : '';
}

async function isOfModel(source: Source): Promise<boolean> {
  if (OF_A_MODEL.test(source.path)) return true;
  if (!ZIP.test(source.path)) return false;
  try {
    return (await readZip(await source.blob())).some((entry) => OF_A_MODEL.test(entry.path));
  } catch {
    // That it cannot be read is told where it is taken in.
    return false;
  }
}

async function* each(given: Iterable<Source> | AsyncIterable<Source>): AsyncGenerator<Source, undefined> {
  yield* given;
}

async function* chain(first: readonly Source[], rest: AsyncIterable<Source>): AsyncGenerator<Source> {
  yield* first;
  yield* rest;
}
