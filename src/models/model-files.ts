/** Fetches the model's files with progress, checks them against the manifest, and keeps them for offline use. */
import type { Job } from '../common/job.ts';
import { type Manifest, type ModelFile, manifestSchema } from './manifest.ts';

/** A file of the model that could not be had: which, why, and what to do. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError';
}

export interface ModelFiles {
  readonly manifest: Manifest;
  readonly contents: Readonly<Record<ModelFile, ArrayBuffer>>;
}

const CACHE = 'nearfield-models';
const RETRY = 'It is asked for again when it is next needed.';

/**
 * The manifest and every file in it, from the browser's cache where that has them, else from `baseUrl`.
 *
 * @param baseUrl the folder of manifest.json, absolute, with the slash at its end
 * @param job progress is in bytes over all files
 * @throws {ModelLoadError} naming the file: not reached, refused, cut off, or not what the manifest promises
 */
export async function loadModelFiles(baseUrl: string, job: Job = {}): Promise<ModelFiles> {
  const cache = await openCache();
  const manifest = await fetchManifest(baseUrl, job.signal);
  const roles = Object.keys(manifest.files) as ModelFile[];
  const total = roles.reduce((sum, role) => sum + manifest.files[role].bytes, 0);
  let done = 0;
  const contents: Partial<Record<ModelFile, ArrayBuffer>> = {};
  for (const role of roles) {
    const { path, bytes } = manifest.files[role];
    contents[role] = await loadFile(baseUrl, manifest.files[role], cache, {
      signal: job.signal,
      onProgress: (read) => job.onProgress?.(done + read, total, `Loading ${path}`),
    });
    done += bytes;
    job.onProgress?.(done, total, `Loading ${path}`);
  }
  const { image, text, joint, labels, tokenizer } = contents;
  if (!image || !text || !joint || !labels || !tokenizer)
    throw new ModelLoadError('The model is incomplete.');
  await forgetOthers(baseUrl, manifest, cache);
  return { manifest, contents: { image, text, joint, labels, tokenizer } };
}

/**
 * The manifest from the network, so that a new model is noticed; from the cache where there is no network. Its `key` says which
 * model made an embedding, before the model itself is loaded.
 *
 * @param baseUrl as for {@link loadModelFiles}
 */
export async function fetchManifest(
  baseUrl: string = modelFolder(),
  signal?: AbortSignal,
): Promise<Manifest> {
  const cache = await openCache();
  const url = `${baseUrl}manifest.json`;
  try {
    const response = await request(url, 'manifest.json', signal);
    const text = await response.text();
    // Also what answers may be wrong: a network's login page, say.
    const manifest = parseManifest(text);
    await keep(cache, url, new Response(text));
    return manifest;
  } catch (error) {
    if (signal?.aborted) throw error;
    const kept = await cache?.match(url);
    if (!kept) throw error;
    return parseManifest(await kept.text());
  }
}

function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ModelLoadError(
      `manifest.json is not JSON (it begins with ${JSON.stringify(text.slice(0, 20))}). ${RETRY}`,
    );
  }
  const manifest = manifestSchema.safeParse(json);
  if (manifest.success) return manifest.data;
  const where = manifest.error.issues[0]?.path.join('.') ?? '';
  throw new ModelLoadError(
    `manifest.json is not a manifest of this version of Nearfield (at "${where}"). ${RETRY}`,
  );
}

/** The folder of the model that ships with the app, or another, as an absolute address. For the page, not for workers. */
export function modelFolder(relative = 'models/'): string {
  return new URL(relative, document.baseURI).href;
}

async function loadFile(
  baseUrl: string,
  file: Manifest['files'][ModelFile],
  cache: Cache | undefined,
  job: { signal: AbortSignal | undefined; onProgress: (read: number) => void },
): Promise<ArrayBuffer> {
  // The checksum is in the key, so that a file of an older model is never taken for this one.
  const url = `${baseUrl}${file.path}?sha256=${file.sha256}`;
  const kept = await cache?.match(url);
  if (kept) {
    const buffer = await kept.arrayBuffer();
    if ((await faultOf(buffer, file)) === undefined) return buffer;
    await cache?.delete(url);
  }
  const response = await request(`${baseUrl}${file.path}`, file.path, job.signal);
  const buffer = await readBody(response, file, job);
  const fault = await faultOf(buffer, file);
  if (fault) throw new ModelLoadError(`${file.path} ${fault}. ${RETRY}`);
  await keep(cache, url, new Response(buffer));
  return buffer;
}

async function request(url: string, path: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-cache', signal: signal ?? null });
  } catch (error) {
    signal?.throwIfAborted();
    throw new ModelLoadError(
      `${path} could not be reached (${reasonOf(error)}). Check the connection and reload the page.`,
    );
  }
  if (!response.ok) {
    throw new ModelLoadError(
      `${path} was refused by the server (${response.status} ${response.statusText}). ${RETRY}`,
    );
  }
  return response;
}

async function readBody(
  response: Response,
  { path, bytes }: Manifest['files'][ModelFile],
  { signal, onProgress }: { signal: AbortSignal | undefined; onProgress: (read: number) => void },
): Promise<ArrayBuffer> {
  const buffer = new Uint8Array(bytes);
  let read = 0;
  try {
    for await (const chunk of response.body ?? []) {
      if (read + chunk.length > bytes) {
        throw new ModelLoadError(
          `${path} is longer than the ${bytes} bytes that the manifest promises. ${RETRY}`,
        );
      }
      buffer.set(chunk, read);
      read += chunk.length;
      onProgress(read);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ModelLoadError) throw error;
    throw new ModelLoadError(
      `${path} was cut off after ${read} of ${bytes} bytes (${reasonOf(error)}). ${RETRY}`,
    );
  }
  if (read < bytes) throw new ModelLoadError(`${path} was cut off after ${read} of ${bytes} bytes. ${RETRY}`);
  return buffer.buffer;
}

/** What is wrong with the bytes, if anything. Without crypto.subtle (a page not served securely) only the size is checked. */
async function faultOf(
  buffer: ArrayBuffer,
  { bytes, sha256 }: Manifest['files'][ModelFile],
): Promise<string | undefined> {
  if (buffer.byteLength !== bytes) return `has ${buffer.byteLength} bytes, not ${bytes}`;
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', buffer));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return found === sha256 ? undefined : 'does not have the checksum that the manifest promises';
}

async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(CACHE);
  } catch {
    // Storage can be switched off (private windows, sandboxed frames): the model then loads anew each time.
    return undefined;
  }
}

async function keep(cache: Cache | undefined, url: string, response: Response): Promise<void> {
  try {
    await cache?.put(url, response);
  } catch {
    // A full disk costs the offline copy, not the model.
  }
}

/** Drops files of models that this one has replaced. */
async function forgetOthers(baseUrl: string, manifest: Manifest, cache: Cache | undefined): Promise<void> {
  const current = new Set(
    Object.values(manifest.files).map(({ path, sha256 }) => `${baseUrl}${path}?sha256=${sha256}`),
  );
  for (const { url } of (await cache?.keys()) ?? []) {
    if (url.startsWith(baseUrl) && url.includes('?sha256=') && !current.has(url)) await cache?.delete(url);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
