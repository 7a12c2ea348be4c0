// A model's files among what was dropped: they go to the models, everything else onto the map.
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { sortModel } from '../../src/app/commands/sort-model.ts';
import type { Source } from '../../src/data/sources.ts';

const MODEL = ['config.json', 'tokenizer.json', 'model.safetensors'];
const inFolder = (folder: string, ...names: string[]) => names.map((name) => `${folder}/${name}`);

test.each<[string, string[], string[]]>([
  ['pictures and texts', ['cat.png', 'words.txt', 'notes/a.md'], []],
  ['settings alone', ['config.json', 'cat.png'], []],
  [
    'a folder',
    inFolder('clip', 'README.md', 'cat.png', ...MODEL),
    inFolder('clip', 'README.md', 'cat.png', ...MODEL),
  ],
  ['loose files, and a picture', [...MODEL, 'cat.PNG'], MODEL],
  [
    'a folder, and another of pictures',
    [...inFolder('pets', 'cat.png'), ...inFolder('mine/clip', ...MODEL)],
    inFolder('mine/clip', ...MODEL),
  ],
  ['tfjs', ['model.json', 'group1-shard1of1.bin'], ['model.json', 'group1-shard1of1.bin']],
  [
    'shards',
    ['a/config.json', 'a/model.safetensors.index.json'],
    ['a/config.json', 'a/model.safetensors.index.json'],
  ],
  [
    'weights that are refused, with a reason',
    inFolder('old', 'config.json', 'pytorch_model.bin'),
    inFolder('old', 'config.json', 'pytorch_model.bin'),
  ],
])('%s', async (_, paths, model) => {
  expect(await sorted(paths.map((path) => source(path)))).toEqual({
    model,
    items: paths.filter((path) => !model.includes(path)),
  });
});

test('a zip is looked into, and stays what it is where it is damaged', async () => {
  const packed = (...paths: string[]) =>
    zipSync(Object.fromEntries(paths.map((path) => [path, new Uint8Array(1)])));
  const given = [
    source('clip.zip', packed(...inFolder('inner', ...MODEL))),
    source('pets.zip', packed('cat.png')),
    source('broken.zip', new Uint8Array(9)),
  ];
  expect(await sorted(given)).toEqual({ model: ['clip.zip'], items: ['pets.zip', 'broken.zip'] });
});

test('a long walk is not waited for', async () => {
  let walked = 0;
  async function* walk() {
    for (; walked < 1000; walked++) yield source(`pets/${walked}.png`);
  }
  const { model, items } = await sortModel(walk());
  expect([model, walked < 200]).toEqual([[], true]);
  const names: string[] = [];
  for await (const { path } of items) names.push(path);
  expect([names.length, new Set(names).size]).toEqual([1000, 1000]);
});

async function sorted(given: readonly Source[]): Promise<{ model: string[]; items: string[] }> {
  const { model, items, areItems } = await sortModel(given);
  const kept: string[] = [];
  for await (const { path } of items) kept.push(path);
  expect(areItems).toBe(kept.length > 0);
  return { model: model.map(({ path }) => path), items: kept };
}

function source(path: string, bytes = new Uint8Array()): Source {
  const blob = new Blob([new Uint8Array(bytes)]);
  return { name: path, path, size: blob.size, blob: async () => blob };
}
