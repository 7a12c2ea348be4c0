// Downloads against a server that plays the hub: each of its faults ends in a message that names the file, the reason and what to
// do, leaves nothing half in the store, leaves the model that was there, and is mended by loading again.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DownloadFailed } from '../../src/models/hub/errors.ts';
import { hubFiles } from '../../src/models/hub/hub-files.ts';
import { hubOrigin, installModel } from '../../src/models/hub/install.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import type { ModelStore } from '../../src/models/store/model-store.ts';
import { openWeights } from '../../src/models/store/stored-weights.ts';
import { writeSafetensors } from '../../src/models/weights/write.ts';
import { type Fault, type PlayedHub, type PlayedRepository, playHub, sha256 } from '../hub-server.ts';

const ID = 'owner/tiny-clip';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
// Only the files that stall wait for it; on a busy machine an answer may take a few hundred milliseconds.
const IMPATIENCE = 700;

let hub: PlayedHub;
let store: ModelStore;

const weights = await safetensors({ 'a.weight': [1, 2, 3, 4], scale: [5] });
const files = new Map<string, Uint8Array>([
  ['README.md', text('# A model')],
  ['config.json', text('{"model_type":"clip"}')],
  ['preprocessor_config.json', text('{"size":224}')],
  ['tokenizer.json', text('{"model":{}}')],
  ['model.safetensors', weights],
  ['pytorch_model.bin', text('never asked for')],
]);
const repository: PlayedRepository = { id: ID, commit: COMMIT, files };

beforeEach(async () => {
  hub = await playHub(repository);
  store = createMemoryStore();
});
afterEach(() => hub.close());

async function install(options: { signal?: AbortSignal; patience?: number; revision?: string } = {}) {
  const { signal, revision } = options;
  const model = await hubFiles({ repository: ID, host: hub.address, signal, revision });
  return installModel(
    hubOrigin(model, { ...(options.patience !== undefined && { patience: options.patience }) }),
    store,
    options,
  );
}

const asked = (path: string) => hub.log.filter(({ line }) => line.endsWith(path)).length;

describe('a model that loads', () => {
  test('is whole, pinned to its commit, and readable', async () => {
    const stored = await install();
    expect(stored).toMatchObject({
      id: ID,
      revision: COMMIT,
      source: 'hub',
      address: `${hub.address}/${ID}`,
      complete: true,
    });
    expect(stored.files.map(({ path }) => path)).toEqual([
      'config.json',
      'preprocessor_config.json',
      'tokenizer.json',
      'model.safetensors',
    ]);
    for (const { path, bytes, sha256: sum } of stored.files) {
      const published = files.get(path) ?? new Uint8Array();
      expect([bytes, sum]).toEqual([published.length, sha256(published)]);
    }
    const opened = await store.open(ID);
    const checkpoint = await openWeights(['model.safetensors'], async (path) => opened?.file(path));
    expect([...(await checkpoint.floats('a.weight'))]).toEqual([1, 2, 3, 4]);
  });

  test('was asked for by plain GETs: whole, without cookies or a referrer, pinned, large files by way of another host', async () => {
    await install();
    const lines = hub.log.map(({ line }) => line);
    expect(lines).toEqual([
      `GET /api/models/${ID}/revision/main?blobs=true`,
      ...['config.json', 'preprocessor_config.json', 'tokenizer.json', 'model.safetensors'].map(
        (path) => `GET /${ID}/resolve/${COMMIT}/${path}`,
      ),
      'GET cdn/model.safetensors',
    ]);
    for (const { headers } of hub.log) {
      expect(headers).not.toHaveProperty('range');
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('referer');
      expect(headers).not.toHaveProperty('authorization');
    }
  });

  test('asks the browser for just that', async () => {
    const seen: RequestInit[] = [];
    const fetch = (url: string, options: RequestInit) => {
      seen.push(options);
      return globalThis.fetch(url, options);
    };
    const model = await hubFiles({ repository: ID, host: hub.address, fetch });
    await installModel(hubOrigin(model, { fetch }), store);
    for (const options of seen) {
      expect(options).toMatchObject({ method: 'GET', referrerPolicy: 'no-referrer', credentials: 'omit' });
      expect(options.headers).toBeUndefined();
    }
    expect(seen).toHaveLength(5);
  });

  test('tells its progress in bytes over all files', async () => {
    const seen: [number, number][] = [];
    const model = await hubFiles({ repository: ID, host: hub.address });
    await installModel(hubOrigin(model), store, { onProgress: (done, total) => seen.push([done, total]) });
    const last = seen.at(-1) ?? [0, 0];
    expect(last[0]).toBe(model.bytes);
    expect(new Set(seen.map(([, total]) => total))).toEqual(new Set([model.bytes]));
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
  });

  test('is not loaded twice', async () => {
    await install();
    hub.log.length = 0;
    await install();
    expect(hub.log.map(({ line }) => line)).toEqual([`GET /api/models/${ID}/revision/main?blobs=true`]);
  });
});

describe('a fault names the file, the reason and what to do; the store stays clean; loading again mends it', () => {
  const host = /127\.0\.0\.1:\d+/;
  const flipped = weights.slice();
  flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
  const html = text('<!DOCTYPE html>\n<html><body>Sign in to the network</body></html>');
  const pointer = text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n');
  const cases: [string, Fault, string, RegExp][] = [
    [
      '404',
      { status: 404, code: 'EntryNotFound' },
      'not found',
      /is not on .* \(404 Not Found, EntryNotFound\)\. Check/,
    ],
    [
      '401',
      { status: 401, code: 'GatedRepo' },
      'refused',
      /was refused by .* \(401 Unauthorized, GatedRepo\)\. The model may/,
    ],
    ['403', { status: 403 }, 'refused', /was refused by .* \(403 Forbidden\)\. .*drop their folder here/],
    ['416', { status: 416 }, 'range refused', /asked for whole, and .* answered about a part.* \(416 /],
    ['206', { status: 206 }, 'range refused', /answered about a part of it \(206 /],
    ['429', { status: 429 }, 'too many requests', /was refused by .* for now \(429 .*Wait a few minutes/],
    ['503', { status: 503 }, 'server error', /has trouble of its own \(503 .*Try again/],
    ['418', { status: 418 }, 'unexpected answer', /was not given by .* \(418 /],
    ['cut off in the middle', { cutAfter: 40 }, 'cut off', /was cut off after \d+ bytes \(/],
    [
      'cut off silently',
      { endsAfter: 40 },
      'cut off',
      new RegExp(`was cut off after 40 of ${weights.length} bytes\\. Load`),
    ],
    ['no bytes at all', { endsAfter: 0 }, 'cut off', /was cut off after 0 of/],
    ['nothing more comes', { stallsAfter: 40 }, 'stalled', /was given up: nothing more came after 40 bytes/],
    ['no answer comes', { stallsAfter: 0 }, 'stalled', /was given up: no answer came/],
    ['too short', { instead: weights.slice(1) }, 'cut off', /was cut off after/],
    [
      'too long',
      { instead: text('x'.repeat(weights.length + 1)) },
      'wrong size',
      /is longer than the \d+ bytes it should have/,
    ],
    [
      'another checksum',
      { instead: flipped },
      'wrong checksum',
      /is not the file that was published \(its SHA-256 differs\)/,
    ],
    ['a web page', { instead: html }, 'web page', /is a web page in the place of the file.*sign-in/],
    ['a web page, said so', { instead: text('Hello'), type: 'text/html' }, 'web page', /is a web page/],
    ['a pointer', { instead: pointer }, 'pointer', /is not the file but a Git LFS pointer/],
    ['a redirect without end', { loop: true }, 'unreachable', /could not be reached \(.*redirect/],
  ];
  test.each(cases)('%s', async (_, fault, kind, message) => {
    const stalls = fault.stallsAfter !== undefined;
    if (stalls) {
      // So that the other files are there already, and are not waited for with so little patience.
      hub.faults.set('model.safetensors', { status: 404 });
      await expect(install()).rejects.toThrow(DownloadFailed);
    }
    hub.faults.set('model.safetensors', fault);
    const failure: unknown = await install(stalls ? { patience: IMPATIENCE } : {}).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DownloadFailed);
    expect(failure).toMatchObject({ fault: kind, file: 'model.safetensors' });
    const said = failure instanceof Error ? failure.message : '';
    expect(said).toMatch(/^model\.safetensors .*[.)] [A-Z].*\.$/s);
    expect(said).toMatch(message);
    if (!/cut off|given up|longer|published|pointer/.test(said)) expect(said).toMatch(host);
    // Nothing half: no model, and of the unfinished one only the files that are complete.
    expect(await store.open(ID)).toBeUndefined();
    const [unfinished, ...others] = await store.list();
    expect(others).toEqual([]);
    expect(unfinished?.complete).toBe(false);
    expect(unfinished?.files.map(({ path }) => path)).toEqual([
      'config.json',
      'preprocessor_config.json',
      'tokenizer.json',
    ]);

    hub.faults.clear();
    hub.log.length = 0;
    expect((await install()).complete).toBe(true);
    expect([asked('/config.json'), asked('cdn/model.safetensors')]).toEqual([0, 1]);
    expect((await store.list()).map(({ complete }) => complete)).toEqual([true]);
  });

  test('a server that is not there', async () => {
    const address = hub.address;
    await hub.close();
    await expect(hubFiles({ repository: ID, host: address })).rejects.toThrow(
      /^The list of files of owner\/tiny-clip could not be reached \(127\.0\.0\.1:\d+: .*ECONNREFUSED.*\)\. Check the connection/,
    );
    hub = await playHub(repository);
  });

  test('a slow one loads, for as long as something comes', async () => {
    hub.faults.set('model.safetensors', { slow: 20 });
    expect((await install()).complete).toBe(true);
  });

  test('a slow one can be stopped, and leaves nothing half', async () => {
    hub.faults.set('model.safetensors', { stallsAfter: 40 });
    const stop = new AbortController();
    const model = await hubFiles({ repository: ID, host: hub.address });
    const loading = installModel(hubOrigin(model), store, {
      signal: stop.signal,
      onProgress: (_, __, what) => {
        if (what === 'Downloading model.safetensors') stop.abort();
      },
    });
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    expect(await store.open(ID)).toBeUndefined();
    expect((await store.list()).flatMap(({ files }) => files.map(({ path }) => path))).not.toContain(
      'model.safetensors',
    );
  });

  test('the model that was there stays', async () => {
    await install();
    await hub.close();
    const newer = await safetensors({ 'a.weight': [9, 9, 9, 9], scale: [5] });
    const commit = COMMIT.replace('0', 'f');
    hub = await playHub({ ...repository, commit, files: new Map([...files, ['model.safetensors', newer]]) });
    hub.faults.set('model.safetensors', { cutAfter: 10 });
    await expect(install()).rejects.toThrow(DownloadFailed);
    const before = await store.open(ID);
    expect(before?.model.revision).toBe(COMMIT);
    expect(new Uint8Array((await (await before?.file('model.safetensors'))?.arrayBuffer()) ?? [])).toEqual(
      weights,
    );

    hub.faults.clear();
    await install();
    expect((await store.list()).map(({ revision, complete }) => [revision, complete])).toEqual([
      [commit, true],
    ]);
  });
});

describe('files that came and are no model', () => {
  test.each([
    [
      'weights whose header is broken',
      'model.safetensors',
      text(`${'x'.repeat(8)}{}`),
      /^model\.safetensors cannot be used as weights/,
    ],
    [
      'settings that are no JSON',
      'config.json',
      text('model: clip'),
      /^config\.json is not JSON \(it begins with "model: clip"\)/,
    ],
  ])('%s', async (_, path, bytes, message) => {
    await hub.close();
    hub = await playHub({ ...repository, files: new Map([...files, [path, bytes]]) });
    await expect(install()).rejects.toThrow(message);
    expect(await store.list()).toEqual([]);
  });

  test('another kind of network is told by its settings, before its weights come', async () => {
    await hub.close();
    const config = text('{"model_type":"t5"}');
    hub = await playHub({ ...repository, files: new Map([...files, ['config.json', config]]) });
    await expect(install()).rejects.toThrow(/is a "t5", which cannot be run here\. What can: CLIPs/);
    expect([asked('/model.safetensors'), await store.list()]).toEqual([0, []]);
  });
});

describe('a server without a list of files', () => {
  beforeEach(async () => {
    await hub.close();
    hub = await playHub({ ...repository, listed: false });
  });

  test('is asked for each; a branch stays unpinned, and its files are not mixed with those of another day', async () => {
    const model = await hubFiles({ repository: ID, host: hub.address });
    expect(model).toMatchObject({ revision: 'main', pinned: false, bytes: undefined });
    expect(model.files.map(({ path }) => path)).toEqual([
      'config.json',
      'preprocessor_config.json',
      'tokenizer.json',
      'model.safetensors',
    ]);
    hub.faults.set('model.safetensors', { cutAfter: 10 });
    await expect(install()).rejects.toThrow(/was cut off/);
    hub.faults.clear();
    hub.log.length = 0;
    await install();
    // Once to see whether it is there, once for its content.
    expect(asked('/main/config.json')).toBe(2);
  });

  test('a commit is a commit', async () => {
    const model = await hubFiles({ repository: ID, revision: COMMIT, host: hub.address });
    expect(model.pinned).toBe(true);
  });

  test('weights that end early, of unknown size, are noticed by their header', async () => {
    hub.faults.set('model.safetensors', { endsAfter: weights.length - 3 });
    await expect(install()).rejects.toThrow(
      /^model\.safetensors cannot be used as weights: "scale" ends at byte/,
    );
    expect(await store.list()).toEqual([]);
  });

  test('a repository that is not there', async () => {
    await expect(hubFiles({ repository: 'owner/none', host: hub.address })).rejects.toMatchObject({
      fault: 'refused',
    });
  });

  test('shards come from the index', async () => {
    await hub.close();
    const first = await safetensors({ a: [1] });
    const second = await safetensors({ b: [2] });
    const index = { weight_map: { a: 'model-1-of-2.safetensors', b: 'model-2-of-2.safetensors' } };
    const sharded = new Map<string, Uint8Array>([
      ['config.json', text('{"model_type":"clip"}')],
      ['tokenizer.json', text('{"model":{}}')],
      ['model.safetensors.index.json', text(JSON.stringify(index))],
      ['model-1-of-2.safetensors', first],
      ['model-2-of-2.safetensors', second],
    ]);
    for (const listed of [false, true]) {
      hub = await playHub({ ...repository, files: sharded, listed });
      const stored = await install();
      expect(stored.files.map(({ path }) => path)).toEqual([...sharded.keys()]);
      const opened = await store.open(ID);
      const checkpoint = await openWeights([...sharded.keys()], async (path) => opened?.file(path));
      expect([...(await checkpoint.floats('b'))]).toEqual([2]);
      if (!listed) await hub.close();
    }
  });
});

describe('what the hub says of a model', () => {
  test('sizes and checksums go with each file; what the caller knows goes first', async () => {
    const known = [{ path: 'config.json', bytes: 1, sha256: 'f'.repeat(64) }];
    const model = await hubFiles({ repository: ID, host: hub.address, known });
    expect(model).toMatchObject({ id: ID, revision: COMMIT, pinned: true });
    expect(model.files.find(({ path }) => path === 'config.json')).toMatchObject(known[0] ?? {});
    expect(model.files.find(({ path }) => path === 'model.safetensors')).toMatchObject({
      bytes: weights.length,
      sha256: sha256(weights),
      url: `${hub.address}/${ID}/resolve/${COMMIT}/model.safetensors`,
    });
    await expect(installModel(hubOrigin(model), store)).rejects.toThrow(
      'config.json is longer than the 1 bytes',
    );
  });

  test.each([
    [
      'a model that is not there',
      { repository: 'owner/none' },
      /refused by .* \(401 Unauthorized, RepoNotFound\)/,
    ],
    ['a version that is not there', { repository: ID, revision: 'v2' }, /is not on .*RevisionNotFound/],
    ['no id', { repository: '../../etc' }, /"\.\.\/\.\.\/etc" is no model on the hub\. It should read like/],
    ['a revision that leads elsewhere', { repository: ID, revision: '../main' }, /is no version of a model/],
    ['no host', { repository: ID, host: 'file:///etc' }, /is no address of a hub/],
  ])('%s', async (_, request, message) => {
    await expect(hubFiles({ host: hub.address, ...request })).rejects.toThrow(message);
  });

  test('a model that asks for a sign-in', async () => {
    await hub.close();
    hub = await playHub({ ...repository, gated: true });
    await expect(hubFiles({ repository: ID, host: hub.address })).rejects.toThrow(
      /accepted its terms.*drop its folder here/,
    );
  });

  /** The hub's list with something changed in it. */
  const changed = (change: (text: string) => string) => async (url: string, options: RequestInit) => {
    const response = await fetch(url.replace('f'.repeat(40), COMMIT), options);
    return url.includes('/api/') ? new Response(change(await response.text())) : response;
  };

  test('hashes in capitals are the same hashes', async () => {
    const inCapitals = changed((text) => text.replace(/[0-9a-f]{40,64}/g, (hash) => hash.toUpperCase()));
    const request = { repository: ID, host: hub.address, fetch: inCapitals };
    const model = await hubFiles({ ...request, revision: COMMIT.toUpperCase() });
    expect(model).toMatchObject({ revision: COMMIT, pinned: true });
    const sums = model.files.flatMap(({ sha256: sum }) => sum ?? []);
    expect(sums).toEqual([sha256(weights)]);
  });

  test('another commit than was asked for', async () => {
    const request = { repository: ID, host: hub.address, revision: 'f'.repeat(40) };
    await expect(hubFiles({ ...request, fetch: changed((text) => text) })).rejects.toThrow(
      new RegExp(`answered about ${ID} as of ${COMMIT}, and f{40} was asked for`),
    );
  });

  test('settings that are too long to be parsed', async () => {
    const long = changed((text) => text.replace(/("rfilename":"config.json","size":)\d+/, '$150000001'));
    const model = await hubFiles({ repository: ID, host: hub.address, fetch: long });
    await expect(installModel(hubOrigin(model), store)).rejects.toThrow(
      'config.json is too long to be that of a model (50000001 bytes)',
    );
    expect(asked('/config.json')).toBe(0);
    expect(await store.list()).toEqual([]);
  });

  test('an answer that leaves encryption behind', async () => {
    const onward = async () =>
      Object.defineProperty(new Response('{}'), 'url', { value: 'http://elsewhere.example/x' });
    await expect(hubFiles({ repository: ID, host: 'https://hub.example', fetch: onward })).rejects.toThrow(
      'was to come encrypted, and hub.example sends on to elsewhere.example without',
    );
  });

  test('a list that does not come', async () => {
    const fetch = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const request = { repository: ID, host: hub.address, patience: 100, fetch };
    await expect(hubFiles(request)).rejects.toThrow(
      /^The list of files of owner\/tiny-clip was given up: no answer came/,
    );
    const stop = new AbortController();
    const asking = hubFiles({ ...request, signal: stop.signal });
    stop.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('a list that is refused', async () => {
    hub.faults.set('api', { status: 503 });
    await expect(hubFiles({ repository: ID, host: hub.address })).rejects.toMatchObject({
      fault: 'server error',
    });
  });
});

async function safetensors(values: Record<string, number[]>): Promise<Uint8Array<ArrayBuffer>> {
  const tensors = Object.entries(values).map(([name, list]) => ({
    name,
    dtype: 'F32' as const,
    shape: [list.length],
    bytes: async () => new Uint8Array(new Float32Array(list).buffer),
  }));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(tensors)) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function text(content: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(content));
}
