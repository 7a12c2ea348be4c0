import { UnusableModel } from '../errors.ts';

/** Where the hub is; a mirror takes its place. */
export const HUB = 'https://huggingface.co';

export interface Repository {
  /** `owner/name`, or a bare name for the hub's oldest models. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

// As huggingface_hub's validate_repo_id has it: letters, digits, - _ . inside each part.
const PART = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;
const REVISION = /^[A-Za-z0-9_][\w./-]{0,199}$/;
const COMMIT = /^[0-9a-f]{40}$/;
const MAX_PATH_LENGTH = 255;

/** True for the hash of a commit, which names one version for good; branches and tags can move. */
export function isCommit(revision: string): boolean {
  return COMMIT.test(revision);
}

/** A revision as it is asked for and compared: the hub writes commits in small letters. */
export function plainRevision(revision: string): string {
  const small = revision.toLowerCase();
  return isCommit(small) ? small : revision;
}

/**
 * Reads what a person typed or pasted: `owner/name`, `owner/name@revision`, or the address of the model's page.
 *
 * @throws {UnusableModel} when it is no repository id, or has characters that have no place in one
 */
export function parseRepository(text: string): Repository {
  const typed = text.trim();
  const page = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/+([^?#]*)/i.exec(typed);
  let [id = '', revision = 'main'] = typed.split('@');
  if (page) {
    const [owner = '', name = '', kind = '', version = 'main'] = (page[1] ?? '').split('/').filter(Boolean);
    id = name === '' ? owner : `${owner}/${name}`;
    revision = /^(?:tree|blob|resolve|raw|commit)$/.test(kind) ? decode(version) : 'main';
  }
  checkRepository({ id, revision });
  return { id, revision };
}

/** True for the address of a tfjs model's description. Of addresses on the hub only that of a `model.json`: others mean a repository. */
export function isModelAddress(text: string): boolean {
  const [, host = '', file = ''] =
    /^https?:\/\/([^/?#]+)\/(?:[^?#]*\/)?([^/?#]+\.json)(?:[?#]|$)/i.exec(text.trim()) ?? [];
  return file !== '' && (file === 'model.json' || !/^(?:www\.)?(?:huggingface\.co|hf\.co)$/i.test(host));
}

/** @throws {UnusableModel} when the id or the revision is none, before it is put into an address */
export function checkRepository({ id, revision }: Repository): void {
  const parts = id.split('/');
  const isId = parts.length <= 2 && parts.every((part) => PART.test(part)) && !/--|\.\.|\.git$/.test(id);
  if (!isId) {
    throw new UnusableModel(
      `${quote(id)} is no model on the hub. It should read like "wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M": an owner and a name, of letters, digits, "-", "_" and ".".`,
    );
  }
  if (!REVISION.test(revision) || /\.\.|\/\/|\/$/.test(revision)) {
    throw new UnusableModel(
      `${quote(revision)} is no version of a model. It should be a branch such as "main", a tag, or the 40 digits of a commit.`,
    );
  }
}

/** True for a path inside a model's folder that leads nowhere else. */
export function isPlainPath(path: string): boolean {
  return (
    path.length <= MAX_PATH_LENGTH &&
    !/[\\\p{Cc}\p{Cs}]/u.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** The host's address without a slash at its end. @throws {UnusableModel} when it is no address of a web server */
export function checkHost(host: string): string {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  const isPlain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain)
    throw new UnusableModel(`${quote(host)} is no address of a hub. It should read like "${HUB}".`);
  return url.href.replace(/\/+$/, '');
}

/** Where a file of a repository is. The parts are checked by {@link checkRepository} and {@link isPlainPath}. */
export function fileAddress(host: string, { id, revision }: Repository, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${host}/${id}/resolve/${encodeURIComponent(revision)}/${encoded}`;
}

/** Where the hub lists a repository's files, with their sizes and checksums. */
export function listAddress(host: string, { id, revision }: Repository): string {
  return `${host}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
