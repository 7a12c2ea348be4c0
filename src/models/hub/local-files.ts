import { UnusableModel } from '../errors.ts';
import type { ByteSource } from '../weights/byte-source.ts';
import { INDEX_SUFFIX, shardsOf } from '../weights/safetensors.ts';
import { checkpointFiles, weightsIndex } from './checkpoint-files.ts';
import { isPlainPath } from './repository.ts';

/** A file that a person gave: chosen, dropped, or in a zip. */
export interface LocalFile {
  /** In the folder or zip that was given, with `/` between folders; the name alone for a loose file. */
  readonly path: string;
  readonly bytes: number;
  /** May reject: the file may have gone, the zip's entry may be damaged. */
  blob(): Promise<Blob>;
}

/** A file in a zip, as the zip reader of `src/data` lists them. */
export interface Packed {
  readonly path: string;
  readonly size: number;
  open(): Promise<Blob>;
}

/** The files of one model that a person gave, by their paths in its folder. */
export interface LocalModel {
  /** Of the folder or the zip; `This set of files` for loose ones. */
  readonly name: string;
  /** True for files that lay in no folder and no zip, and have no name together. */
  readonly loose: boolean;
  readonly files: readonly LocalFile[];
}

/** Left by systems and tools in folders and zips; nothing of a model. */
const HIDDEN = /(?:^|\/)(?:\.|__MACOSX\/)/;

/**
 * Every file that was given, those of zips one by one, without reading them yet.
 *
 * @param files as an input or a drop gives them; those of a folder carry their path in `webkitRelativePath`
 * @param readZip lists a zip
 * @throws what `readZip` throws, for a zip that is none
 */
export function listLocalFiles(
  files: Iterable<File>,
  readZip: (zip: Blob) => Promise<readonly Packed[]>,
): Promise<LocalFile[]> {
  return unpackZips(
    Array.from(files, (file) => ({
      path: file.webkitRelativePath || file.name,
      bytes: file.size,
      blob: async () => file,
    })),
    readZip,
  );
}

/** {@link listLocalFiles} for files that know their path in the folder, as those of a drop do. */
export async function unpackZips(
  files: readonly LocalFile[],
  readZip: (zip: Blob) => Promise<readonly Packed[]>,
): Promise<LocalFile[]> {
  const listed: LocalFile[] = [];
  for (const file of files) {
    if (/\.zip$/i.test(file.path)) {
      const stem = file.path.replace(/\.zip$/i, '');
      for (const entry of await readZip(await file.blob()))
        listed.push({ path: `${stem}/${entry.path}`, bytes: entry.size, blob: () => entry.open() });
    } else {
      listed.push(file);
    }
  }
  return listed.filter(({ path }) => isPlainPath(path) && !HIDDEN.test(path));
}

/**
 * Picks a model's files among those that were given, of whichever layout: weights as safetensors go before a tfjs model's.
 *
 * @throws {UnusableModel | InvalidModelFile} when there is no model among them, or more than one
 */
export async function pickModel(given: readonly LocalFile[]): Promise<LocalModel> {
  if (given.some(({ path }) => isWeights(path))) return pickLocalModel(given);
  const { pickTfjsModel } = await import('./tfjs-files.ts');
  return (await pickTfjsModel(given)) ?? pickLocalModel(given);
}

/**
 * Picks a model's files among those that were given: the folder that holds the weights, however deep it lies, and in it what
 * the model needs.
 *
 * @throws {UnusableModel} when there is no model among them, or more than one; {InvalidWeights} when an index of weights is none
 */
export async function pickLocalModel(given: readonly LocalFile[]): Promise<LocalModel> {
  const folders = new Set(given.filter(({ path }) => isWeights(path)).map(({ path }) => folderOf(path)));
  const depths = [...folders].map(depthOf);
  // Deeper ones are parts of the model: sentence models keep small layers of their own in folders.
  const [root = commonFolder(given), other] = [...folders].filter(
    (folder) => depthOf(folder) === Math.min(...depths),
  );
  if (other !== undefined) {
    throw new UnusableModel(
      `There is more than one model among these files (in ${nameOf(root)} and ${nameOf(other)}). Give them one at a time.`,
    );
  }
  const inside = given
    .filter(({ path }) => path.startsWith(root))
    .map((file): LocalFile => ({ ...file, path: file.path.slice(root.length), blob: () => file.blob() }));
  const byPath = new Map(inside.map((file) => [file.path, file]));
  if (byPath.size < inside.length) {
    throw new UnusableModel('Several of these files have one name. Give the folder of one model.');
  }
  const name = nameOf(root);
  const paths = [...byPath.keys()];
  const index = byPath.get(weightsIndex(paths) ?? '');
  const shards = index && (await shardsOf(sourceOf(index)));
  const files = checkpointFiles(paths, name, shards).flatMap((path) => byPath.get(path) ?? []);
  return { name, loose: root === '', files };
}

function sourceOf({ path, bytes, blob }: LocalFile): ByteSource {
  return {
    name: path,
    size: bytes,
    read: async (begin, end) => new Uint8Array(await (await blob()).slice(begin, end).arrayBuffer()),
  };
}

function isWeights(path: string): boolean {
  return path.endsWith('.safetensors') || path.endsWith(INDEX_SUFFIX);
}

/** With the slash at its end; empty for loose files. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function depthOf(folder: string): number {
  return folder.split('/').length;
}

/** What a message is to call files among which there are no weights: by the folder that all lie in. */
function commonFolder(given: readonly LocalFile[]): string {
  const [first = ''] = given.map(({ path }) => path);
  const top = first.slice(0, first.indexOf('/') + 1);
  return given.every(({ path }) => path.startsWith(top)) ? top : '';
}

/** The folder's own name. A snapshot of the hub's cache is named for its commit: there the repository's name is further up. */
export function nameOf(folder: string): string {
  const cached = /(?:^|\/)models--([^/]+)\/snapshots\//.exec(folder);
  if (cached?.[1]) return cached[1].replaceAll('--', '/');
  return folder.split('/').at(-2) ?? 'This set of files';
}
