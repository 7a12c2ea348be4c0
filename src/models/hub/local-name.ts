import { Sha256 } from '../../common/sha256.ts';
import type { StoredModel } from '../store/model-store.ts';
import type { LocalFile, LocalModel } from './local-files.ts';

/** For files that say nothing of their name. */
const UNKNOWN = 'My model';

/** A name is to be read in a list. */
const LONGEST = 60;

/** Large enough to be quick, small enough that memory does not matter. */
const PART_BYTES = 2 ** 22;

/**
 * The model under a name of its own: its folder's, for loose files the one that its settings give, with a number where another model is
 * kept under that already. A model of the very same content keeps its name, for it takes the place of its own copy.
 *
 * @param stored what is kept now, unfinished ones too
 * @param reserved names that no model may have
 */
export async function nameLocalModel(
  model: LocalModel,
  stored: readonly StoredModel[],
  reserved: readonly string[] = [],
): Promise<LocalModel> {
  const wished = model.loose ? ((await nameInSettings(model.files)) ?? UNKNOWN) : model.name;
  for (let number = 1; ; number++) {
    const name = number === 1 ? wished : `${wished} ${number}`;
    if (!reserved.includes(name) && (await isFree(name, model, stored))) return { ...model, name };
  }
}

async function isFree(name: string, { files }: LocalModel, stored: readonly StoredModel[]): Promise<boolean> {
  for (const other of stored.filter(({ id }) => id === name)) {
    // The remains of an attempt that was interrupted are of no use to anyone but the next attempt.
    if (other.source === 'files' && !other.complete) continue;
    if (!(await isSame(other, files))) return false;
  }
  return true;
}

/** Whether these very files are what is stored. Only files of equal sizes are read. */
async function isSame({ source, files: stored }: StoredModel, files: readonly LocalFile[]): Promise<boolean> {
  if (source !== 'files' || stored.length !== files.length) return false;
  const pairs = files.map((file) => ({ file, other: stored.find(({ path }) => path === file.path) }));
  if (!pairs.every(({ file, other }) => other?.bytes === file.bytes)) return false;
  for (const { file, other } of pairs) if ((await hashOf(file)) !== other?.sha256) return false;
  return true;
}

/** In hex; undefined for a file that cannot be read, which is told when it is stored. */
async function hashOf(file: LocalFile): Promise<string | undefined> {
  try {
    const blob = await file.blob();
    const hash = new Sha256();
    for (let at = 0; at < blob.size; at += PART_BYTES) {
      hash.update(new Uint8Array(await blob.slice(at, at + PART_BYTES).arrayBuffer()));
    }
    return hash.hex();
  } catch {
    return undefined;
  }
}

/** What config.json says the model was saved from, without the owner or the folders before it; else the name of its network. */
async function nameInSettings(files: readonly LocalFile[]): Promise<string | undefined> {
  const config = files.find(({ path }) => path === 'config.json');
  try {
    const settings: Partial<Record<string, unknown>> = JSON.parse(
      (await (await config?.blob())?.text()) ?? '',
    );
    const { _name_or_path: origin, architectures, model_type: type } = settings;
    const [network] = Array.isArray(architectures) ? architectures : [];
    const named = typeof origin === 'string' ? origin.split(/[/\\]/).filter(Boolean).at(-1) : undefined;
    return [named, network, type].map(legible).find((name) => name !== undefined);
  } catch {
    // That the settings cannot be read is told when they are stored.
    return undefined;
  }
}

/** Letters, digits and what stands between them; undefined where nothing of the kind is there. */
function legible(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const plain = text
    .replace(/[^\p{L}\p{N}._ -]/gu, '')
    .trim()
    .slice(0, LONGEST);
  return /[\p{L}\p{N}]/u.test(plain) ? plain : undefined;
}
