// Where tfjs models come from: folders, zips, loose files, repositories, and addresses with every fault of the playing hub.
import { readFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readZip } from '../../src/data/readers/zip.ts';
import { UnusableModel } from '../../src/models/errors.ts';
import { hubFiles } from '../../src/models/hub/hub-files.ts';
import { hubOrigin, installModel, localOrigin } from '../../src/models/hub/install.ts';
import { listLocalFiles, pickModel } from '../../src/models/hub/local-files.ts';
import { isModelAddress } from '../../src/models/hub/repository.ts';
import { tfjsOrigin } from '../../src/models/hub/tfjs-address.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import type { ModelStore, StoredModel } from '../../src/models/store/model-store.ts';
import { type Fault, type PlayedHub, playHub, sha256 } from '../hub-server.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const SHARDS = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
// Only the files that stall wait for it; on a busy machine an answer may take a few hundred milliseconds.
const IMPATIENCE = 700;

const graph = await read('graph', ['model.json', ...SHARDS]);
const layers = await read('layers', ['model.json', 'weights.bin']);
let store: ModelStore;

beforeEach(() => {
  store = createMemoryStore();
});

describe('a model is found in', () => {
  const settings = text('{"scale":"-1..1"}');
  const besides = {
    'README.md': text('# A model'),
    'other.bin': text('none of its'),
    'tokens/vocab.json': text('{}'),
  };
  const cases: [string, () => File[], string, string[]][] = [
    [
      'a folder',
      () => folder('bird finder/', { ...graph, ...besides }),
      'bird finder',
      ['model.json', ...SHARDS],
    ],
    ['a folder in a folder', () => folder('site/public/net/', graph), 'net', ['model.json', ...SHARDS]],
    ['a zip', () => [zip('net.zip', { ...graph, ...besides })], 'net', ['model.json', ...SHARDS]],
    ['a zip of a folder', () => [zip('x.zip', prefixed('net/', graph))], 'net', ['model.json', ...SHARDS]],
    ['loose files', () => folder('', graph), 'This set of files', ['model.json', ...SHARDS]],
    [
      'loose files as tfjs saves them, with settings',
      () =>
        folder('', {
          'my-net.json': layers['model.json'],
          'weights.bin': layers['weights.bin'],
          'nearfield.json': settings,
        }),
      'my-net',
      ['model.json', 'nearfield.json', 'weights.bin'],
    ],
  ];
  test.each(cases)('%s', async (_, files, name, paths) => {
    const picked = await pickModel(await listLocalFiles(files(), readZip));
    expect([picked.name, picked.files.map(({ path }) => path)]).toEqual([name, paths]);
    const stored = await installModel(localOrigin(picked), store);
    expect(stored).toMatchObject({ id: name, source: 'files', complete: true });
    expect((await (await store.open(name))?.file('model.json'))?.size).toBeGreaterThan(1000);
  });
});

describe('files are refused', () => {
  const cases: [string, Record<string, Bytes>, RegExp][] = [
    [
      'two models',
      { ...prefixed('a/', graph), ...prefixed('b/', layers) },
      /more than one model.*\(a\/model\.json and b\/model\.json\)/,
    ],
    [
      'a shard missing',
      without(graph, 'group1-shard2of2.bin'),
      /^model\.json names group1-shard2of2\.bin as a file of weights, which is not there\. Give it too/,
    ],
    [
      'a shard cut off',
      { ...graph, 'group1-shard1of2.bin': (graph['group1-shard1of2.bin'] ?? text('')).slice(0, 99) },
      /^group1-shard1of2\.bin to group1-shard2of2\.bin have 701 bytes, and model\.json says 1208/,
    ],
    ['broken JSON', { ...graph, 'model.json': text('{"modelTopology":') }, /^model\.json is not JSON/],
    [
      'Keras’s description',
      { 'model.json': text('{"class_name":"Functional","config":{}}') },
      /it is a Keras model’s description, without weights/,
    ],
    [
      'a way out of the folder',
      spoiled((json) => json.replace('"group1-shard1of2.bin"', '"../../secret"')),
      /it names "\.\.\/\.\.\/secret" as a file of weights/,
    ],
    [
      'settings that are not JSON',
      { ...graph, 'nearfield.json': text('scale: 1') },
      /^nearfield\.json is not JSON/,
    ],
    [
      'no model at all',
      { 'a.json': text('{}'), 'b.bin': text('') },
      /has its weights only as b\.bin|has no weights/,
    ],
  ];
  test.each(cases)('%s', async (_, files, message) => {
    const install = async () =>
      installModel(localOrigin(await pickModel(await listLocalFiles(folder('', files), readZip))), store);
    await expect(install()).rejects.toThrow(message);
    expect(await store.list()).toEqual([]);
  });

  test('safetensors go before a tfjs model beside them', async () => {
    const both = { ...graph, 'config.json': text('{"model_type":"clip"}'), 'model.safetensors': text('x') };
    const picked = await pickModel(await listLocalFiles(folder('both/', both), readZip));
    expect(picked.files.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors']);
  });
});

describe('from a server', () => {
  const ID = 'owner/net';
  const COMMIT = '0123456789abcdef0123456789abcdef01234567';
  const files = new Map<string, Uint8Array>(Object.entries({ ...graph, ...prefixed('tiny/', layers) }));
  let hub: PlayedHub;
  let folderAddress: string;
  beforeEach(async () => {
    hub = await playHub({ id: ID, commit: COMMIT, files });
    folderAddress = `${hub.address}/${ID}/resolve/main`;
  });
  afterEach(() => hub.close());

  const install = async (address: string, patience?: number): Promise<StoredModel> => {
    const ask = patience === undefined ? {} : { patience };
    return installModel(await tfjsOrigin(address, ask), store, { onProgress: (...at) => progress.push(at) });
  };
  const progress: [number, number, string][] = [];

  test('by address: whole, by plain GETs beside it, named for where it is', async () => {
    progress.length = 0;
    const stored = await install(`${folderAddress}/model.json`);
    const host = new URL(hub.address).host;
    expect(stored).toMatchObject({
      id: `${host}/${ID}/resolve/main`,
      revision: 'unpinned',
      source: 'hub',
      address: `${folderAddress}/model.json`,
      complete: true,
    });
    expect(stored.files.map(({ path, bytes, sha256 }) => [path, bytes, sha256])).toEqual(
      Object.entries(graph).map(([path, bytes]) => [path, bytes.length, digest(bytes)]),
    );
    expect(hub.log.map(({ line }) => line)).toEqual(
      ['model.json', 'nearfield.json', 'metadata.json', ...SHARDS].map(
        (path) => `GET /${ID}/resolve/main/${path}`,
      ),
    );
    for (const { headers } of hub.log) {
      expect(headers).not.toHaveProperty('range');
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('referer');
    }
    // The sum of the files is known from the description, though the size of each is not.
    expect(new Set(progress.map(([, total]) => total))).toEqual(new Set([stored.bytes]));
    expect(progress.at(-1)?.[0]).toBe(stored.bytes);
  });

  test('what follows the “?” goes with every file; a folder of its own name too; settings are taken', async () => {
    files.set('tiny/nearfield.json', text('{"scale":"-1..1"}'));
    const stored = await install(`${folderAddress}/tiny/model.json?tfjs-format=file#top`);
    files.delete('tiny/nearfield.json');
    expect(stored.id).toMatch(/\/owner\/net\/resolve\/main\/tiny$/);
    expect(stored.files.map(({ path }) => path)).toEqual(['model.json', 'nearfield.json', 'weights.bin']);
    for (const { line } of hub.log) expect(line).toMatch(/\?tfjs-format=file$/);
  });

  test('a repository on the hub: only what belongs to it, pinned', async () => {
    const model = await hubFiles({ repository: ID, host: hub.address });
    expect(model.files.map(({ path }) => path)).toEqual(['model.json', ...SHARDS]);
    const stored = await installModel(hubOrigin(model), store);
    expect(stored).toMatchObject({ id: ID, revision: COMMIT, complete: true });
  });

  const html = text('<!DOCTYPE html>\n<html><body>Sign in</body></html>');
  const [first = ''] = SHARDS;
  const faults: [string, string, Fault, RegExp][] = [
    ['no description', 'model.json', { status: 404 }, /^model\.json is not on .*404/],
    [
      'a page for it',
      'model.json',
      { instead: html, type: 'text/html' },
      /^model\.json is a web page in the place of the file/,
    ],
    ['no JSON', 'model.json', { instead: text('model: 1') }, /^model\.json is not JSON/],
    ['a description cut off', 'model.json', { cutAfter: 900 }, /^model\.json was cut off after 900 bytes/],
    ['half a description', 'model.json', { endsAfter: 900 }, /^model\.json is not JSON/],
    [
      'another format',
      'model.json',
      { instead: text('{"onnx":1}') },
      /it has no modelTopology and no weightsManifest/,
    ],
    ['a shard missing', first, { status: 404 }, /^group1-shard1of2\.bin is not on .*404/],
    ['a shard refused', first, { status: 403 }, /^group1-shard1of2\.bin was refused by .*403/],
    [
      'a page for a shard',
      first,
      { instead: html, type: 'text/html' },
      /^group1-shard1of2\.bin is a web page/,
    ],
    ['a page without its type', first, { instead: html }, /^group1-shard1of2\.bin is a web page/],
    ['a shard cut off', first, { cutAfter: 100 }, /^group1-shard1of2\.bin was cut off after 100 bytes/],
    [
      'a shard cut off in silence',
      first,
      { endsAfter: 100 },
      /shard2of2\.bin have 702 bytes, and model\.json says 1208/,
    ],
    [
      'a longer shard',
      first,
      { instead: new Uint8Array(2000) },
      /shard2of2\.bin have 2602 bytes, and model\.json says 1208/,
    ],
    [
      'a shard that stalls',
      first,
      { stallsAfter: 64 },
      /^group1-shard1of2\.bin was given up: nothing more came after 64 bytes/,
    ],
    [
      'a server in trouble',
      first,
      { status: 503 },
      /^group1-shard1of2\.bin was not given, since .* has trouble/,
    ],
  ];
  test.each(faults)('%s is told, and mended by loading again', async (_, path, fault, message) => {
    hub.faults.set(path, fault);
    await expect(install(`${folderAddress}/model.json`, IMPATIENCE)).rejects.toThrow(message);
    expect((await store.list()).every(({ complete }) => !complete)).toBe(true);
    hub.faults.clear();
    expect(await install(`${folderAddress}/model.json`)).toMatchObject({ complete: true });
  });

  test('a slow server, and one file of weights that has not the size it should', async () => {
    hub.faults.set('group1-shard2of2.bin', { slow: 5 });
    expect(await install(`${folderAddress}/model.json`, IMPATIENCE)).toMatchObject({ complete: true });
    hub.faults.set('tiny/weights.bin', { instead: new Uint8Array(5000) });
    await expect(install(`${folderAddress}/tiny/model.json`)).rejects.toThrow(
      /^weights\.bin is longer than the 1056 bytes it should have/,
    );
  });

  test('a way out of the folder, and weights without end, are not asked for', async () => {
    for (const spoil of [
      (json: string) => json.replace('"group1-shard1of2.bin"', '"../../../secret"'),
      (json: string) => json.replace('"group1-shard1of2.bin"', '"https://elsewhere.example/x"'),
      (json: string) => json.replace('"shape":[6]', '"shape":[1e9,1e9]'),
    ]) {
      hub.log.length = 0;
      hub.faults.set('model.json', { instead: spoiled(spoil)['model.json'] ?? text('') });
      await expect(install(`${folderAddress}/model.json`)).rejects.toMatchObject({
        name: 'InvalidModelFile',
      });
      expect(hub.log).toHaveLength(1);
    }
  });
});

describe('addresses', () => {
  test.each([
    ['https://example.com/net/model.json', true],
    ['  http://localhost:8080/model.json?x=1', true],
    ['https://tfhub.dev/google/x/1/default/1/model.json?tfjs-format=file', true],
    ['https://example.com/my-net.JSON', true],
    ['https://huggingface.co/owner/net/resolve/main/tfjs/model.json', true],
    ['https://huggingface.co/owner/net/blob/main/config.json', false],
    ['https://huggingface.co/owner/net', false],
    ['https://example.com/net', false],
    ['owner/model.json', false],
    ['https://example.com/?x=model.json', false],
  ])('%s', (typed, isOne) => {
    expect(isModelAddress(typed)).toBe(isOne);
  });

  test.each([
    'http://example.com/model.json',
    'https://me:secret@example.com/model.json',
    'file:///model.json',
    'javascript:model.json',
    '/model.json',
    'http://localhost.example.com/model.json',
  ])('%s is not asked', async (address) => {
    const fetch = () => Promise.reject(new Error('asked'));
    await expect(tfjsOrigin(address, { fetch })).rejects.toThrow(UnusableModel);
    await expect(tfjsOrigin(address, { fetch })).rejects.toThrow(/is no address of a model/);
  });

  test('the hub’s page about a file means the file', async () => {
    const asked: string[] = [];
    const fetch = (url: string) => {
      asked.push(url);
      return Promise.reject(new Error('offline'));
    };
    const page = 'https://huggingface.co/owner/net/blob/main/tfjs/model.json';
    await expect(tfjsOrigin(page, { fetch })).rejects.toThrow(/could not be reached/);
    expect(asked).toEqual(['https://huggingface.co/owner/net/resolve/main/tfjs/model.json']);
  });
});

function spoiled(change: (json: string) => string): Record<string, Bytes> {
  const json = new TextDecoder().decode(graph['model.json']);
  expect(change(json)).not.toBe(json);
  return { ...graph, 'model.json': text(change(json)) };
}

function without(files: Record<string, Bytes>, path: string): Record<string, Bytes> {
  return Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
}

function prefixed(prefix: string, files: Record<string, Bytes>): Record<string, Bytes> {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [prefix + path, bytes]));
}

function folder(prefix: string, files: Record<string, Bytes | undefined>): File[] {
  return Object.entries(files).map(([path, bytes]) => {
    const whole = `${prefix}${path}`;
    const file = new File(bytes ? [bytes] : [], whole.slice(whole.lastIndexOf('/') + 1));
    // A browser sets it for the files of a folder.
    return Object.defineProperty(file, 'webkitRelativePath', { value: whole.includes('/') ? whole : '' });
  });
}

function zip(name: string, files: Record<string, Bytes>): File {
  return new File([new Uint8Array(zipSync(files))], name);
}

async function read(from: string, paths: readonly string[]): Promise<Record<string, Bytes>> {
  const files: Record<string, Bytes> = {};
  for (const path of paths)
    files[path] = new Uint8Array(await readFile(`test/fixtures/tfjs/${from}/${path}`));
  return files;
}

function digest(bytes: Bytes): string {
  return sha256(bytes);
}

function text(content: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(content));
}
