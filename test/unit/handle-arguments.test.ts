import { beforeEach, describe, expect, test } from 'vitest';
import { checkedHandle } from '../../src/app/checked-handle.ts';
import { Collection } from '../../src/app/collection.ts';
import type { NearfieldHandle } from '../../src/app/handle.ts';
import type { Item } from '../../src/data/item.ts';

const collection = new Collection();

/** What reached the commands. */
let calls: unknown[][] = [];

const command =
  (name: string) =>
  (...given: unknown[]): never => {
    calls.push([name, ...given]);
    throw new Error('reached');
  };

const commands: NearfieldHandle = {
  ready: Promise.resolve(),
  adapter: command('adapter'),
  addFiles: command('addFiles'),
  addTexts: command('addTexts'),
  addVectors: command('addVectors'),
  addSamples: command('addSamples'),
  items: command('items'),
  search: command('search'),
  neighbors: command('neighbors'),
  distances: command('distances'),
  similarity: command('similarity'),
  layout: command('layout'),
  compare: command('compare'),
  endCompare: command('endCompare'),
  matrix: command('matrix'),
  measures: command('measures'),
  exportAs: command('exportAs'),
  models: command('models'),
  addModel: command('addModel'),
  useModel: command('useModel'),
  convertModel: command('convertModel'),
  removeModel: command('removeModel'),
  select: command('select'),
  remove: command('remove'),
  clear: command('clear'),
};
const handle = checkedHandle(commands, { collection, currentSpace: () => 'joint' });

function addText(id: string): void {
  const item: Item = { id, kind: 'text', name: id, text: id, source: 'typed', addedAt: 0 };
  const vector = Float32Array.of(1, 2);
  collection.add([{ item, vectors: { joint: vector, text: vector } }]);
}

beforeEach(() => {
  calls = [];
  collection.clear();
  for (const id of ['a', 'b', 'c']) addText(id);
});

/** A call as a console makes it: with whatever arguments. */
async function call(name: Call, given: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(handle[name], handle, given);
}

const METRICS = 'it must be one of cosine, euclidean, manhattan, hamming, dot.';
const SPACES = 'it must be one of joint, picture, text, vectors.';
const IDS = 'it must be an array of ids, as items() gives them.';
const OBJECT = 'it must be an object, as in';
const vectors = [0, 1, 1, 0];

type Call = Exclude<keyof NearfieldHandle, 'ready'>;

type Case = readonly [
  name: Call,
  given: readonly unknown[],
  type: typeof TypeError | typeof RangeError,
  message: string,
];

const refused: readonly Case[] = [
  ['addFiles', [], TypeError, 'files is missing; it must be an array of File objects.'],
  ['addFiles', ['x'], TypeError, 'files is "x"; it must be an array of File objects.'],
  ['addFiles', [new File([], 'x')], TypeError, 'files is a File; it must be an array of File objects.'],
  ['addFiles', [[new Blob([])]], TypeError, 'files[0] is a Blob; it must be a File.'],
  ['addFiles', [[], () => {}], TypeError, `The argument is a Function; ${OBJECT} { signal, onProgress }.`],
  ['addTexts', ['x'], TypeError, 'texts is "x"; it must be an array of strings.'],
  ['addTexts', [['a', 1]], TypeError, 'texts[1] is 1; it must be a string.'],
  ['addTexts', [new Array(1)], TypeError, 'texts[0] is missing; it must be a string.'],
  ['addTexts', [[], null], TypeError, `The argument is null; ${OBJECT} { signal, onProgress }.`],
  [
    'addModel',
    [],
    TypeError,
    'source is missing; it must be an array of File objects, or a repository such as "owner/name".',
  ],
  [
    'addModel',
    [' '],
    TypeError,
    'source is " "; it must be a repository such as "owner/name", or File objects.',
  ],
  ['addModel', [['x']], TypeError, 'source[0] is "x"; it must be a File.'],
  ['addModel', ['owner/name', { host: 1 }], TypeError, 'host is 1; it must be a string.'],
  ['useModel', [], TypeError, 'The model is missing; it must be an id, as models() gives them.'],
  ['useModel', ['x', { signal: 1 }], TypeError, 'signal is 1; it must be an AbortSignal.'],
  ['convertModel', ['x', 'float32'], RangeError, 'precision is "float32"; it must be one of float16, int8.'],
  ['convertModel', [' ', 'int8'], TypeError, 'The model is " "; it must be an id, as models() gives them.'],
  ['removeModel', [7], TypeError, 'The model is 7; it must be an id, as models() gives them.'],
  [
    'measures',
    [{ part: 'trust' }],
    RangeError,
    'part is "trust"; it must be one of agreement, correlations, honesty, space.',
  ],
  ['measures', [], TypeError, `The argument is missing; ${OBJECT} { part: 'agreement' }.`],
  ['measures', [{ part: 'space', metrics: ['l2'] }], RangeError, `metrics[0] is "l2"; ${METRICS}`],
  [
    'measures',
    [{ part: 'agreement', metrics: ['dot'] }],
    RangeError,
    'metrics names 1; agreement needs 2 or more. Name more, or leave metrics out.',
  ],
  ['addSamples', [{ signal: {} }], TypeError, 'signal is an Object; it must be an AbortSignal.'],
  [
    'addSamples',
    [{ onProgress: 1 }],
    TypeError,
    'onProgress is 1; it must be a function (done, total, what).',
  ],
  [
    'addVectors',
    [],
    TypeError,
    `The argument is missing; ${OBJECT} { vectors: [0, 1, 1, 0], dimension: 2 }.`,
  ],
  [
    'addVectors',
    [[1]],
    TypeError,
    `The argument is an Array; ${OBJECT} { vectors: [0, 1, 1, 0], dimension: 2 }.`,
  ],
  [
    'addVectors',
    [{ dimension: 2 }],
    TypeError,
    'vectors is missing; it must be an array of numbers, or a Float32Array.',
  ],
  [
    'addVectors',
    [{ vectors: new BigInt64Array(2), dimension: 2 }],
    TypeError,
    'vectors is a BigInt64Array; it must be an array of numbers, or a Float32Array.',
  ],
  [
    'addVectors',
    [{ vectors: [[0, 1]], dimension: 2 }],
    TypeError,
    'vectors[0] is an Array; it must be a number: the rows follow one another in one flat array.',
  ],
  ['addVectors', [{ vectors }], TypeError, 'dimension is missing; it must be a whole number of 1 or more.'],
  [
    'addVectors',
    [{ vectors, dimension: 0 }],
    RangeError,
    'dimension is 0; it must be a whole number of 1 or more.',
  ],
  [
    'addVectors',
    [{ vectors, dimension: 2, ids: 'ab' }],
    TypeError,
    'ids is "ab"; it must be an array of names, one a row.',
  ],
  ['addVectors', [{ vectors, dimension: 2, ids: ['a', 7] }], TypeError, 'ids[1] is 7; it must be a string.'],
  [
    'addVectors',
    [{ vectors, dimension: 2, fields: {} }],
    TypeError,
    'fields is an Object; it must be an array of objects, one a row.',
  ],
  [
    'addVectors',
    [{ vectors, dimension: 2, fields: ['red'] }],
    TypeError,
    'fields[0] is "red"; it must be an object of strings or numbers.',
  ],
  [
    'addVectors',
    [{ vectors, dimension: 2, fields: [{ color: null }] }],
    TypeError,
    'fields[0].color is null; it must be a string or a number.',
  ],
  ['search', [], TypeError, "The query is missing; it must be words, a File or an item's id."],
  ['search', [5], TypeError, "The query is 5; it must be words, a File or an item's id."],
  ['search', ['  '], TypeError, 'The query is "  "; it must be words, a File or an item\'s id.'],
  ['search', ['x', 5], TypeError, `The argument is 5; ${OBJECT} { count: 5 }.`],
  ['search', ['x', { count: 0 }], RangeError, 'count is 0; it must be a whole number of 1 or more.'],
  ['search', ['x', { count: 1.5 }], RangeError, 'count is 1.5; it must be a whole number of 1 or more.'],
  ['search', ['x', { count: '3' }], TypeError, 'count is "3"; it must be a whole number of 1 or more.'],
  [
    'search',
    ['x', { kind: 'pictures' }],
    RangeError,
    'kind is "pictures"; it must be one of picture, text, vector.',
  ],
  ['neighbors', [], TypeError, `The argument is missing; ${OBJECT} { k: 5 }.`],
  ['neighbors', [{}], TypeError, 'k is missing; it must be a whole number of 1 or more.'],
  ['neighbors', [{ k: Number.NaN }], RangeError, 'k is NaN; it must be a whole number of 1 or more.'],
  ['neighbors', [{ k: 0 }], RangeError, 'k is 0; it must be a whole number of 1 or more.'],
  [
    'neighbors',
    [{ k: 3 }],
    RangeError,
    'k is 3; with 3 items it can be at most 2. Ask for fewer, or add items.',
  ],
  [
    'neighbors',
    [{ k: 1, ids: ['a'] }],
    RangeError,
    'k is 1; with 1 item it can be at most 0. Ask for fewer, or add items.',
  ],
  ['neighbors', [{ k: 1, metric: 'foo' }], RangeError, `metric is "foo"; ${METRICS}`],
  ['neighbors', [{ k: 1, metric: 'toString' }], RangeError, `metric is "toString"; ${METRICS}`],
  [
    'neighbors',
    [{ k: 1, threshold: 'max' }],
    RangeError,
    'threshold is "max"; it must be one of median, mean, zero.',
  ],
  ['distances', [{ metric: null }], RangeError, `metric is null; ${METRICS}`],
  ['distances', [['a']], TypeError, `The argument is an Array; ${OBJECT} { metric: 'cosine' }.`],
  ['distances', [{ space: 'foo' }], RangeError, `space is "foo"; ${SPACES}`],
  [
    'distances',
    [{ space: 'picture' }],
    RangeError,
    'No item has a vector in the picture space. Add items, or name a space that has some: joint, text.',
  ],
  ['distances', [{ ids: 'a' }], TypeError, `ids is "a"; ${IDS}`],
  ['distances', [{ ids: [1] }], TypeError, 'ids[0] is 1; it must be a string.'],
  [
    'distances',
    [{ ids: ['a', 'z'] }],
    RangeError,
    'ids[1] is "z", and no item has that id. Take ids from items().',
  ],
  [
    'distances',
    [{ ids: [] }],
    RangeError,
    'ids is empty. Name at least one, or leave ids out for the whole space.',
  ],
  ['similarity', [], TypeError, `The argument is missing; ${OBJECT} { labels: ['dog', 'cat'] }.`],
  ['similarity', [{}], TypeError, 'labels is missing; it must be an array of words.'],
  ['similarity', [{ labels: 'ab' }], TypeError, 'labels is "ab"; it must be an array of words.'],
  ['similarity', [{ labels: ['a', ' '] }], TypeError, 'labels[1] is " "; it must be words.'],
  ['similarity', [{ labels: [3] }], TypeError, 'labels[0] is 3; it must be words.'],
  [
    'similarity',
    [{ labels: ['a'], pictures: ['z'] }],
    RangeError,
    'pictures[0] is "z", and no item has that id. Take ids from items().',
  ],
  [
    'similarity',
    [{ labels: ['a'], templates: 'a {}' }],
    TypeError,
    'templates is "a {}"; it must be an array of templates such as "a photo of a {}".',
  ],
  [
    'similarity',
    [{ labels: ['a'], templates: ['a {}', 'a photo'] }],
    RangeError,
    'The template "a photo" has no {}, which stands for the label. Write it as in "a photo of a {}".',
  ],
  [
    'similarity',
    [{ labels: ['a'], temperature: 2 }],
    RangeError,
    'temperature is 2; it must be a number from 0.01 to 1.',
  ],
  [
    'similarity',
    [{ labels: ['a'], temperature: '1' }],
    TypeError,
    'temperature is "1"; it must be a number from 0.01 to 1.',
  ],
  ['layout', [null], TypeError, `The argument is null; ${OBJECT} { seed: 7 }.`],
  ['layout', [{ dimensions: 7 }], RangeError, 'dimensions is 7; it must be one of 2, 3.'],
  ['layout', [{ method: 'tsne' }], RangeError, 'method is "tsne"; it must be one of umap, pca, scaling.'],
  ['layout', [{ metric: 'foo' }], RangeError, `metric is "foo"; ${METRICS}`],
  ['layout', [{ space: 'foo' }], RangeError, `space is "foo"; ${SPACES}`],
  [
    'layout',
    [{ space: 'vectors' }],
    RangeError,
    'No item has a vector in the vectors space. Add items, or name a space that has some: joint, text.',
  ],
  ['layout', [{ seed: -1 }], RangeError, 'seed is -1; it must be a whole number of 0 or more.'],
  ['layout', [{ seed: 'x' }], TypeError, 'seed is "x"; it must be a whole number of 0 or more.'],
  ['layout', [{ neighbors: 1 }], RangeError, 'neighbors is 1; it must be a whole number from 2 to 200.'],
  ['layout', [{ neighbors: 201 }], RangeError, 'neighbors is 201; it must be a whole number from 2 to 200.'],
  ['layout', [{ minDist: 1.1 }], RangeError, 'minDist is 1.1; it must be a number from 0 to 1.'],
  ['layout', [{ minDist: Number.NaN }], RangeError, 'minDist is NaN; it must be a number from 0 to 1.'],
  [
    'compare',
    ['cosine'],
    TypeError,
    'panes is "cosine"; it must be an array of panes such as { metric: "cosine" }.',
  ],
  ['compare', [['cosine']], TypeError, `panes[0] is "cosine"; ${OBJECT} { metric: 'cosine' }.`],
  ['compare', [[{}, { metric: 'foo' }]], RangeError, `panes[1].metric is "foo"; ${METRICS}`],
  [
    'compare',
    [[{ model: 7 }]],
    TypeError,
    "panes[0].model is 7; it must be a model's id, as models() gives them.",
  ],
  [
    'compare',
    [[{ projection: 'tsne' }]],
    RangeError,
    'panes[0].projection is "tsne"; it must be one of umap, pca, scaling.',
  ],
  ['compare', [new Array(7).fill({})], RangeError, 'panes has 7 panes; there is room for 6. Name fewer.'],
  [
    'compare',
    [[{ space: 'picture' }]],
    RangeError,
    'No item has a vector in the picture space. Add items, or name a space that has some: joint, text.',
  ],
  ['select', ['a'], TypeError, `ids is "a"; ${IDS}`],
  ['select', [[Symbol('a')]], TypeError, 'ids[0] is a Symbol; it must be a string.'],
  ['select', [['z']], RangeError, 'ids[0] is "z", and no item has that id. Take ids from items().'],
  ['remove', [Promise.resolve([])], TypeError, `ids is a Promise; ${IDS}`],
  ['remove', [['a', 'z']], RangeError, 'ids[1] is "z", and no item has that id. Take ids from items().'],
];

const cases = refused.map(([name, given, type, message]) => ({ name, given, type, message }));

describe('a call of the handle with a wrong argument', () => {
  test.each(cases)('$name: $message', async ({ name, given, type, message }) => {
    const error: unknown = await call(name, given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toHaveProperty('message', message);
    expect(calls).toEqual([]);
  });

  test('says that the page is empty', async () => {
    collection.clear();
    const message =
      'No item has a vector in the joint space. Add items, or name a space that has some: none yet.';
    await expect(handle.layout()).rejects.toThrow(new RangeError(message));
    await expect(handle.distances()).rejects.toThrow(new RangeError(message));
    expect(calls).toEqual([]);
  });

  test('says what a vector of another length met', () => {
    const add = (id: string, numbers: number) =>
      collection.add([
        {
          item: { id, kind: 'vector', name: id, source: 'vectors', addedAt: 0 },
          vectors: { vectors: new Float32Array(numbers) },
        },
      ]);
    add('v', 16);
    expect(() => add('w', 8)).toThrow(
      'The collection holds vectors of 16 numbers, and these have 8. Clear the collection first, or bring vectors of 16 numbers.',
    );
  });
});

describe('a call of the handle with right arguments', () => {
  const signal = new AbortController().signal;
  const job = { signal, onProgress: () => {} };
  const file = new File([], 'x.png');
  const right: readonly (readonly [name: Call, ...given: unknown[]])[] = [
    ['addFiles', [file], job],
    ['addFiles', [], undefined],
    ['addTexts', ['a', ''], { signal: undefined }],
    ['addVectors', { vectors: Float32Array.of(1), dimension: 1, ids: [''], fields: [{ x: 1, y: 'a' }] }, job],
    ['addVectors', { vectors: new Float64Array(2), dimension: 2 }, undefined],
    ['addVectors', { vectors, dimension: 4 }, undefined],
    ['addSamples', undefined],
    ['search', 'bird', { count: 1, kind: 'picture', ...job }],
    ['search', file, {}],
    ['neighbors', { k: 2, metric: 'hamming', threshold: 'zero', space: 'text', ...job }],
    ['neighbors', { k: 1, ids: ['a', 'b'] }],
    ['distances', {}],
    ['distances', { ids: ['c'] }],
    ['similarity', { labels: ['a'], pictures: ['a'], temperature: 0.01 }],
    ['similarity', { labels: [], templates: ['{}', 'a {}'] }],
    ['convertModel', 'x', 'int8', job],
    ['compare', undefined, undefined],
    ['compare', [], undefined],
    ['compare', [{ metric: 'hamming', projection: 'pca', dimensions: 3 }, {}], job],
    ['layout', {}],
    ['layout', { method: 'pca', dimensions: 3, seed: 0, neighbors: 200, minDist: 0, space: 'text' }],
    ['layout', { method: 'scaling', metric: 'hamming' }],
    ['layout', { neighbors: 2, minDist: 1 }],
    ['select', []],
    ['remove', ['a', 'b']],
  ];

  test.each(right.map(([name, ...given]) => ({ name, given })))('$name $given', async ({ name, given }) => {
    await expect(call(name, given)).rejects.toThrow('reached');
    expect(calls).toEqual([[name, ...given]]);
  });

  test('files may come as anything that can be gone through', async () => {
    await expect(call('addFiles', [new Set([file])])).rejects.toThrow('reached');
    expect(calls).toEqual([['addFiles', [file], undefined]]);
  });
});
