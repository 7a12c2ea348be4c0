import { z } from 'zod';
import { UnusableModel } from '../errors.ts';
import { sourceOfBytes } from '../weights/byte-source.ts';
import { INDEX_SUFFIX, shardsOf } from '../weights/safetensors.ts';
import { CANDIDATES, checkpointFiles, weightsIndex } from './checkpoint-files.ts';
import { MAX_JSON_BYTES } from './content.ts';
import { DownloadFailed } from './errors.ts';
import { type Ask, receive, receiveText } from './receive.ts';
import {
  checkHost,
  checkRepository,
  fileAddress,
  HUB,
  isCommit,
  isPlainPath,
  listAddress,
  plainRevision,
  type Repository,
} from './repository.ts';
import type { Wanted } from './request.ts';

/** What is known of a file before it is downloaded. */
export interface KnownFile {
  readonly path: string;
  readonly bytes?: number | undefined;
  /** In hex. */
  readonly sha256?: string | undefined;
}

export interface HubFile extends KnownFile {
  readonly url: string;
}

/** The files that a model on the hub needs, and where they are. */
export interface HubModel {
  readonly id: string;
  /** The commit, where it could be learned; else what was asked for. */
  readonly revision: string;
  /** True when the revision names one version for good. */
  readonly pinned: boolean;
  /** Where a person can look at it. */
  readonly page: string;
  readonly files: readonly HubFile[];
  /** Of all files; undefined where the size of one is not known. */
  readonly bytes: number | undefined;
}

export interface HubRequest extends Ask {
  /** `owner/name`. */
  readonly repository: string;
  /** A commit (best), a branch or a tag. */
  readonly revision?: string | undefined;
  /** Another hub: a mirror, or a plain server of files in the same layout. */
  readonly host?: string | undefined;
  /** What the caller knows of files; goes before what the hub says. */
  readonly known?: readonly KnownFile[] | undefined;
}

// The lists of repositories with thousands of files have a few MB; an index of shards as much.
const MAX_LIST_BYTES = 20_000_000;

const sizeSchema = z.int().nonnegative().nullish().catch(undefined);
// https://huggingface.co/docs/hub/api: the files of a repository with their sizes, and SHA-256 for those in large file storage.
const listSchema = z.object({
  sha: z.string().optional(),
  gated: z.union([z.boolean(), z.string()]).optional(),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: sizeSchema,
      lfs: z
        .object({
          sha256: z
            .string()
            .toLowerCase()
            .regex(/^[0-9a-f]{64}$/),
          size: sizeSchema,
        })
        .nullish()
        .catch(undefined),
    }),
  ),
});

/**
 * Asks the hub which files a model has and picks those it needs, pinned to the commit that the revision is at now. A server that only
 * has the files, without the hub's list, is asked for each; then nothing is known of them, and a branch stays one (`pinned` is false).
 *
 * @throws {UnusableModel} when the repository id is none, access is restricted, another commit than the one asked for comes, or the model
 *   has no files that can be run
 * @throws {DownloadFailed} when the hub cannot be reached, or refuses
 */
export async function hubFiles(request: HubRequest): Promise<HubModel> {
  const { known = [], ...ask } = request;
  const host = checkHost(request.host ?? HUB);
  const repository: Repository = {
    id: request.repository,
    revision: plainRevision(request.revision ?? 'main'),
  };
  checkRepository(repository);
  const listed = await readList(host, repository, ask);
  const revision = listed?.commit ?? repository.revision;
  if (isCommit(repository.revision) && revision !== repository.revision) {
    throw new UnusableModel(
      `${host} answered about ${repository.id} as of ${revision}, and ${repository.revision} was asked for. Try again, or ask for another version.`,
    );
  }
  const at = { id: repository.id, revision };
  const candidates = listed?.files ?? (await probe(host, at, ask));
  const there = candidates.map(({ path }) => path);
  const index = weightsIndex(there);
  const paths =
    (await tfjsFiles(there, host, at, ask)) ??
    checkpointFiles(there, repository.id, index === undefined ? [] : await shardsIn(index, host, at, ask));
  const files = paths.map((path): HubFile => {
    const of = (list: readonly KnownFile[]) => list.find((one) => one.path === path);
    return {
      path,
      url: fileAddress(host, at, path),
      bytes: of(known)?.bytes ?? of(candidates)?.bytes,
      sha256: of(known)?.sha256 ?? of(candidates)?.sha256,
    };
  });
  return {
    id: repository.id,
    revision,
    pinned: isCommit(revision),
    page: `${host}/${repository.id}`,
    files,
    bytes: files.reduce<number | undefined>(
      (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
      0,
    ),
  };
}

/** Those of a tfjs model, where there is one and no weights as safetensors. Its shards are known from its description alone. */
async function tfjsFiles(
  paths: readonly string[],
  host: string,
  at: Repository,
  ask: Ask,
): Promise<string[] | undefined> {
  if (!paths.includes('model.json') || paths.some((path) => /^[^/]+\.safetensors$/.test(path)))
    return undefined;
  const wanted = { file: 'model.json', url: fileAddress(host, at, 'model.json') };
  const { tfjsPaths } = await import('./tfjs-files.ts');
  const { isModelJson, readModelJson } = await import('../tfjs/model-json.ts');
  const json = parse(await receiveText(wanted, ask, MAX_JSON_BYTES));
  if (!isModelJson(json)) return undefined;
  return [wanted.file, ...tfjsPaths(readModelJson(json), new Set(paths), wanted.file)];
}

/** The hub's list of files; undefined from a server that has none. */
async function readList(
  host: string,
  repository: Repository,
  ask: Ask,
): Promise<{ commit: string | undefined; files: readonly KnownFile[] } | undefined> {
  const wanted = { file: `The list of files of ${repository.id}`, url: listAddress(host, repository) };
  const text = await receiveText(wanted, ask, MAX_LIST_BYTES).catch((error: unknown) => {
    // The hub says in a header of its own that a repository or a revision is not there; a plain server does not.
    if (
      error instanceof DownloadFailed &&
      error.fault === 'not found' &&
      !/\w+NotFound/.test(error.message)
    ) {
      return undefined;
    }
    throw error;
  });
  const list = text === undefined ? undefined : listSchema.safeParse(parse(text));
  if (!list?.success) return undefined;
  const { sha, gated, siblings } = list.data;
  if (gated) {
    throw new UnusableModel(
      `${repository.id} is given only to people who signed in and accepted its terms, which this page cannot do. Download it by hand and drop its folder here, or choose another model.`,
    );
  }
  const files = siblings
    .filter(({ rfilename }) => isPlainPath(rfilename))
    .map(({ rfilename, size, lfs }) => ({
      path: rfilename,
      bytes: lfs?.size ?? size ?? undefined,
      sha256: lfs?.sha256,
    }));
  const commit = plainRevision(sha ?? '');
  return { commit: isCommit(commit) ? commit : undefined, files };
}

/** Which of the files that a model may need a plain server has. */
async function probe(host: string, repository: Repository, ask: Ask): Promise<KnownFile[]> {
  const files: KnownFile[] = [];
  const absent: DownloadFailed[] = [];
  for (const path of CANDIDATES) {
    const wanted = { file: path, url: fileAddress(host, repository, path) };
    try {
      if (path.endsWith(INDEX_SUFFIX)) {
        const shards = await shardsIn(path, host, repository, ask);
        files.push({ path }, ...shards.map((shard) => ({ path: shard })));
      } else {
        await isThere(wanted, ask);
        files.push({ path });
      }
    } catch (error) {
      if (!(error instanceof DownloadFailed) || error.fault !== 'not found') throw error;
      absent.push(error);
    }
  }
  const [first] = absent;
  // Not one of them: then it is not the files that are missing, but the model.
  if (files.length === 0 && first) throw first;
  return files;
}

/** The files of weights that an index names. */
async function shardsIn(path: string, host: string, at: Repository, ask: Ask): Promise<string[]> {
  const text = await receiveText({ file: path, url: fileAddress(host, at, path) }, ask, MAX_LIST_BYTES);
  return shardsOf(sourceOfBytes(new Uint8Array(new TextEncoder().encode(text)), path));
}

/** Asks for a file and takes none of it but the beginning. @throws {DownloadFailed} when it is not there */
async function isThere(wanted: Wanted, ask: Ask): Promise<void> {
  const enough = new Error('enough');
  await receive(wanted, ask, () => {
    throw enough;
  }).catch((error: unknown) => {
    if (error !== enough) throw error;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
