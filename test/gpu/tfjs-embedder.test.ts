// tfjs models as the page has them: files, store, worker, backend; against plain loops (tools/make-tfjs-fixtures.mjs).
import { expect, test } from 'vitest';
import type { RgbaImage } from '../../src/common/image.ts';
import { installModel, localOrigin } from '../../src/models/hub/install.ts';
import { listLocalFiles, pickModel } from '../../src/models/hub/local-files.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import type { OpenedModel } from '../../src/models/store/model-store.ts';
import { embeddingKey, openStoredEmbedder } from '../../src/models/stored-embedder.ts';

// float32 sums in another order on each backend; the values are up to 1.
const TOLERANCE = 1e-4;

const LAYERS = ['model.json', 'weights.bin'];
const GRAPH = ['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'];

interface Expected {
  readonly side: number;
  readonly pictures: readonly (readonly number[])[];
  readonly layers: readonly (readonly number[])[];
  readonly graph: readonly (readonly number[])[];
}

test.each([
  ['graph', 'wasm', GRAPH],
  ['layers', 'webgpu', LAYERS],
  ['graph', 'webgpu', GRAPH],
] as const)('a %s model on %s gives what plain loops make', async (kind, backend, paths) => {
  const expected: Expected = JSON.parse(new TextDecoder().decode(await fixture('expected.json')));
  const opened = await store(kind, await files(kind, paths));
  const embedder = await openStoredEmbedder(opened, { backend, threads: 1 });
  expect(embedder.info).toMatchObject({
    key: embeddingKey(opened.model),
    name: kind,
    backend,
    takes: { pictures: true, texts: false },
    dimensions: { joint: 12, picture: 12, text: 0 },
    preparation: { size: 16 },
  });
  const pictures = expected.pictures.map((bytes) => toImage(bytes, expected.side));
  const found = await embedder.embedPictures(pictures);
  for (const [at, { joint, picture }] of found.entries()) {
    expect(picture).toEqual(joint);
    expect(farthest(joint, expected[kind][at] ?? [])).toBeLessThan(TOLERANCE);
  }
  expect(found).toHaveLength(3);
  await expect(embedder.embedTexts(['a word'])).rejects.toMatchObject({ name: 'NotTaken' });
  embedder.dispose();
});

test('what wasm has no kernel for runs on the cpu, and what tfjs does not know is refused by name', async () => {
  const text = new TextDecoder().decode(await fixture('graph/model.json'));
  const shards = await files('graph', GRAPH.slice(1));
  const rowBy = (op: string) => {
    const model = JSON.parse(text);
    for (const node of model.modelTopology.node)
      if (node.name === 'row') Object.assign(node, { op, attr: { equation: { s: btoa('ij,jk->ik') } } });
    return new Map([['model.json', new Blob([JSON.stringify(model)])], ...shards]);
  };
  const expected: Expected = JSON.parse(new TextDecoder().decode(await fixture('expected.json')));
  // Of tfjs 4.22, the cpu backend has a kernel for it and wasm has none.
  const embedder = await openStoredEmbedder(await store('einsum', rowBy('Einsum')), {
    backend: 'wasm',
    threads: 1,
  });
  expect(embedder.info.backend).toBe('cpu');
  const [row] = await embedder.embedPictures([toImage(expected.pictures[0] ?? [], expected.side)]);
  expect(farthest(row?.joint ?? new Float32Array(), expected.graph[0] ?? [])).toBeLessThan(TOLERANCE);
  embedder.dispose();
  const unknown = await store('unknown', rowBy('Frobnicate'));
  await expect(openStoredEmbedder(unknown, { backend: 'wasm', threads: 1 })).rejects.toMatchObject({
    name: 'InvalidModelFile',
    message: expect.stringContaining('"Frobnicate", which tfjs does not know'),
  });
});

/** Takes files in as a person's own folder. */
async function store(folder: string, contents: ReadonlyMap<string, Blob>): Promise<OpenedModel> {
  const given = Array.from(contents, ([path, blob]) => {
    const file = new File([blob], path);
    Object.defineProperty(file, 'webkitRelativePath', { value: `${folder}/${path}` });
    return file;
  });
  const models = createMemoryStore();
  const picked = await pickModel(await listLocalFiles(given, () => Promise.reject(new Error('no zip'))));
  const { id } = await installModel(localOrigin(picked), models);
  const opened = await models.open(id);
  if (!opened) throw new Error(`${id} was not stored.`);
  return opened;
}

async function files(folder: string, paths: readonly string[]): Promise<Map<string, Blob>> {
  const contents = new Map<string, Blob>();
  for (const path of paths) contents.set(path, new Blob([await fixture(`${folder}/${path}`)]));
  return contents;
}

async function fixture(path: string): Promise<ArrayBuffer> {
  const response = await fetch(`/test/fixtures/tfjs/${path}`);
  expect(response.ok).toBe(true);
  return response.arrayBuffer();
}

function toImage(bytes: readonly number[], side: number): RgbaImage {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let pixel = 0; pixel < side * side; pixel++)
    data.set(bytes.slice(pixel * 3, pixel * 3 + 3), pixel * 4);
  return { data, width: side, height: side };
}

function farthest(found: Float32Array, expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return Math.max(...found.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN))));
}
