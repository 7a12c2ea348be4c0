import type { ItemKind } from '../data/item.ts';
import type { BitThreshold } from '../metrics/engine.ts';
import {
  type Check,
  is,
  listOf,
  numberIn,
  object,
  oneOf,
  optional,
  recordOf,
  someText,
  string,
  wholeNumber,
} from './check-arguments.ts';
import { type Collection, type CollectionSpace, SPACES } from './collection.ts';
import type { LayoutRequest, NearfieldHandle } from './handle.ts';
import { METRICS } from './metric-list.ts';
import { count } from './words.ts';

const METHODS: readonly LayoutRequest['method'][] = ['umap', 'pca'];
const KINDS: readonly ItemKind[] = ['picture', 'text', 'vector'];
const THRESHOLDS: readonly BitThreshold[] = ['median', 'mean', 'zero'];

const JOB = {
  signal: optional(
    is("an AbortController's signal, an AbortSignal", (value) => value instanceof AbortSignal),
  ),
  onProgress: optional(is('a function (done, total, what)', (value) => typeof value === 'function')),
};

const SPACE = {
  metric: optional(oneOf(METRICS.map(({ id }) => id))),
  space: optional(oneOf(SPACES)),
};

const LAYOUT = {
  ...JOB,
  ...SPACE,
  method: optional(oneOf(METHODS)),
  dimensions: optional(oneOf([2, 3])),
  seed: optional(wholeNumber(0)),
  neighbors: optional(wholeNumber(2, 200)),
  minDist: optional(numberIn(0, 1)),
};

const VECTORS = {
  vectors: numbers,
  dimension: wholeNumber(1),
  ids: optional(listOf('names, one a row', string)),
  fields: optional(
    listOf(
      'objects, one a row',
      recordOf(
        'strings or numbers',
        is('a string or a number', (value) => typeof value === 'string' || typeof value === 'number'),
      ),
    ),
  ),
};

const file = is('a File', (value) => value instanceof File);

/** What the checks need to know of the page. */
interface Page {
  readonly collection: Collection;
  currentSpace(): CollectionSpace;
}

/**
 * The handle with every call's arguments looked at before anything begins, so that a refused call changes nothing.
 * The calls throw a TypeError for what is of the wrong type, a RangeError for what is out of range or unknown.
 */
export function checkedHandle(handle: NearfieldHandle, { collection, currentSpace }: Page): NearfieldHandle {
  const id: Check = (name, value) => {
    string(name, value);
    if (!collection.has(String(value))) {
      throw new RangeError(`${name} is "${value}", and no item has that id. Take ids from items().`);
    }
  };
  const ids = listOf('ids, as items() gives them', id);
  const MEASURE = { ...JOB, ...SPACE, threshold: optional(oneOf(THRESHOLDS)), ids: optional(ids) };

  /** How many items a call speaks of. */
  const countMembers = (space = currentSpace(), chosen?: readonly unknown[]): number => {
    if (chosen?.length === 0) {
      throw new RangeError('ids is empty. Name at least one, or leave ids out for the whole space.');
    }
    const members = collection.members(space).ids.length;
    if (members > 0) return chosen?.length ?? members;
    const filled = SPACES.filter((other) => collection.members(other).ids.length > 0);
    throw new RangeError(
      `No item has a vector in the ${space} space. ${filled.length > 0 ? `Name a space that has some (${filled.join(', ')}), or add items.` : 'Add pictures, words or vectors first.'}`,
    );
  };

  return {
    ...handle,
    async addFiles(files, options) {
      // Whatever can be gone through will do (a FileList), and some only once.
      const isList = typeof files === 'object' && files !== null && Symbol.iterator in files;
      const list = isList ? [...files] : files;
      listOf('File objects', file)('files', list);
      checkJob('addFiles([file], ', options);
      return handle.addFiles(list, options);
    },
    async addTexts(texts, options) {
      listOf('strings', string)('texts', texts);
      checkJob("addTexts(['a dog'], ", options);
      return handle.addTexts(texts, options);
    },
    async addVectors(input, options) {
      object(VECTORS, 'addVectors({ vectors: [0, 1, 1, 0], dimension: 2 })')('The argument', input);
      checkJob('addVectors({ … }, ', options);
      return handle.addVectors(input, options);
    },
    async addSamples(options) {
      checkJob('addSamples(', options);
      return handle.addSamples(options);
    },
    async search(query, options) {
      if (!(query instanceof File)) {
        is("words, a File or an item's id", (value) => typeof value === 'string')('The query', query);
        someText('The query', query);
      }
      const checks = { ...JOB, count: optional(wholeNumber(1)), kind: optional(oneOf(KINDS)) };
      optional(object(checks, "search('bird', { count: 5 })"))('The second argument', options);
      return handle.search(query, options);
    },
    async neighbors(options) {
      object({ ...MEASURE, k: wholeNumber(1) }, 'neighbors({ k: 5 })')('The argument', options);
      const { k, space } = options;
      const members = countMembers(space, options.ids);
      if (k < members) return handle.neighbors(options);
      throw new RangeError(
        `k is ${k}; with ${count(members, 'item')} it can be at most ${members - 1}. Ask for fewer, or add items.`,
      );
    },
    async distances(options) {
      optional(object(MEASURE, "distances({ metric: 'cosine' })"))('The argument', options);
      countMembers(options?.space, options?.ids);
      return handle.distances(options);
    },
    async similarity(options) {
      const checks = {
        ...JOB,
        labels: listOf('strings', someText),
        pictures: optional(ids),
        temperature: optional(numberIn(0.01, 1)),
      };
      object(checks, "similarity({ labels: ['dog', 'cat'] })")('The argument', options);
      return handle.similarity(options);
    },
    async layout(request) {
      optional(object(LAYOUT, 'layout({ seed: 7 })'))('The argument', request);
      countMembers(request?.space);
      return handle.layout(request);
    },
    select(chosen) {
      ids('ids', chosen);
      handle.select(chosen);
    },
    async remove(chosen) {
      ids('ids', chosen);
      return handle.remove(chosen);
    },
  };
}

function checkJob(call: string, options: unknown): void {
  optional(object(JOB, `${call}{ signal })`))('The last argument', options);
}

/** Numbers one after the other: an array of them, or a typed array. */
function numbers(name: string, value: unknown): void {
  const each = is(
    'a number: the rows follow one another in one flat array',
    (number) => typeof number === 'number',
  );
  if (Array.isArray(value)) listOf('numbers', each)(name, value);
  else is('a Float32Array or an array of numbers', isTypedArray)(name, value);
}

/** Of numbers, that is: a BigInt64Array will not do. */
function isTypedArray(value: unknown): boolean {
  return / (Float|Uint|Int)\d+\w*\]$/.test(Object.prototype.toString.call(value));
}
