import { describe, expect, test } from 'vitest';
import { Collection, DimensionMismatch, type Entry } from '../../src/app/collection.ts';
import type { Item } from '../../src/data/item.ts';

function picture(id: string, joint: number[]): Entry {
  const item: Item = {
    id,
    kind: 'picture',
    name: `${id}.png`,
    source: 'test',
    addedAt: 0,
    width: 1,
    height: 1,
    type: 'image/png',
  };
  return { item, vectors: { joint: Float32Array.from(joint), picture: Float32Array.from([...joint, 1]) } };
}

function text(id: string, joint: number[]): Entry {
  const vector = Float32Array.from(joint);
  return {
    item: { id, kind: 'text', name: id, text: id, source: 'typed', addedAt: 0 },
    vectors: { joint: vector, text: vector },
  };
}

describe('a collection', () => {
  test('keeps the order of coming, and an id once', () => {
    const collection = new Collection();
    expect(collection.add([picture('a', [1, 2]), text('b', [3, 4]), picture('a', [9, 9])])).toEqual([
      'a',
      'b',
    ]);
    expect(collection.items().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(collection.members('joint').set).toEqual({ vectors: Float32Array.of(1, 2, 3, 4), dimension: 2 });
  });

  test('gives the same array until it changes, so that uploads can be cached', () => {
    const collection = new Collection();
    collection.add([picture('a', [1, 2])]);
    const before = collection.members('joint');
    expect(collection.members('joint')).toBe(before);
    collection.add([text('b', [3, 4])]);
    expect(collection.members('joint')).not.toBe(before);
  });

  test('a space holds only what has a vector there', () => {
    const collection = new Collection();
    collection.add([text('b', [3, 4]), picture('a', [1, 2])]);
    expect(collection.members('picture').ids).toEqual(['a']);
    expect(collection.members('text').ids).toEqual(['b']);
    expect(collection.membersOfKind('joint', 'picture')).toEqual({
      ids: ['a'],
      set: { vectors: Float32Array.of(1, 2), dimension: 2 },
    });
  });

  test('refuses vectors of another dimension, and takes none of the batch', () => {
    const collection = new Collection();
    collection.add([text('a', [1, 2])]);
    const attempt = () => collection.add([text('b', [1, 2]), text('c', [1, 2, 3])]);
    expect(attempt).toThrow(DimensionMismatch);
    expect(attempt).toThrow(
      'The collection holds joint vectors of 2 numbers, and these have 3. Clear the collection first, or bring vectors of 2 numbers.',
    );
    expect(collection.size).toBe(1);
  });

  test('an emptied space takes vectors of another dimension', () => {
    const collection = new Collection();
    collection.add([text('a', [1, 2])]);
    collection.clear();
    expect(collection.add([text('b', [1, 2, 3])])).toEqual(['b']);
    expect(collection.members('text').set.dimension).toBe(3);
  });

  test('gives back what it removes', () => {
    const collection = new Collection();
    collection.add([text('a', [1, 2]), text('b', [3, 4])]);
    const removed = collection.remove(['a', 'nobody']);
    expect(removed.map(({ item }) => item.id)).toEqual(['a']);
    expect(collection.members('joint').ids).toEqual(['b']);
    collection.add(removed);
    expect(collection.members('joint').ids).toEqual(['b', 'a']);
  });

  test('suits its space to what it holds, and words that come later change nothing', () => {
    const collection = new Collection();
    expect(collection.suitedSpace()).toBe('joint');
    collection.add([picture('a', [1, 2])]);
    expect(collection.suitedSpace()).toBe('joint');
    collection.add([text('b', [3, 4])]);
    expect(collection.suitedSpace()).toBe('joint');
    const item: Item = { id: 'v', kind: 'vector', name: 'v', source: 'vectors', addedAt: 0 };
    collection.add([{ item, vectors: { vectors: Float32Array.of(1) } }]);
    expect(collection.suitedSpace()).toBe('vectors');
  });
});
