import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Item, PictureItem } from '../../src/data/item.ts';
import type { Library, StoredItem } from '../../src/data/library.ts';
import { createMemoryLibrary, openLibrary } from '../../src/data/open-library.ts';

const NAME = 'nearfield-test';

function picture(id: string): PictureItem {
  return {
    id,
    kind: 'picture',
    name: `${id}.png`,
    source: 'x',
    addedAt: 1,
    tags: ['a'],
    width: 2,
    height: 3,
    type: 'image/png',
  };
}
const word: Item = { id: 'w', kind: 'text', name: 'word', source: 'typed', addedAt: 2, text: 'word' };
const stored = (id: string): StoredItem => ({
  item: picture(id),
  thumbnail: new Blob([`small ${id}`], { type: 'image/webp' }),
  preview: new Blob([`large ${id}`], { type: 'image/jpeg' }),
});
const vector = (...values: number[]) => Float32Array.from(values);

describe.each([
  ['on disk', () => openLibrary(NAME)],
  ['in memory', async () => createMemoryLibrary()],
])('the library %s', (_, open) => {
  let library: Library;
  beforeEach(async () => {
    await deleteDB(NAME);
    library = await open();
  });
  afterEach(() => library.close());

  test('gives back what it was given, in the order it came in', async () => {
    await library.putItems([stored('z'), { item: word }]);
    await library.putItems([stored('a')]);
    expect(await library.items()).toEqual({ items: [picture('z'), word, picture('a')], dropped: 0 });
    const thumbnails = await library.thumbnails(['a', 'w', 'z', 'none']);
    expect([...thumbnails.keys()].sort()).toEqual(['a', 'z']);
    expect(await thumbnails.get('z')?.text()).toBe('small z');
    const preview = await library.preview('a');
    expect([preview?.type, await preview?.text()]).toEqual(['image/jpeg', 'large a']);
    expect(await library.preview('w')).toBeUndefined();
  });

  test('removing can be undone until the pictures are swept; embeddings stay', async () => {
    const embedding = { joint: vector(1, 2), picture: vector(3) };
    await library.putItems([stored('a'), stored('b'), { item: word }]);
    await library.putEmbeddings('model', new Map([['a', embedding]]));
    await library.remove(['a', 'b']);
    expect((await library.items()).items).toEqual([word]);
    await library.putItems([{ item: picture('a') }]);
    await library.sweep();
    expect((await library.items()).items).toEqual([word, picture('a')]);
    expect(await (await library.preview('a'))?.text()).toBe('large a');
    expect(await library.preview('b')).toBeUndefined();
    expect([...(await library.thumbnails(['a', 'b'])).keys()]).toEqual(['a']);
    expect(await library.embeddings('model', ['a'])).toEqual(new Map([['a', embedding]]));
  });

  test('the last map is there again', async () => {
    expect(await library.placement()).toBeUndefined();
    const placement = {
      ids: ['a', 'b'],
      positions: vector(1, 2, 3, 4),
      dimensions: 2 as const,
      space: 'joint',
      settings: { seed: 7, metric: 'cosine' },
    };
    await library.putPlacement(placement);
    expect(await library.placement()).toEqual(placement);
  });

  test('embeddings belong to one embedder', async () => {
    const embedding = { joint: vector(1), text: vector(2), guesses: [{ label: 'dog', probability: 0.5 }] };
    await library.putEmbeddings('one', new Map([['w', embedding]]));
    expect(await library.embeddings('one', ['w', 'none'])).toEqual(new Map([['w', embedding]]));
    expect(await library.embeddings('two', ['w'])).toEqual(new Map());
    await library.forgetEmbeddings();
    expect(await library.embeddings('one', ['w'])).toEqual(new Map());
  });
});

describe('on disk', () => {
  beforeEach(() => deleteDB(NAME));

  test('all is there after a reload, whatever order the ids have', async () => {
    const before = await openLibrary(NAME);
    await before.putItems(Array.from({ length: 450 }, (_, i) => stored(`id ${(i * 7919) % 450}`)));
    await before.putEmbeddings('model', new Map([['a', { joint: vector(1, 2) }]]));
    before.close();
    const after = await openLibrary(NAME);
    expect(after.persistent).toBe(true);
    const { items } = await after.items();
    expect(items.map(({ id }) => id)).toEqual(
      Array.from({ length: 450 }, (_, i) => `id ${(i * 7919) % 450}`),
    );
    expect((await after.embeddings('model', ['a'])).get('a')?.joint).toEqual(vector(1, 2));
    expect((await after.usage()).quota).toBeGreaterThan(0);
    after.close();
  });

  test('damaged records are dropped and counted, and stay gone', async () => {
    const library = await openLibrary(NAME);
    await library.putItems([stored('good'), stored('bad'), stored('other')]);
    const raw = await openDB(NAME);
    await raw.put('items', { order: 1, item: { ...picture('bad'), width: 'wide' } }, 'bad');
    await raw.put('items', 7, 'seven');
    await raw.put('items', { order: 1, item: picture('good') }, 'under a wrong key');
    await raw.put('thumbnails', 'no picture', 'other');
    await raw.put(
      'placements',
      { ids: ['a'], positions: vector(1), dimensions: 2, space: '', settings: {} },
      'last',
    );
    await raw.put('embeddings', { joint: [1, 2] }, ['model', 'good']);
    raw.close();
    expect(await library.items()).toEqual({ items: [picture('good'), picture('other')], dropped: 3 });
    expect(await library.items()).toEqual({ items: [picture('good'), picture('other')], dropped: 0 });
    expect([...(await library.thumbnails(['good', 'other'])).keys()]).toEqual(['good']);
    expect((await library.embeddings('model', ['good'])).size).toBe(0);
    expect(await library.placement()).toBeUndefined();
    library.close();
  });

  test.each([
    ['a joint vector without numbers', { joint: vector() }],
    ['a joint vector that is not all numbers', { joint: vector(1, Number.NaN) }],
    ['an infinite picture vector', { joint: vector(1), picture: vector(1, Number.NEGATIVE_INFINITY) }],
    ['an empty text vector', { joint: vector(1), text: vector() }],
  ])('an embedding with %s counts as missing', async (_, damaged) => {
    const library = await openLibrary(NAME);
    await library.putEmbeddings(
      'model',
      new Map([
        ['good', { joint: vector(0, -1) }],
        ['bad', damaged],
      ]),
    );
    expect([...(await library.embeddings('model', ['good', 'bad'])).keys()]).toEqual(['good']);
    library.close();
  });

  test('a connection that closes under it is opened again, once for all who ask', async () => {
    const library = await openLibrary(NAME);
    await library.putItems([stored('a')]);
    // As when another tab clears the storage.
    await deleteDB(NAME);
    const opened = vi.spyOn(IDBFactory.prototype, 'open');
    const [, , , preview] = await Promise.all([
      library.putItems([stored('b')]),
      library.items(),
      library.putEmbeddings('model', new Map([['b', { joint: vector(1) }]])),
      library.preview('a'),
    ]);
    expect(opened).toHaveBeenCalledOnce();
    opened.mockRestore();
    expect([(await library.items()).items, preview]).toEqual([[picture('b')], undefined]);
    expect((await library.embeddings('model', ['b'])).size).toBe(1);
    library.close();
  });

  test('a newer version in another tab is said plainly, and a later try may succeed', async () => {
    const library = await openLibrary(NAME);
    const newer = await openDB(NAME, 99);
    for (const call of [
      () => library.items(),
      () => library.putItems([stored('a')]),
      () => library.placement(),
      () => library.sweep(),
    ])
      await expect(call()).rejects.toMatchObject({
        name: 'LibraryClosed',
        message: expect.stringMatching(/^The library was closed by the browser .* Reload the page/),
      });
    newer.close();
    await deleteDB(NAME);
    await library.putItems([stored('a')]);
    expect((await library.items()).items).toEqual([picture('a')]);
    library.close();
    await expect(library.items()).rejects.toMatchObject({ name: 'LibraryClosed' });
  });

  test('a full disk is said plainly, and what was kept stays', async () => {
    const library = await openLibrary(NAME);
    const put = IDBObjectStore.prototype.put;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      value,
      key,
    ) {
      if (key === 'id 300') throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    });
    const items = Array.from({ length: 450 }, (_, i) => stored(`id ${i}`));
    await expect(library.putItems(items)).rejects.toMatchObject({
      name: 'LibraryFull',
      kept: 200,
      of: 450,
      message: expect.stringMatching(/^The browser's storage is full: 200 of 450 items were kept/),
    });
    full.mockRestore();
    expect((await library.items()).items.length).toBe(200);
    library.close();
  });

  test('without storage it lives in memory and says so', async () => {
    const refused = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('no storage in private windows', 'SecurityError');
    });
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const library = await openLibrary(NAME);
    refused.mockRestore();
    expect(library.persistent).toBe(false);
    expect(warned).toHaveBeenCalledOnce();
    warned.mockRestore();
  });
});
