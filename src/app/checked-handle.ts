import type { ItemKind } from '../data/item.ts';
import type { BitThreshold } from '../metrics/engine.ts';
import type { Precision } from '../models/weights/convert.ts';
import {
  type Check,
  checkOptions,
  is,
  isText,
  listOf,
  numberIn,
  oneOf,
  optional,
  recordOf,
  string,
  wholeNumber,
} from './check-arguments.ts';
import { type Collection, type CollectionSpace, SPACES } from './collection.ts';
import type {
  ExportKind,
  ExportView,
  LayoutRequest,
  MatrixRequest,
  MeasuredPart,
  NearfieldHandle,
} from './handle.ts';
import { checkTemplates } from './label-templates.ts';
import { METRICS } from './metric-list.ts';
import { count } from './words.ts';

const METHODS: readonly LayoutRequest['method'][] = ['umap', 'pca', 'scaling'];
const KINDS: readonly ItemKind[] = ['picture', 'text', 'vector'];
const PRECISIONS: readonly Precision[] = ['float16', 'int8'];
const THRESHOLDS: readonly BitThreshold[] = ['median', 'mean', 'zero'];

const JOB = {
  signal: optional(is('an AbortSignal', (value) => value instanceof AbortSignal)),
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

const PANE = {
  ...SPACE,
  model: optional(is("a model's id, as models() gives them", isText)),
  projection: optional(oneOf(METHODS)),
  dimensions: LAYOUT.dimensions,
  neighbors: LAYOUT.neighbors,
  minDist: LAYOUT.minDist,
  seed: LAYOUT.seed,
};
const MOST_PANES = 6;

const ORDERS: readonly MatrixRequest['order'][] = ['added', 'label', 'cluster', 'map'];

const MATRIX = { ...JOB, ...SPACE, other: SPACE.metric, order: optional(oneOf(ORDERS)) };

const EXPORTS: readonly ExportKind[] = ['png', 'svg', 'positions', 'neighbors', 'distances', 'report'];
const VIEWS: readonly ExportView[] = ['map', 'matrix', 'shepard', 'histogram', 'playground'];
const flag = is('true or false', (value) => typeof value === 'boolean');
const EXPORT = {
  ...JOB,
  view: optional(oneOf(VIEWS)),
  metric: SPACE.metric,
  k: optional(wholeNumber(1)),
  thumbnails: optional(flag),
  bom: optional(flag),
  guard: optional(flag),
};

const PARTS: readonly MeasuredPart[] = ['agreement', 'correlations', 'honesty', 'space'];
const MEASURED = {
  part: oneOf(PARTS),
  metrics: optional(listOf('metrics', oneOf(METRICS.map(({ id }) => id)))),
  space: SPACE.space,
};

const SEARCH = {
  ...JOB,
  count: optional(wholeNumber(1)),
  kind: optional(oneOf(KINDS)),
};

const numbers = listOf(
  'numbers, or a Float32Array',
  is('a number: the rows follow one another in one flat array', (value) => typeof value === 'number'),
);

const VECTORS = {
  vectors: (name: string, value: unknown) => {
    if (!(value instanceof Float32Array || value instanceof Float64Array)) numbers(name, value);
  },
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

const queryCheck = is("words, a File or an item's id", (value) => value instanceof File || isText(value));

const modelName = is('an id, as models() gives them', isText);

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
      `No item has a vector in the ${space} space. Add items, or name a space that has some: ${filled.join(', ') || 'none yet'}.`,
    );
  };

  return {
    ...handle,
    async addFiles(files, options) {
      // Whatever can be gone through will do (a FileList), and some only once.
      const isList = typeof files === 'object' && files !== null && Symbol.iterator in files;
      const list = isList ? [...files] : files;
      listOf('File objects', file)('files', list);
      checkJob(options);
      return handle.addFiles(list, options);
    },
    async addTexts(texts, options) {
      listOf('strings', string)('texts', texts);
      checkJob(options);
      return handle.addTexts(texts, options);
    },
    async addVectors(input, options) {
      checkOptions(input, VECTORS, '{ vectors: [0, 1, 1, 0], dimension: 2 }');
      checkJob(options);
      return handle.addVectors(input, options);
    },
    async addSamples(options) {
      checkJob(options);
      return handle.addSamples(options);
    },
    async search(query, options = {}) {
      queryCheck('The query', query);
      checkOptions(options, SEARCH, '{ count: 5 }');
      return handle.search(query, options);
    },
    async neighbors(options) {
      checkOptions(options, { ...MEASURE, k: wholeNumber(1) }, '{ k: 5 }');
      const { k, space } = options;
      const members = countMembers(space, options.ids);
      if (k < members) return handle.neighbors(options);
      throw new RangeError(
        `k is ${k}; with ${count(members, 'item')} it can be at most ${members - 1}. Ask for fewer, or add items.`,
      );
    },
    async distances(options = {}) {
      checkOptions(options, MEASURE, "{ metric: 'cosine' }");
      countMembers(options.space, options.ids);
      return handle.distances(options);
    },
    async similarity(options) {
      const checks = {
        ...JOB,
        labels: listOf('words', is('words', isText)),
        pictures: optional(ids),
        templates: optional(listOf('templates such as "a photo of a {}"', string)),
        temperature: optional(numberIn(0.01, 1)),
      };
      checkOptions(options, checks, "{ labels: ['dog', 'cat'] }");
      if (options.templates) checkTemplates(options.templates);
      return handle.similarity(options);
    },
    async layout(request = {}) {
      checkOptions(request, LAYOUT, '{ seed: 7 }');
      countMembers(request.space);
      return handle.layout(request);
    },
    async compare(panes, options) {
      const pane: Check = (name, value) => checkOptions(value, PANE, "{ metric: 'cosine' }", name);
      optional(listOf('panes such as { metric: "cosine" }', pane))('panes', panes);
      checkJob(options);
      if (panes && panes.length > MOST_PANES) {
        throw new RangeError(`panes has ${panes.length} panes; there is room for ${MOST_PANES}. Name fewer.`);
      }
      if (panes?.length === 0) return handle.compare(panes, options);
      for (const { space } of panes ?? [{}]) countMembers(space);
      return handle.compare(panes, options);
    },
    async matrix(request = {}) {
      checkOptions(request, MATRIX, "{ metric: 'cosine' }");
      const members = countMembers(request.space);
      if (members > 1) return handle.matrix(request);
      throw new RangeError('A matrix needs two items in its space, and there is one. Add another.');
    },
    async exportAs(kind, options = {}) {
      oneOf(EXPORTS)('kind', kind);
      checkOptions(options, EXPORT, '{ k: 5 }');
      return handle.exportAs(kind, options);
    },
    async measures(request, options) {
      checkOptions(request, MEASURED, "{ part: 'agreement' }");
      checkJob(options);
      const { part, metrics, space } = request;
      const least = part === 'agreement' || part === 'correlations' ? 2 : 1;
      if (metrics && metrics.length < least) {
        throw new RangeError(
          `metrics names ${metrics.length}; ${part} needs ${least} or more. Name more, or leave metrics out.`,
        );
      }
      countMembers(space);
      return handle.measures(request, options);
    },
    async addModel(source, options = {}) {
      if (typeof source === 'string')
        is('a repository such as "owner/name", or File objects', isText)('source', source);
      const isList = typeof source === 'object' && source !== null && Symbol.iterator in source;
      const given = isList ? [...source] : source;
      if (typeof given !== 'string')
        listOf('File objects, or a repository such as "owner/name"', file)('source', given);
      checkOptions(options, { ...JOB, host: optional(string) }, "{ host: 'https://huggingface.co' }");
      return handle.addModel(given, options);
    },
    async useModel(model, options) {
      modelName('The model', model);
      checkJob(options);
      return handle.useModel(model, options);
    },
    async convertModel(model, precision, options) {
      modelName('The model', model);
      oneOf(PRECISIONS)('precision', precision);
      checkJob(options);
      return handle.convertModel(model, precision, options);
    },
    async removeModel(model) {
      modelName('The model', model);
      return handle.removeModel(model);
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

function checkJob(options: unknown = {}): void {
  checkOptions(options, JOB, '{ signal, onProgress }');
}
