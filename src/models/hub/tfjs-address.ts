/** tfjs models by the address of their `model.json`, on any server that lets pages read it. */
import { Sha256 } from '../../common/sha256.ts';
import { UnusableModel } from '../errors.ts';
import type { FileSink } from '../store/model-store.ts';
import { MODEL_JSON, readModelJson, TFJS_COMPANIONS, type TfjsModel } from '../tfjs/model-json.ts';
import { MAX_JSON_BYTES } from './content.ts';
import { downloadFile } from './download.ts';
import { DownloadFailed, type DownloadFault } from './errors.ts';
import type { ModelOrigin, OriginFile } from './install.ts';
import { type Ask, receiveText } from './receive.ts';

/** What servers answer for a file that they have not: some without leave to read the answer, some with a page. */
const ABSENT: readonly DownloadFault[] = ['not found', 'refused', 'unreachable', 'web page'];

const MAX_SETTINGS_BYTES = 100_000;

/**
 * Asks for a model's description and learns from it which files of weights belong to it; they are beside it. What follows a `?` in the
 * address is asked for with each file, as TensorFlow Hub wants it.
 *
 * @param address of a `model.json`, or whatever it is called there
 * @throws {UnusableModel} when it is no address that is asked, or what is there is not JSON
 * @throws {InvalidModelFile} when it is no tfjs model's description
 * @throws {DownloadFailed} when it does not come
 */
export async function tfjsOrigin(address: string, ask: Ask): Promise<ModelOrigin> {
  const url = checkAddress(address);
  const file = decode(url.pathname.split('/').at(-1) ?? '');
  const text = await receiveText({ file, url: url.href }, ask, MAX_JSON_BYTES);
  const model = readModelJson(parse(text, file), file);
  const small = new Map([[MODEL_JSON, text]]);
  for (const path of TFJS_COMPANIONS) {
    const found = await receiveText({ file: path, url: beside(url, path) }, ask, MAX_SETTINGS_BYTES).catch(
      (error: unknown) => {
        if (error instanceof DownloadFailed && ABSENT.includes(error.fault)) return undefined;
        throw error;
      },
    );
    if (found !== undefined && isJson(found)) small.set(path, found);
  }
  const files = [
    ...Array.from(small, ([path, content]) => written(path, content)),
    ...shardsOf(model, url, ask),
  ];
  return {
    description: {
      id: nameOf(url),
      revision: 'unpinned',
      source: 'hub',
      address: url.href,
      precision: 'as published',
    },
    files,
    bytes: files.slice(0, small.size).reduce((sum, { bytes = 0 }) => sum + bytes, model.bytes),
  };
}

/** Without a password in it, and encrypted unless it stays on this machine. */
function checkAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isHere = url && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (
    !url ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) ||
    url.username ||
    url.password
  ) {
    throw new UnusableModel(
      `${JSON.stringify(address.slice(0, 100))} is no address of a model. It should begin with https:// and lead to a model.json.`,
    );
  }
  url.hash = '';
  // A page of the hub about the file, as it is copied from the browser's address bar.
  if (/^(?:www\.)?(?:huggingface\.co|hf\.co)$/.test(url.hostname))
    url.pathname = url.pathname.replace(/^(\/[^/]+\/[^/]+)\/(?:blob|raw)\//, '$1/resolve/');
  return url;
}

function shardsOf({ groups }: TfjsModel, url: URL, ask: Ask): OriginFile[] {
  return groups.flatMap(({ paths, bytes, exact }) =>
    paths.map((path): OriginFile => {
      // Of several files of one run it is known what they have together.
      const expectedBytes = exact && paths.length === 1 ? bytes : undefined;
      const from = beside(url, path);
      return {
        path,
        bytes: expectedBytes,
        lasting: false,
        copy: (sink, job) => downloadFile({ ...ask, ...job, url: from, file: path, expectedBytes }, sink),
      };
    }),
  );
}

/** The address of a file in the description's folder, or in one within that. */
function beside({ origin, pathname, search }: URL, path: string): string {
  const folder = pathname.slice(0, pathname.lastIndexOf('/') + 1);
  return `${origin}${folder}${path.split('/').map(encodeURIComponent).join('/')}${search}`;
}

/** A file whose content is here already. */
function written(path: string, content: string): OriginFile {
  const bytes = new Uint8Array(new TextEncoder().encode(content));
  return {
    path,
    bytes: bytes.length,
    lasting: false,
    copy: async (sink: FileSink) => {
      try {
        const hash = new Sha256();
        hash.update(bytes);
        await sink.write(bytes);
        await sink.close({ bytes: bytes.length, sha256: hash.hex() });
      } catch (error) {
        await sink.abort();
        throw error;
      }
    },
  };
}

/** Host and folder; and the file, where it is called something of its own. */
function nameOf({ host, pathname }: URL): string {
  return decode(`${host}${pathname}`).replace(/\/model\.json$|\.json$/, '');
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new UnusableModel(`${file} is not JSON (${reason}). Check the address, or choose another model.`);
  }
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
