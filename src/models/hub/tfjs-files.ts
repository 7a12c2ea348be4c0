/** tfjs models among files that a person gave, and in repositories. Their shards are known only from what their `model.json` says. */
import { UnusableModel } from '../errors.ts';
import {
  isModelJson,
  MODEL_JSON,
  readModelJson,
  TFJS_COMPANIONS,
  type TfjsModel,
} from '../tfjs/model-json.ts';
import { MAX_JSON_BYTES } from './content.ts';
import { folderOf, type LocalFile, type LocalModel, nameOf } from './local-files.ts';

/** As many files as are looked into for a description under another name. */
const MAX_TRIED = 20;

/**
 * A tfjs model among files, by the description that is nearest to the top: `model.json`, or where there is none of that name, any JSON
 * that is one, for tfjs names what it saves as the page asks.
 *
 * @returns undefined where none of the files is such a description
 * @throws {UnusableModel | InvalidModelFile} when there are several, files of weights are missing, or it is another format's
 */
export async function pickTfjsModel(given: readonly LocalFile[]): Promise<LocalModel | undefined> {
  const called = given.filter(({ path }) => /(?:^|\/)model\.json$/.test(path));
  const tried =
    called.length > 0 ? called : given.filter(({ path }) => /\.json$/.test(path)).slice(0, MAX_TRIED);
  const found: { readonly file: LocalFile; readonly json: unknown }[] = [];
  for (const file of tried) {
    const json = await parsed(file, called.length > 0);
    if (isModelJson(json)) found.push({ file, json });
  }
  const depth = Math.min(...found.map(({ file }) => file.path.split('/').length));
  const [first, other] = found.filter(({ file }) => file.path.split('/').length === depth);
  if (!first) return undefined;
  if (other) {
    throw new UnusableModel(
      `There is more than one model among these files (${first.file.path} and ${other.file.path}). Give them one at a time.`,
    );
  }
  const { path } = first.file;
  const folder = folderOf(path);
  const own = path.slice(folder.length);
  const there = new Map(given.map((file) => [file.path, file]));
  const beside = tfjsPaths(readModelJson(first.json, own), new Set(pathsIn(folder, given)), own).flatMap(
    (name) => {
      const file = there.get(folder + name);
      return file ? [{ path: name, bytes: file.bytes, blob: () => file.blob() }] : [];
    },
  );
  const description = { path: MODEL_JSON, bytes: first.file.bytes, blob: () => first.file.blob() };
  const isLoose = folder === '' && own !== MODEL_JSON;
  const files = [description, ...beside];
  return isLoose
    ? { name: own.replace(/\.json$/, ''), loose: false, files }
    : { name: nameOf(folder), loose: folder === '', files };
}

/**
 * What goes with a description: settings that are there, and its files of weights.
 *
 * @param there paths beside it
 * @throws {UnusableModel} naming a file of weights that is not among them
 */
export function tfjsPaths(model: TfjsModel, there: ReadonlySet<string>, file: string): string[] {
  const shards = model.groups.flatMap(({ paths }) => paths);
  const missing = shards.find((path) => !there.has(path));
  if (missing !== undefined) {
    throw new UnusableModel(
      `${file} names ${missing} as a file of weights, which is not there. Give it too, beside ${file}.`,
    );
  }
  return [...TFJS_COMPANIONS.filter((path) => there.has(path)), ...shards];
}

function pathsIn(folder: string, files: readonly LocalFile[]): string[] {
  return files.flatMap(({ path }) => (path.startsWith(folder) ? [path.slice(folder.length)] : []));
}

/** @param isCalled when the file's name says that it is a description: then it must be JSON */
async function parsed(file: LocalFile, isCalled: boolean): Promise<unknown> {
  const name = file.path.slice(folderOf(file.path).length);
  if (file.bytes > MAX_JSON_BYTES) {
    if (!isCalled) return undefined;
    throw new UnusableModel(`${name} is too long to be that of a model (${file.bytes} bytes).`);
  }
  try {
    const json: unknown = JSON.parse(await (await file.blob()).text());
    // Not that of tfjs, and its name promises it: what it is instead is worth telling.
    return isCalled && !isModelJson(json) ? readModelJson(json, name) && undefined : json;
  } catch (error) {
    if (!isCalled) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnusableModel(`${name} is not JSON (${error.message}). Get the model anew, or choose another.`);
  }
}
