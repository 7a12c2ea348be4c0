import { readdirSync, readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { type PlayedHub, playHub } from '../hub-server.ts';
import { drop, expect, type PlainFile, pictures, settle, start, test } from './page.ts';

// A CLIP of random weights in the true layout (tools/make-clip-fixtures.py).
const PATHS = ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'];
const tiny = new Map(
  PATHS.map((path) => [path, new Uint8Array(readFileSync(`test/fixtures/clip/hf-quick-gelu/${path}`))]),
);
const REPOSITORY = 'people/tiny-clip';

function tinyZip(): PlainFile {
  const packed = zipSync(Object.fromEntries(tiny));
  return { name: 'tiny-clip.zip', mimeType: 'application/zip', buffer: Buffer.from(packed) };
}

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** How many numbers an item's vector has, and which model is in use. */
function stateOf(page: Page) {
  return page.evaluate(async () => {
    const models = await window.nearfield.models();
    return {
      used: models.filter(({ inUse }) => inUse).map(({ id }) => id),
      stored: models.map(({ id }) => id),
      items: window.nearfield.items().map(({ name }) => name),
      distances: [...(await window.nearfield.distances({ space: 'joint' }))],
    };
  });
}

test("a person's own model is stored, used, remembered, left again and deleted", async ({ page }) => {
  await start(page);
  await drop(page, '.empty', pictures('cat', 'owl', 'pear'));
  await expect(page.getByRole('log')).toContainText('3 items added.', { timeout: 100_000 });
  await page.evaluate(() => window.nearfield.addTexts(['a bird']));
  await settle(page);
  const before = await stateOf(page);
  expect(before).toMatchObject({ used: ['embedded'], stored: ['embedded'] });

  await page.locator('.map-host').press('m');
  const here = page.getByRole('region', { name: 'Models here' });
  await expect(here).toContainText('In use');
  expect(await faults(page)).toEqual([]);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Use files…' }).click();
  await (await choosing).setFiles([tinyZip()]);
  await here.getByRole('button', { name: 'Use tiny-clip' }).click();
  await expect(here.getByRole('listitem').filter({ hasText: 'tiny-clip' })).toContainText('In use');
  await page.keyboard.press('Escape');
  await settle(page);
  const other = await stateOf(page);
  expect(other).toMatchObject({ used: ['tiny-clip'], items: before.items });
  expect(other.distances).not.toEqual(before.distances);
  expect(await page.evaluate(() => window.nearfield.search('bird', { count: 9 }))).toHaveLength(4);

  await page.reload();
  await page.evaluate(() => window.nearfield.ready);
  await settle(page);
  expect(await stateOf(page)).toEqual(other);

  await page.getByRole('button', { name: 'Models' }).click();
  await here.getByRole('button', { name: 'Use The embedded model' }).click();
  await expect(here.getByRole('button', { name: 'Use tiny-clip' })).toBeVisible();
  await here.getByRole('button', { name: 'Delete tiny-clip' }).click();
  expect(await faults(page)).toEqual([]);
  await here.getByRole('button', { name: /^Delete [\d.]+ kB$/ }).click();
  await expect(here.getByRole('listitem')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await settle(page);
  expect(await stateOf(page)).toEqual(before);
});

test('a model of pictures alone keeps words off the map, and says so; they are there for the next model', async ({
  page,
}) => {
  await start(page);
  await drop(page, '.empty', pictures('cat', 'owl', 'pear'));
  await expect(page.getByRole('log')).toContainText('3 items added.', { timeout: 100_000 });
  const files = ['config.json', 'model.safetensors', 'preprocessor_config.json'].map((path) => ({
    path,
    base64: readFileSync(`test/fixtures/vit/dinov2/${path}`).toString('base64'),
  }));
  const id = await page.evaluate(async (given) => {
    const opened = given.map(
      ({ path, base64 }) => new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], path),
    );
    const model = await window.nearfield.addModel(opened);
    await window.nearfield.useModel(model.id);
    await window.nearfield.addTexts(['a bird', 'a fruit']);
    return model.id;
  }, files);
  await settle(page);
  const log = page.getByRole('log');
  await expect(log).toContainText(
    'takes pictures only: 2 items kept off the map until another model is used',
  );
  const onMap = () => page.evaluate(async () => (await window.nearfield.layout()).ids.length);
  expect(await onMap()).toBe(3);
  expect((await page.evaluate(() => window.nearfield.models()))[1]).toMatchObject({ takes: 'pictures' });
  const refused = await page.evaluate(() =>
    window.nearfield.search('bird').catch(({ message }: Error) => message),
  );
  expect(refused).toBe(
    `${id} takes pictures only, no texts. Choose a model that takes texts (Models, key m).`,
  );

  await page.reload();
  await page.evaluate(() => window.nearfield.ready);
  await settle(page);
  expect(await page.evaluate(() => window.nearfield.items().length)).toBe(5);
  expect(await onMap()).toBe(3);
  await page.evaluate(() => window.nearfield.useModel('embedded'));
  await settle(page);
  expect(await onMap()).toBe(5);
});

/** A fixture's files as a drop gives them. */
function loose(folder: string, paths: readonly string[]): PlainFile[] {
  return paths.map((path) => ({
    name: path,
    mimeType: '',
    buffer: readFileSync(`test/fixtures/${folder}/${path}`),
  }));
}

test('model files that are dropped on the map are stored and offered; those that can never run are refused, saying why', async ({
  page,
}) => {
  await start(page);
  const log = page.getByRole('log');
  await drop(page, '.empty', [...loose('clip/hf-quick-gelu', PATHS), ...pictures('cat')]);
  const offer = log.getByRole('button', { name: 'Use it' });
  await expect(log).toContainText('is stored.');
  await settle(page);
  const { stored, items } = await stateOf(page);
  expect([stored.length, items]).toEqual([2, ['cat.webp']]);
  await page.evaluate((id) => window.nearfield.useModel(id), stored[1] ?? '');
  await expect(offer).toHaveCount(0);

  await drop(page, '.map-host', loose('bert/mpnet', ['config.json', 'model.safetensors']));
  await expect(log).toContainText('has no tokenizer.json, which says how texts are read.');
  const network = loose('tfjs/graph', readdirSync('test/fixtures/tfjs/graph'));
  const settings = { name: 'nearfield.json', mimeType: '', buffer: Buffer.from('{"scale":"0-1"}') };
  await drop(page, '.map-host', [...network, settings]);
  await expect(log).toContainText('nearfield.json cannot be used: ');
  expect((await stateOf(page)).stored).toEqual(stored);
});

/** Stores the tiny CLIP by the handle. */
async function storeTiny(page: Page): Promise<void> {
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    await window.nearfield.addModel([new File([bytes], 'tiny-clip.zip')]);
  }, tinyZip().buffer.toString('base64'));
}

test('a change that is cancelled midway changes nothing; searches live through one that is not', async ({
  page,
}) => {
  await start(page);
  const words = 'sun rain snow wind fog frost hail storm cloud thaw dew ice'.split(' ');
  await Promise.all([page.evaluate((texts) => window.nearfield.addTexts(texts), words), storeTiny(page)]);
  await settle(page);
  const before = await stateOf(page);
  const cancelled = await page.evaluate(async () => {
    const stop = new AbortController();
    const onProgress = (done: number) => done > 0 && stop.abort();
    return window.nearfield
      .useModel('tiny-clip', { signal: stop.signal, onProgress })
      .catch(({ name }: Error) => name);
  });
  expect(cancelled).toBe('AbortError');
  await settle(page);
  expect(await stateOf(page)).toEqual(before);

  // Long enough that the model before is still at it when the other comes into use.
  const queries = [1, 2, 3].map((times) => 'a storm over the sea '.repeat(50 + times));
  const answers = await page.evaluate(async (asked) => {
    const searches: Promise<unknown>[] = [];
    await window.nearfield.useModel('tiny-clip', {
      onProgress(done) {
        if (done > 0 && searches.length === 0)
          searches.push(...asked.map((query) => window.nearfield.search(query)));
      },
    });
    return Promise.all(searches);
  }, queries);
  expect(answers).toHaveLength(3);
  expect((await stateOf(page)).used).toEqual(['tiny-clip']);
  const again = await page.evaluate((query) => window.nearfield.search(query), queries.at(-1) ?? '');
  expect(answers.at(-1)).toEqual(again);
});

test('a stored model is made smaller where it is not in use; one that breaks gives way', async ({ page }) => {
  await start(page);
  await Promise.all([
    page.evaluate(() => window.nearfield.addTexts(['sun', 'rain', 'snow'])),
    storeTiny(page),
  ]);
  const convert = (precision: 'float16' | 'int8') =>
    page.evaluate(
      (target) => window.nearfield.convertModel('tiny-clip', target).catch(({ message }: Error) => message),
      precision,
    );
  const use = (id: string) => page.evaluate((model) => window.nearfield.useModel(model), id);
  await use('tiny-clip');
  expect(await convert('int8')).toContain('tiny-clip is in use');
  await use('embedded');
  const embedded = await stateOf(page);
  const [, stored] = await page.evaluate(() => window.nearfield.models());
  expect(stored).toMatchObject({ precision: 'float32' });
  const [, int8] = stored?.smaller ?? [];

  await page.locator('.map-host').press('m');
  await page.getByRole('button', { name: 'Make tiny-clip smaller' }).click();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: /^int8: / }).click();
  await expect(page.getByRole('region', { name: 'Models here' })).toContainText('int8 · from your files');
  await page.keyboard.press('Escape');
  const [, smaller] = await page.evaluate(() => window.nearfield.models());
  expect(smaller).toMatchObject({ precision: 'int8', bytes: int8?.bytes, smaller: [] });
  expect(await convert('float16')).toContain('tiny-clip is kept in int8');
  await use('tiny-clip');

  await page.evaluate(async () => {
    const store = await (await navigator.storage.getDirectory()).getDirectoryHandle('nearfield-models');
    for await (const name of store.keys()) {
      const folder = await store.getDirectoryHandle(name);
      const weights = await folder.getFileHandle('file-model.safetensors');
      const writer = await weights.createWritable();
      await writer.write(new Uint8Array((await weights.getFile()).size));
      await writer.close();
    }
  });
  await start(page);
  await expect(page.getByRole('log')).toContainText('tiny-clip could not be opened: ');
  await expect(page.getByRole('log')).toContainText('The embedded model is used instead.');
  await settle(page);
  expect(await stateOf(page)).toEqual({ ...embedded, stored: ['embedded', 'tiny-clip'] });
  expect(await page.evaluate(() => window.nearfield.search('fog'))).toHaveLength(3);
  await expect(page.getByRole('log').getByText('could not be opened')).toHaveCount(1);
});

test('a chosen model that is gone is told, and the embedded one takes over', async ({ page }) => {
  await start(page);
  await page.evaluate(() => {
    const gone = { id: 'people/gone', key: 'clip-1 0', dimension: 24 };
    localStorage.setItem('nearfield-model', JSON.stringify(gone));
  });
  await start(page);
  // The notice goes after some seconds, which loading the model can take, too.
  const adding = page.evaluate(() => window.nearfield.addTexts(['sun', 'rain']));
  await expect(page.getByRole('log')).toContainText('people/gone is no longer stored in this browser');
  await adding;
  expect((await stateOf(page)).used).toEqual(['embedded']);
});

test.describe('downloads', () => {
  // The browser tells of a refused or broken request in the console.
  test.use({ expectedErrors: [/Failed to load resource/] });
  let hub: PlayedHub;
  test.beforeAll(async () => {
    hub = await playHub({ id: REPOSITORY, commit: 'c'.repeat(40), files: tiny });
  });
  test.afterAll(() => hub.close());

  test('a failed download says why and leaves the page working; the next one goes through', async ({
    page,
  }) => {
    await start(page);
    await page.evaluate(() => window.nearfield.addTexts(['sun', 'rain']));
    const add = () =>
      page.evaluate(
        ([repository, host]) =>
          window.nearfield.addModel(repository, { host }).then(
            ({ id, complete }) => ({ id, complete }),
            (error: Error) => ({ name: error.name, message: error.message }),
          ),
        [REPOSITORY, hub.address] as const,
      );
    hub.faults.set('model.safetensors', { instead: new Uint8Array(225_748) });
    expect(await add()).toEqual({
      name: 'DownloadFailed',
      message: expect.stringContaining('model.safetensors'),
    });
    expect(await page.evaluate(() => window.nearfield.search('snow', { count: 9 }))).toHaveLength(2);
    hub.faults.clear();
    await page.getByRole('button', { name: 'Models' }).click();
    const here = page.getByRole('region', { name: 'Models here' });
    await here.getByRole('button', { name: `Go on with ${REPOSITORY}` }).click();
    await expect(here.getByRole('button', { name: `Use ${REPOSITORY}` })).toBeVisible();
    expect(await add()).toEqual({ id: REPOSITORY, complete: true });
    await page.getByLabel('Another model, by its name or address').fill('no such/model/here');
    await page.getByLabel('Another model, by its name or address').press('Enter');
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('is no model on the hub');
    await page.getByLabel('Another model, by its name or address').fill('clip');
    await page.getByLabel('Another model, by its name or address').press('Enter');
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('“clip” has no owner.');
    await expect(here).toContainText(REPOSITORY);
    await here.getByRole('button', { name: `Delete ${REPOSITORY}` }).click();
    await here.getByRole('button', { name: 'Keep' }).click();
    await expect(here.getByRole('button', { name: `Delete ${REPOSITORY}` })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect(here.getByRole('listitem')).toHaveCount(1);
    await expect(here.getByRole('list')).toBeFocused();
  });
});
