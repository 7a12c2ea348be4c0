// The store of models: what is complete counts, what was interrupted does not, and nothing is lost on the way from one to the other.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { Sha256 } from '../../src/common/sha256.ts';
import { ModelBusy, StoreFault, StoreFull } from '../../src/models/store/errors.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import type { Draft, ModelDescription, ModelStore } from '../../src/models/store/model-store.ts';
import { openModelStore } from '../../src/models/store/open-store.ts';
import { openOpfsStore } from '../../src/models/store/opfs-store.ts';
import type { Order } from './weights-store-worker.ts';

const NAME = 'nearfield-test-models';

const clip: ModelDescription = {
  id: 'owner/clip',
  revision: '1',
  source: 'hub',
  address: 'https://hub.example/owner/clip',
  precision: 'as published',
};

async function removeAll(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(NAME, { recursive: true }).catch(() => {});
}
beforeEach(removeAll);
afterEach(removeAll);

async function fill(draft: Draft, path: string, ...chunks: string[]): Promise<void> {
  const sink = await draft.create(path);
  const hash = new Sha256();
  for (const chunk of chunks) {
    const bytes = new TextEncoder().encode(chunk);
    hash.update(bytes);
    await sink.write(bytes);
  }
  await sink.close({ bytes: hash.length, sha256: hash.hex() });
}

async function put(store: ModelStore, description: ModelDescription, content: string) {
  const draft = await store.draft(description);
  await fill(draft, '1_Pooling/config.json', '{}');
  await fill(draft, 'model.safetensors', content.slice(0, 2), content.slice(2));
  return draft.finish(['1_Pooling/config.json', 'model.safetensors']);
}

async function contentOf(
  store: ModelStore,
  id: string,
  path = 'model.safetensors',
): Promise<string | undefined> {
  return (await (await store.open(id))?.file(path))?.text();
}

function start(order: Order): Promise<{ worker: Worker; said: unknown }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./weights-store-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => resolve({ worker, said: data });
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(order);
  });
}

describe.each([
  ['in the browser’s file system', () => openModelStore(NAME)],
  ['in memory', async () => createMemoryStore()],
])('%s', (where, open) => {
  let store: ModelStore;
  beforeEach(async () => {
    store = await open();
    expect(store.persistent).toBe(where !== 'in memory');
  });

  test('a model is there once it is finished, with every file, and can be deleted', async () => {
    const stored = await put(store, clip, 'weights');
    expect(stored).toEqual({
      ...clip,
      files: [
        {
          path: '1_Pooling/config.json',
          bytes: 2,
          sha256: new Sha256().update(new TextEncoder().encode('{}')).hex(),
        },
        {
          path: 'model.safetensors',
          bytes: 7,
          sha256: new Sha256().update(new TextEncoder().encode('weights')).hex(),
        },
      ],
      bytes: 9,
      at: expect.closeTo(Date.now(), -4),
      complete: true,
    });
    expect(await store.list()).toEqual([stored]);
    expect(await contentOf(store, clip.id)).toBe('weights');
    expect(await contentOf(store, clip.id, '1_Pooling/config.json')).toBe('{}');
    expect(await contentOf(store, clip.id, 'none')).toBeUndefined();
    expect((await store.usage()).models).toBe(9);
    await store.delete(clip.id);
    expect([await store.list(), await store.open(clip.id), (await store.usage()).models]).toEqual([
      [],
      undefined,
      0,
    ]);
  });

  test('until it is finished, the one before is used; then it is gone', async () => {
    await put(store, clip, 'old');
    let draft = await store.draft({ ...clip, revision: '2' });
    await fill(draft, 'model.safetensors', 'never finished');
    await draft.release();
    await store.delete(clip.id, 'unfinished');
    expect((await store.list()).map(({ revision }) => revision)).toEqual(['1']);
    draft = await store.draft({ ...clip, revision: '2' });
    await fill(draft, 'model.safetensors', 'newer');
    expect(await contentOf(store, clip.id)).toBe('old');
    expect((await store.list()).map(({ revision, complete }) => [revision, complete]).sort()).toEqual([
      ['1', true],
      ['2', false],
    ]);
    await draft.finish(['model.safetensors']);
    expect(await contentOf(store, clip.id)).toBe('newer');
    expect((await store.list()).map(({ revision, bytes }) => [revision, bytes])).toEqual([['2', 5]]);
  });

  test('what is complete is kept for the next attempt of the same version, and of no other', async () => {
    const draft = await store.draft(clip);
    await fill(draft, 'config.json', '{}');
    const sink = await draft.create('model.safetensors');
    await sink.write(new Uint8Array(3));
    await sink.abort();
    await draft.release();
    expect(await store.open(clip.id)).toBeUndefined();
    expect(await store.list()).toMatchObject([
      { complete: false, bytes: 2, files: [{ path: 'config.json' }] },
    ]);

    const other = await store.draft({ ...clip, revision: '2' });
    expect(await other.has('config.json')).toBeUndefined();
    await other.discard();

    const again = await store.draft(clip);
    expect(await again.has('config.json')).toMatchObject({ path: 'config.json', bytes: 2 });
    expect(await again.has('model.safetensors')).toBeUndefined();
    expect(await (await again.file('config.json'))?.text()).toBe('{}');
    await expect(again.finish(['config.json', 'model.safetensors'])).rejects.toThrow(StoreFault);
    await fill(again, 'unused.txt', 'x');
    await fill(again, 'model.safetensors', 'abc');
    await again.finish(['model.safetensors', 'config.json']);
    expect((await store.list()).map(({ bytes, complete }) => [bytes, complete])).toEqual([[5, true]]);
    expect(await contentOf(store, clip.id, 'unused.txt')).toBeUndefined();
  });

  test('a file written anew does not count until it is closed', async () => {
    const draft = await store.draft(clip);
    await fill(draft, 'config.json', 'first');
    const sink = await draft.create('config.json');
    await sink.write(new TextEncoder().encode('again'));
    expect(await draft.has('config.json')).toBeUndefined();
    await sink.abort();
    expect(await draft.has('config.json')).toBeUndefined();
    await draft.discard();
    expect(await store.list()).toEqual([]);
  });

  test('one model is put together once at a time', async () => {
    const draft = await store.draft(clip);
    await expect(store.draft({ ...clip, revision: '2' })).rejects.toThrow(ModelBusy);
    await expect(store.delete(clip.id)).rejects.toThrow(/^owner\/clip is being loaded or converted already/);
    const other = await store.draft({ ...clip, id: 'owner/other' });
    await other.discard();
    await draft.release();
    await store.delete(clip.id);
    expect(await store.list()).toEqual([]);
  });
});

describe('after an interruption', () => {
  const folders = async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(NAME);
    const found: FileSystemDirectoryHandle[] = [];
    for await (const handle of root.values())
      if (handle.kind === 'directory') found.push(handle as FileSystemDirectoryHandle);
    return { root, found };
  };
  const overwrite = async (folder: FileSystemDirectoryHandle | undefined, name: string, text: string) => {
    const stream = await (await folder?.getFileHandle(name, { create: true }))?.createWritable();
    await stream?.write(text);
    await stream?.close();
  };

  test('a store opened anew has what was finished', async () => {
    await put(await openOpfsStore(NAME), clip, 'weights');
    const again = await openOpfsStore(NAME);
    expect(await again.list()).toMatchObject([{ id: clip.id, complete: true }]);
    expect(await contentOf(again, clip.id)).toBe('weights');
  });

  test('a manifest that was cut off is none', async () => {
    const store = await openOpfsStore(NAME);
    await put(store, clip, 'weights');
    await overwrite((await folders()).found[0], 'model.json', '{"format":"nearfield-mo');
    expect(await store.open(clip.id)).toBeUndefined();
    // Nothing says what that folder is: the next model clears it away.
    await put(store, { ...clip, id: 'owner/other' }, 'x');
    expect((await folders()).found).toHaveLength(1);
  });

  test('a model that has lost a file is unfinished, and is mended by loading it again', async () => {
    const store = await openOpfsStore(NAME);
    await put(store, clip, 'weights');
    await overwrite((await folders()).found[0], 'file-model.safetensors', 'weigh');
    expect(await store.open(clip.id)).toBeUndefined();
    expect(await store.list()).toMatchObject([{ id: clip.id, complete: false, bytes: 7 }]);
    const draft = await store.draft(clip);
    expect(await draft.has('model.safetensors')).toBeUndefined();
    // As long as it was, and not checked yet, as a worker leaves it that writes in place: it must not count.
    await overwrite((await folders()).found[0], 'file-model.safetensors', 'WRONG!!');
    await draft.release();
    expect(await store.open(clip.id)).toBeUndefined();
    await put(store, clip, 'weights');
    expect(await contentOf(store, clip.id)).toBe('weights');
    expect((await folders()).found).toHaveLength(1);
  });

  test('foreign files in the folder are no trouble', async () => {
    const store = await openOpfsStore(NAME);
    await put(store, clip, 'weights');
    const { root, found } = await folders();
    await overwrite(root, 'notes.txt', 'x');
    await overwrite(found[0], 'file-%', 'x');
    await overwrite(found[0], 'seal-x', '[]');
    expect(await store.list()).toMatchObject([{ id: clip.id, complete: true, bytes: 9 }]);
  });
});

describe('in a worker', () => {
  test('what it stored, the page reads', async () => {
    const { worker, said } = await start({ name: NAME, id: clip.id, chunks: 5, chunkBytes: 100_000 });
    worker.terminate();
    expect(said).toBe('finished');
    const opened = await (await openOpfsStore(NAME)).open(clip.id);
    const file = await opened?.file('model.safetensors');
    expect(file?.size).toBe(500_000);
    expect([...new Uint8Array((await file?.slice(399_999, 400_001).arrayBuffer()) ?? [])]).toEqual([3, 4]);
  });

  test('ended in the middle of a file, it leaves nothing that counts, and the model can be loaded again', async () => {
    const { worker, said } = await start({
      name: NAME,
      id: clip.id,
      chunks: 5,
      chunkBytes: 1000,
      stopAfter: 3,
    });
    expect(said).toBe('stopped');
    const store = await openOpfsStore(NAME);
    await expect(store.draft(clip)).rejects.toThrow(ModelBusy);
    worker.terminate();
    await expect
      .poll(() => put(store, clip, 'weights').catch(() => undefined), { timeout: 10_000 })
      .toMatchObject({
        complete: true,
      });
    expect(await contentOf(store, clip.id)).toBe('weights');
  });
});

describe('a full disk', () => {
  const setQuota = async (quotaSize?: number) => {
    await cdp().send('Storage.overrideQuotaForOrigin', {
      origin: location.origin,
      ...(quotaSize !== undefined && { quotaSize }),
    });
  };
  afterEach(async () => {
    vi.restoreAllMocks();
    await setQuota();
  });

  test('is said before the download, when it is known how much is needed', async () => {
    const store = await openOpfsStore(NAME);
    // Chromium's own estimate does not follow the quota that is set for tests.
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ usage: 5_000_000, quota: 6_000_000 });
    await expect(store.draft(clip, 94_000_000)).rejects.toThrow(StoreFull);
    await expect(store.draft(clip, 94_000_000)).rejects.toThrow(
      /^The browser's storage has no room for owner\/clip \(94 MB needed\)\. \d+\.\d MB are left to this page\. Delete models/,
    );
    await (await store.draft(clip, 500_000)).discard();
  });

  test('is said in the middle by a worker too', async () => {
    const { usage = 0 } = await navigator.storage.estimate();
    await setQuota(usage + 1_000_000);
    const { worker, said } = await start({ name: NAME, id: clip.id, chunks: 8, chunkBytes: 500_000 });
    worker.terminate();
    expect(said).toMatch(
      /^StoreFull: The browser's storage has no room for model\.safetensors\. Delete models/,
    );
    expect(await (await openOpfsStore(NAME)).open(clip.id)).toBeUndefined();
  });

  test('is said in the middle, and leaves what was there', async () => {
    const store = await openOpfsStore(NAME);
    await put(store, clip, 'weights');
    const { usage = 0 } = await navigator.storage.estimate();
    await setQuota(usage + 1_000_000);
    const draft = await store.draft({ ...clip, revision: '2' });
    const sink = await draft.create('model.safetensors');
    const writing = async () => {
      for (let i = 0; i < 8; i++) await sink.write(new Uint8Array(500_000));
      await sink.close({ bytes: 4_000_000, sha256: '0'.repeat(64) });
    };
    await expect(writing()).rejects.toThrow(StoreFull);
    await sink.abort();
    await draft.discard();
    expect(await contentOf(store, clip.id)).toBe('weights');
    expect((await store.list()).map(({ revision }) => revision)).toEqual(['1']);
  });
});
