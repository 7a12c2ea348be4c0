// Models from a person's own files: folders, loose files, zips; what is picked, what is refused, and that it is stored whole.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../src/common/sha256.ts';
import { readZip } from '../../src/data/readers/zip.ts';
import { UnusableModel } from '../../src/models/errors.ts';
import { checkpointFiles } from '../../src/models/hub/checkpoint-files.ts';
import { type InstallOptions, installModel, localOrigin } from '../../src/models/hub/install.ts';
import { type LocalFile, listLocalFiles, pickLocalModel } from '../../src/models/hub/local-files.ts';
import { nameLocalModel } from '../../src/models/hub/local-name.ts';
import {
  checkRepository,
  fileAddress,
  isPlainPath,
  parseRepository,
} from '../../src/models/hub/repository.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import { convertStoredModel, openWeights, precisionOf } from '../../src/models/store/stored-weights.ts';
import type { Precision } from '../../src/models/weights/convert.ts';
import { writeSafetensors } from '../../src/models/weights/write.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const weights = await safetensors();
const model: Record<string, Bytes> = {
  'config.json': text('{"model_type":"clip"}'),
  'tokenizer.json': text('{"model":{}}'),
  'model.safetensors': weights,
  'README.md': text('# A model'),
};
const NEEDED = ['config.json', 'tokenizer.json', 'model.safetensors'];

describe('a model is found in', () => {
  const cases: [string, () => File[], string][] = [
    ['a folder', () => folder('my clip/', model), 'my clip'],
    ['a folder in a folder', () => folder('downloads/clip/', model), 'clip'],
    ['loose files', () => folder('', model), 'This set of files'],
    ['a zip of a folder', () => [zip('archive.zip', 'my clip/')], 'my clip'],
    ['a zip of files', () => [zip('My CLIP.zip', '')], 'My CLIP'],
    ['the hub’s cache', () => folder('models--owner--clip/snapshots/0123/', model), 'owner/clip'],
    [
      'a folder with more weights further down',
      () =>
        folder('sentences/', {
          ...model,
          'onnx/model.safetensors': weights,
          '__MACOSX/model.safetensors': weights,
        }),
      'sentences',
    ],
  ];
  test.each(cases)('%s', async (_, files, name) => {
    const found = await pickLocalModel(await listLocalFiles(files(), readZip));
    expect([found.name, found.files.map(({ path }) => path)]).toEqual([name, NEEDED]);
    const store = createMemoryStore();
    const stored = await installModel(localOrigin(found), store);
    expect(stored).toMatchObject({ id: name, source: 'files', complete: true });
    const opened = await store.open(name);
    const checkpoint = await openWeights(NEEDED, async (path) => opened?.file(path));
    expect((await checkpoint.floats('table')).slice(0, 3)).toEqual(new Float32Array([0, 1, 2]));
  });
});

describe('what is no model is refused', () => {
  const cases: [string, Record<string, Bytes>, RegExp][] = [
    [
      'two models',
      { 'a/model.safetensors': weights, 'b/model.safetensors': weights },
      /more than one model.*in a and b/,
    ],
    [
      'no weights',
      { 'x/config.json': text('{}') },
      /^x has no weights\. Weights in the safetensors format are needed/,
    ],
    [
      'weights that can run code',
      { 'x/config.json': text('{}'), 'x/pytorch_model.bin': text('') },
      /^x has its weights only as pytorch_model\.bin, a format that can run code/,
    ],
    [
      'weights for another library',
      { 'config.json': text('{}'), 'model.onnx': text('') },
      /^This set of files has its weights only as model\.onnx/,
    ],
    [
      'several weights',
      { 'a.safetensors': weights, 'b.safetensors': weights },
      /several files of weights \(a\.safetensors, b/,
    ],
    ['no settings', { 'model.safetensors': weights }, /has no config\.json/],
    [
      'an index alone',
      {
        'model.safetensors.index.json': text('{"weight_map":{"a":"part-1.safetensors"}}'),
        'part-2.safetensors': weights,
        'config.json': text('{}'),
      },
      /^This set of files has model\.safetensors\.index\.json, which names part-1\.safetensors as a file of weights/,
    ],
    ['no files', {}, /has no weights/],
  ];
  test.each(cases)('%s', async (_, files, message) => {
    const listed = await listLocalFiles(folder('', files), readZip);
    const picking = pickLocalModel(listed);
    await expect(picking).rejects.toBeInstanceOf(UnusableModel);
    await expect(picking).rejects.toThrow(message);
  });

  test.each([
    ['{"weight_map":{}}', /^model\.safetensors\.index\.json .*it lists no tensor/],
    ['{}', /it does not say which \.safetensors file beside it/],
  ])('an index that names nothing: %s', async (index, message) => {
    const files = { 'config.json': text('{}'), 'a.safetensors': weights, 'b.safetensors': weights };
    const given = { ...files, 'model.safetensors.index.json': text(index) };
    await expect(pickLocalModel(await listLocalFiles(folder('', given), readZip))).rejects.toThrow(message);
  });

  test('weights are in the files that the index names, whatever they are called', async () => {
    const index = text('{"weight_map":{"a":"first.safetensors","b":"second.safetensors"}}');
    const named = { 'first.safetensors': weights, 'second.safetensors': weights };
    const files = { ...named, 'model-1-of-2.safetensors': weights, 'config.json': text('{}') };
    const given = folder('', { ...files, 'model.safetensors.index.json': index });
    const found = await pickLocalModel(await listLocalFiles(given, readZip));
    expect(found.files.map(({ path }) => path)).toEqual([
      'config.json',
      'model.safetensors.index.json',
      ...Object.keys(named),
    ]);
  });

  test.each([
    [
      'a pointer',
      text('version https://git-lfs.github.com/spec/v1\noid'),
      /^model\.safetensors is a Git LFS pointer.*git lfs pull/,
    ],
    ['a web page', text('  <!doctype html><title>x</title>'), /^model\.safetensors is a web page/],
  ])('%s for weights', async (_, bytes, message) => {
    const store = createMemoryStore();
    const found = await pickLocalModel(
      await listLocalFiles(folder('', { ...model, 'model.safetensors': bytes }), readZip),
    );
    await expect(installModel(localOrigin(found), store)).rejects.toThrow(message);
    expect(await store.list()).toEqual([]);
  });

  test.each([
    ['clip', 'tokenizer.json', 'how texts are read', 'AutoTokenizer'],
    ['mpnet', 'tokenizer.json', 'how texts are read', 'AutoTokenizer'],
    ['dinov2', 'preprocessor_config.json', 'how pictures are prepared', 'AutoImageProcessor'],
  ])('a %s without %s', async (type, missing, tells, writer) => {
    const store = createMemoryStore();
    const { [missing]: _, ...rest } = model;
    const files = { ...rest, 'config.json': text(JSON.stringify({ model_type: type })) };
    const found = await pickLocalModel(await listLocalFiles(folder('mine/', files), readZip));
    await expect(installModel(localOrigin(found), store)).rejects.toThrow(
      new UnusableModel(
        `mine has no ${missing}, which says ${tells}. Give it with the other files: it lies beside config.json where the model was published. Where there is none, ${writer}.from_pretrained(…).save_pretrained(…) in transformers writes one.`,
      ),
    );
    expect(await store.list()).toEqual([]);
  });

  test('what does not run, and the model that was kept under its name stays', async () => {
    const store = createMemoryStore();
    const install = async (tryOut?: InstallOptions['tryOut']) =>
      installModel(
        localOrigin(await pickLocalModel(await listLocalFiles(folder('clip/', model), readZip))),
        store,
        { tryOut },
      );
    const refused = new UnusableModel('It gives numbers that are no numbers.');
    const tried: unknown[] = [];
    const tryOut: InstallOptions['tryOut'] = async ({ model: { id, files, complete }, file }) => {
      tried.push([id, files.map(({ path }) => path), complete, (await file('config.json'))?.size]);
      throw refused;
    };
    await expect(install(tryOut)).rejects.toBe(refused);
    expect(tried).toEqual([['clip', NEEDED, false, model['config.json']?.length]]);
    expect(await store.list()).toEqual([]);
    const before = await install();
    await expect(install(tryOut)).rejects.toBe(refused);
    expect(await store.list()).toEqual([before]);
  });

  test('a file that cannot be read', async () => {
    const gone: LocalFile = {
      path: 'model.safetensors',
      bytes: 4,
      blob: () => Promise.reject(new DOMException('It is gone.', 'NotFoundError')),
    };
    const found = await pickLocalModel([
      ...(await listLocalFiles(folder('', { ...model, 'model.safetensors': weights }), readZip)).filter(
        ({ path }) => path !== gone.path,
      ),
      gone,
    ]);
    await expect(installModel(localOrigin(found), createMemoryStore())).rejects.toThrow(
      'model.safetensors could not be read (It is gone.). Check the file and give it again.',
    );
  });
});

test('which files a model needs: OpenCLIP’s names, sentence models, shards', () => {
  expect(
    checkpointFiles(
      ['open_clip_config.json', 'open_clip_model.safetensors', 'open_clip_pytorch_model.bin'],
      'x',
    ),
  ).toEqual(['open_clip_config.json', 'open_clip_model.safetensors']);
  expect(
    checkpointFiles(
      [
        'model.safetensors',
        '2_Dense/model.safetensors',
        'config.json',
        '1_Pooling/config.json',
        'modules.json',
      ],
      'x',
    ),
  ).toEqual([
    'config.json',
    'modules.json',
    '1_Pooling/config.json',
    '2_Dense/model.safetensors',
    'model.safetensors',
  ]);
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  expect(
    checkpointFiles(
      ['model-old.safetensors', 'model.safetensors.index.json', 'config.json', ...shards],
      'x',
      shards,
    ),
  ).toEqual(['config.json', 'model.safetensors.index.json', ...shards]);
});

describe('a stored model made smaller', () => {
  test.each(['float16', 'int8'] as const)('%s takes its place', async (precision) => {
    const store = createMemoryStore();
    const before = await installModel(
      localOrigin(await pickLocalModel(await listLocalFiles(folder('clip/', model), readZip))),
      store,
    );
    const { model: after, keptFloat32 } = await convertStoredModel(store, 'clip', precision);
    expect(keptFloat32).toEqual([]);
    expect(after).toMatchObject({ id: 'clip', precision, complete: true });
    expect(after.bytes).toBeLessThan(before.bytes * (precision === 'int8' ? 0.35 : 0.6));
    expect(after.files.map(({ path }) => path).sort()).toEqual([...NEEDED].sort());
    expect(await store.list()).toEqual([after]);
    const opened = await store.open('clip');
    const checkpoint = await openWeights(NEEDED, async (path) => opened?.file(path));
    const table = await checkpoint.floats('table', [64, 64]);
    // Rows hold 0 … 63: half a step of their scale, 63/127.
    expect(Math.max(...table.map((value, i) => Math.abs(value - (i % 64))))).toBeLessThanOrEqual(
      63 / 254 + 1e-5,
    );
  });

  test('what it would be is known beforehand, and nothing is made larger or kept the same', async () => {
    const store = createMemoryStore();
    await installModel(
      localOrigin(await pickLocalModel(await listLocalFiles(folder('clip/', model), readZip))),
      store,
    );
    const told = async () => {
      const opened = await store.open('clip');
      return opened && precisionOf(opened);
    };
    const convert = async (precision: Precision) =>
      (await convertStoredModel(store, 'clip', precision)).model.bytes;
    const [half, quarter] = (await told())?.smaller ?? [];
    expect(await told()).toMatchObject({
      type: 'float32',
      smaller: [{ precision: 'float16' }, { precision: 'int8' }],
    });
    expect(await convert('float16')).toBe(half?.bytes);
    expect(await told()).toMatchObject({ type: 'float16', smaller: [{ precision: 'int8' }] });
    await expect(convert('float16')).rejects.toThrow(
      new RangeError(
        'clip is kept in float16, which float16 would not make smaller. For another precision, get the model anew and convert that.',
      ),
    );
    expect(await convert('int8')).toBe(quarter?.bytes);
    expect(await told()).toEqual({ type: 'int8', smaller: [] });
    const before = await store.list();
    await expect(convert('float16')).rejects.toThrow(
      'clip is kept in int8, which float16 would not make smaller.',
    );
    expect(await store.list()).toEqual(before);
  });

  test('a conversion that is stopped leaves the model as it was', async () => {
    const store = createMemoryStore();
    const before = await installModel(
      localOrigin(await pickLocalModel(await listLocalFiles(folder('clip/', model), readZip))),
      store,
    );
    const stop = new AbortController();
    const onProgress = (_: number, __: number, what: string) => {
      if (what.startsWith('Converting')) stop.abort();
    };
    await expect(
      convertStoredModel(store, 'clip', 'float16', { signal: stop.signal, onProgress }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(await store.list()).toEqual([before]);
  });
});

describe('a model of one’s own is named', () => {
  const config = (settings: unknown) => ({ ...model, 'config.json': text(JSON.stringify(settings)) });
  const given = async (prefix: string, files: Record<string, Bytes>) =>
    pickLocalModel(await listLocalFiles(folder(prefix, files), readZip));

  test.each([
    [
      { _name_or_path: 'openai/clip-vit-base-patch32', architectures: ['CLIPModel'] },
      'clip-vit-base-patch32',
    ],
    [{ _name_or_path: 'C:\\models\\my clip\\', model_type: 'clip' }, 'my clip'],
    [{ _name_or_path: '', architectures: ['CLIPModel'], model_type: 'clip' }, 'CLIPModel'],
    [{ _name_or_path: '../..', architectures: [], model_type: 'clip' }, 'clip'],
    [{ _name_or_path: `<b>\u0000\u202e${'a'.repeat(99)}` }, `b${'a'.repeat(59)}`],
    [{ _name_or_path: 7, architectures: 'x' }, 'My model'],
    [null, 'My model'],
    ['not JSON', 'My model'],
  ])('by its settings where its files lay in no folder: %j', async (settings, name) => {
    expect((await nameLocalModel(await given('', config(settings)), [])).name).toBe(name);
  });

  test('with a number where another is kept under its name, and as before where it is the same', async () => {
    const store = createMemoryStore();
    const add = async (prefix: string, files: Record<string, Bytes>) => {
      const named = await nameLocalModel(await given(prefix, files), await store.list(), ['embedded']);
      return (await installModel(localOrigin(named), store)).id;
    };
    const other = { ...model, 'tokenizer.json': text('{"model":[]}') };
    expect(await add('', model)).toBe('clip');
    expect(await add('', other)).toBe('clip 2');
    expect(await add('', model)).toBe('clip');
    expect(await add('', other)).toBe('clip 2');
    expect(await add('mine/', model)).toBe('mine');
    expect(await add('mine/', { ...model, 'vocab.json': text('{}') })).toBe('mine 2');
    expect(await add('embedded/', model)).toBe('embedded 2');
    // The one that was made smaller is another than the one it was.
    await convertStoredModel(store, 'mine', 'int8');
    expect(await add('mine/', model)).toBe('mine 3');
    expect((await store.list()).map(({ id }) => id).sort()).toEqual([
      'clip',
      'clip 2',
      'embedded 2',
      'mine',
      'mine 2',
      'mine 3',
    ]);
  });

  test('past what comes from the hub, also what of that is not complete', async () => {
    const hub = {
      id: 'owner/clip',
      revision: 'main',
      source: 'hub',
      address: '',
      precision: 'as published',
    } as const;
    const store = createMemoryStore();
    await (await store.draft(hub)).release();
    const folder = 'models--owner--clip/snapshots/0123/';
    expect((await nameLocalModel(await given(folder, model), await store.list())).name).toBe('owner/clip 2');
  });
});

describe('repositories', () => {
  test.each([
    ['owner/name', 'owner/name', 'main'],
    ['  gpt2 ', 'gpt2', 'main'],
    ['owner/name@v1.0', 'owner/name', 'v1.0'],
    [
      'https://huggingface.co/wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M',
      'wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M',
      'main',
    ],
    ['huggingface.co/owner/name/tree/refs%2Fpr%2F3?x=1', 'owner/name', 'refs/pr/3'],
    ['https://hf.co/owner/name/blob/0123/config.json', 'owner/name', '0123'],
    ['https://huggingface.co/owner/name/discussions/4', 'owner/name', 'main'],
  ])('%s', (typed, id, revision) => {
    expect(parseRepository(typed)).toEqual({ id, revision });
  });

  test.each([
    '',
    '/',
    'a/b/c',
    '../a',
    'a/..',
    'a b/c',
    'a/b?x',
    'a/-b',
    'a/b--c',
    'a/b.git',
    'a/%2e%2e',
    'é/a',
    `a/${'b'.repeat(97)}`,
    'a/b@',
    'a/b@../x',
    'javascript:alert(1)',
  ])('not %j', (typed) => {
    expect(() => parseRepository(typed)).toThrow(UnusableModel);
  });

  test('whatever is typed, the address stays on the host and in the repository, or it is refused', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('..', '.', 'a', '%2e', '\\', '@', '?', '#', '/'));
    const path = fc.oneof(part, fc.string({ unit: 'binary' }), fc.constant('\ud800'));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), fc.array(path, { maxLength: 4 }), (typed, path) => {
        const file = path.join('/');
        if (!isPlainPath(file)) return;
        try {
          const repository = parseRepository(typed.join('/'));
          checkRepository(repository);
          const url = new URL(fileAddress('https://hub.example', repository, file));
          expect(url.origin).toBe('https://hub.example');
          expect(url.pathname.startsWith(`/${repository.id}/resolve/`)).toBe(true);
          expect([url.search, url.hash]).toEqual(['', '']);
        } catch (error) {
          expect(error).toBeInstanceOf(UnusableModel);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('SHA-256 in pieces is the SHA-256 of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 5 }), (pieces) => {
      const hash = new Sha256();
      const known = createHash('sha256');
      for (const piece of pieces) {
        hash.update(piece);
        known.update(piece);
      }
      expect(hash.hex()).toBe(known.digest('hex'));
    }),
  );
});

function folder(prefix: string, files: Record<string, Bytes>): File[] {
  return Object.entries(files).map(([path, bytes]) => {
    const whole = `${prefix}${path}`;
    const file = new File([bytes], whole.slice(whole.lastIndexOf('/') + 1));
    // A browser sets it for the files of a folder.
    return Object.defineProperty(file, 'webkitRelativePath', { value: whole.includes('/') ? whole : '' });
  });
}

function zip(name: string, prefix: string): File {
  const entries = Object.entries(model).map(([path, bytes]) => [`${prefix}${path}`, bytes]);
  const packed = zipSync({ ...Object.fromEntries(entries), '__MACOSX/._model.safetensors': strToU8('x') });
  return new File([new Uint8Array(packed)], name);
}

async function safetensors(): Promise<Bytes> {
  const table = Float32Array.from({ length: 4096 }, (_, i) => i % 64);
  const tensors = [
    {
      name: 'table',
      dtype: 'F32' as const,
      shape: [64, 64],
      bytes: async () => new Uint8Array(table.buffer),
    },
  ];
  const pieces: Bytes[] = [];
  for await (const piece of writeSafetensors(tensors)) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function text(content: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(content));
}
