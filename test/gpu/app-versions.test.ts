// What the page does when a stored model's files change: a newer version of it comes, or its weights are made smaller.
import { beforeAll, expect, test } from 'vitest';
import { addTexts } from '../../src/app/commands/add.ts';
import { mapBefore } from '../../src/app/commands/arrange.ts';
import { convertModel } from '../../src/app/commands/convert-model.ts';
import { models } from '../../src/app/commands/models.ts';
import { clear } from '../../src/app/commands/remove.ts';
import { switchModel } from '../../src/app/commands/switch-model.ts';
import { compare, endCompare } from '../../src/app/compare/commands.ts';
import { knownLayout } from '../../src/app/compare/layouts.ts';
import { mainSetting } from '../../src/app/compare/main-setting.ts';
import { membersOf } from '../../src/app/compare/members.ts';
import { readCompare } from '../../src/app/compare/state.ts';
import { modelStore } from '../../src/app/services.ts';
import { readApp } from '../../src/app/store.ts';
import { installModel, localOrigin } from '../../src/models/hub/install.ts';
import { createMemoryStore } from '../../src/models/store/memory-store.ts';
import type { StoredModel } from '../../src/models/store/model-store.ts';
import { embeddingKey } from '../../src/models/stored-embedder.ts';
import { converted, fixtureFolder } from './stored-fixture.ts';

const FILES = ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'];
const TEXTS = ['a cat', 'two red cats', 'a house by the sea', 'blue'];

const store = createMemoryStore();
let files: Map<string, Blob>;

beforeAll(async () => {
  // The test's page lies deeper than the embedded model's folder.
  document.head.append(Object.assign(document.createElement('base'), { href: '/' }));
  modelStore.set(store);
  files = await fixtureFolder('clip/hf-mixed', FILES);
  await clear();
  await put('owner/tiny', 'v1', files);
  await switchModel('owner/tiny');
  await addTexts(TEXTS);
});

/** A version of a model, as if it came from the hub. */
async function put(id: string, revision: string, content: ReadonlyMap<string, Blob>): Promise<StoredModel> {
  const given = Array.from(content, ([path, blob]) => ({ path, bytes: blob.size, blob: async () => blob }));
  const { files: origins } = localOrigin({ name: id, loose: false, files: given });
  const description = { id, revision, source: 'hub', address: id, precision: 'as published' } as const;
  return installModel({ description, files: origins }, store);
}

const listed = async (id: string) => (await models()).find((model) => model.id === id);

test('a newer version of the model in use is taken when it is used anew, with its vectors and a map of its own', async () => {
  const before = mainSetting();
  const { ids, set } = await membersOf(before);
  const map = mapBefore(readApp().settings);
  const layout = knownLayout(before, ids) ?? map;
  expect(layout?.ids).toEqual(ids);

  const newer = await put('owner/tiny', 'v2', await converted(files, 'int8'));
  expect(await listed('owner/tiny')).toMatchObject({ revision: 'v2', inUse: false });
  // Until then the page stays what it was, also where it is asked again.
  expect((await membersOf(before)).set.vectors).toEqual(set.vectors);
  expect(mapBefore(readApp().settings)).toBe(map);

  await switchModel('owner/tiny');
  expect(readApp()).toMatchObject({ modelId: 'owner/tiny', model: { key: embeddingKey(newer) } });
  expect(await listed('owner/tiny')).toMatchObject({ revision: 'v2', inUse: true });
  const now = await membersOf(before);
  expect(now.ids).toEqual(ids);
  expect(now.set.vectors).not.toEqual(set.vectors);
  expect(mapBefore(readApp().settings)).not.toBe(map);
  expect(readApp().placement).not.toBe(map);
});

test('a comparison shows no map of weights that were made smaller since', async () => {
  await put('owner/other', 'v1', files);
  await switchModel('owner/other');
  const setting = { ...mainSetting(), projection: 'pca', model: 'owner/other' } as const;
  await compare([setting]);
  await switchModel('owner/tiny');
  await compare([setting]);
  const { ids } = await membersOf(setting);
  expect(knownLayout(setting, ids)?.ids).toHaveLength(TEXTS.length);

  await convertModel('owner/other', 'float16');
  expect(readCompare().panes[0]?.shown).toBeUndefined();
  expect(knownLayout(setting, ids)).toBeUndefined();
  await expect(compare([setting])).rejects.toThrow('4 items have no embedding by owner/other yet');
  await switchModel('owner/other');
  await expect(compare([setting])).resolves.toMatchObject({ panes: [{ ids }] });
  endCompare();
});
