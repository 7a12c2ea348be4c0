import { readFileSync } from 'node:fs';
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
    expect(await add()).toEqual({ id: REPOSITORY, complete: true });

    await page.getByRole('button', { name: 'Models' }).click();
    await page.getByLabel('Another CLIP on the hub').fill('no such/model/here');
    await page.getByLabel('Another CLIP on the hub').press('Enter');
    await expect(page.getByRole('alert').first()).toContainText('is no model on the hub');
    await expect(page.getByRole('region', { name: 'Models here' })).toContainText(REPOSITORY);
  });
});
