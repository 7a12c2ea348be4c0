import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addVectors, drop, expect, inkOnMap, pictures, settle, start, test } from './page.ts';

async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds no serious fault, empty and full, in the ${scheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await start(page);
    expect(await seriousFaults(page)).toEqual([]);
    await drop(page, '.empty', pictures('cat', 'owl', 'pear', 'bus', 'rose'));
    await expect(page.getByRole('log')).toContainText('5 items added.', { timeout: 100_000 });
    await settle(page);
    await page.getByText('Collection', { exact: true }).click();
    await page.getByRole('region', { name: 'All items' }).getByRole('button').first().click();
    await expect(page.getByRole('region', { name: 'The 12 nearest' }).getByRole('listitem')).toHaveCount(4);
    expect(await seriousFaults(page)).toEqual([]);
    const box = page.getByRole('textbox', { name: /Search/ });
    await box.fill('animal, vehicle');
    await box.press('Enter');
    await expect(page.getByRole('table')).toBeVisible();
    expect(await seriousFaults(page)).toEqual([]);
  });
}

test('a phone in portrait shows the map and the panel, and nothing is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await start(page);
  await page.evaluate(() => window.nearfield.addTexts(['sun', 'rain', 'snow', 'wind', 'a warm day']));
  await settle(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  const map = await page.locator('.map-host').boundingBox();
  expect(map?.height).toBeGreaterThan(220);
  expect(await inkOnMap(page)).toBeGreaterThan(0.001);
  // One row of tools above the search box; what has no room is in a menu.
  const bottoms = await page
    .locator('.top-actions > *')
    .evaluateAll((tools) =>
      tools.map((tool) => tool.getBoundingClientRect()).map(({ y, height }) => y + height / 2),
    );
  expect(Math.max(...bottoms) - Math.min(...bottoms)).toBeLessThan(2);
  await page.getByRole('button', { name: 'More' }).press('Enter');
  for (const name of ['Playground', 'Dark theme', 'Keyboard and mouse'])
    await expect(page.getByRole('menuitem', { name })).toBeInViewport({ ratio: 1 });
  await page.getByRole('menuitem', { name: 'Models' }).press('Enter');
  await expect(page.getByRole('dialog', { name: 'Models' })).toBeVisible();
});

test.describe('a part of the page that does not come', () => {
  // What the service worker has kept comes from no network.
  test.use({ serviceWorkers: 'block', expectedErrors: [/ERR_FAILED/] });

  test('says so, can be asked for again, and the rest of the page goes on', async ({ page }) => {
    await start(page);
    await addVectors(page);
    const code = /assets\/matrix-view[^/]*\.js$/;
    await page.route(code, (route) => route.abort());
    await page.getByRole('button', { name: 'Matrix' }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'The distance matrix could not be loaded' });
    await expect(alert.getByRole('button', { name: 'Reload the page' })).toBeVisible();
    await page.getByText('Collection', { exact: true }).click();
    await expect(page.getByRole('region', { name: 'All items' })).toBeVisible();
    await page.unroute(code);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('region', { name: 'Distance matrix' })).toBeVisible();
    await expect(alert).toHaveCount(0);
  });
});

test('without WebGPU everything works on the CPU, and the page says so', async ({ page }) => {
  await start(page, '?gpu=off');
  await expect(page.locator('.status')).toContainText('Distances on the CPU');
  await drop(page, '.empty', pictures('cat', 'tiger', 'banana', 'strawberry', 'bus'));
  await expect(page.getByRole('log')).toContainText('5 items added.', { timeout: 100_000 });
  await settle(page);
  expect(await inkOnMap(page)).toBeGreaterThan(0.003);
  const found = await page.evaluate(() => window.nearfield.search('fruit', { count: 2 }));
  expect(found).toHaveLength(2);
  const { logits } = await page.evaluate(async () => {
    const answer = await window.nearfield.similarity({ labels: ['cat', 'bus'] });
    return { logits: [...answer.logits] };
  });
  expect(logits).toHaveLength(10);
});

test('a lost GPU comes back: the map is drawn again and distances go on', async ({ page }) => {
  await page.addInitScript(() => {
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await request.apply(this, given);
      Object.assign(window, { latestDevice: device });
      return device;
    };
  });
  await start(page);
  await page.evaluate(() => window.nearfield.addTexts(['sun', 'rain', 'snow', 'wind', 'a warm day']));
  await settle(page);
  const before = await inkOnMap(page);
  await page.evaluate(() => {
    const device: unknown = Reflect.get(window, 'latestDevice');
    if (!(device instanceof GPUDevice)) throw new Error('The page asked for no device.');
    device.destroy();
  });
  await expect(page.getByRole('log')).toContainText('The GPU was lost and is back.');
  await expect.poll(() => inkOnMap(page)).toBeGreaterThan(before / 2);
  expect(await page.evaluate(() => window.nearfield.search('a storm', { count: 3 }))).toHaveLength(3);
});

test('the scripting handle measures, and the same seed gives the same map', async ({ page }) => {
  await start(page);
  const answer = await page.evaluate(async () => {
    const { nearfield } = window;
    const vectors = Float32Array.from({ length: 40 * 3 }, (_, i) => Math.sin(i * 12.9898) * 5);
    const added = await nearfield.addVectors({ vectors, dimension: 3 });
    const near = await nearfield.neighbors({ metric: 'euclidean', k: 4 });
    const all = await nearfield.distances({ metric: 'manhattan' });
    const first = await nearfield.layout({ seed: 7 });
    const second = await nearfield.layout({ seed: 7 });
    const other = await nearfield.layout({ seed: 8 });
    return {
      added: added.added.length,
      k: near.indices.length / near.ids.length,
      matrix: all.length,
      diagonal: all[41 * 5],
      same: first.positions.every((value, at) => value === second.positions[at]),
      different: first.positions.some((value, at) => value !== other.positions[at]),
      dimensions: first.positions.length / first.ids.length,
    };
  });
  expect(answer).toEqual({
    added: 40,
    k: 4,
    matrix: 1600,
    diagonal: 0,
    same: true,
    different: true,
    dimensions: 2,
  });
  await expect(
    page.evaluate(() =>
      window.nearfield.addVectors({ vectors: Float32Array.of(1, Number.NaN), dimension: 2 }),
    ),
  ).rejects.toThrow('row 0, column 1');
});

test.describe('without a network', () => {
  // The manifest is asked for first, so that a new model is noticed; the browser logs that nobody answered.
  test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

  test('once loaded it works', async ({ page, context }) => {
    await start(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.evaluate(() => window.nearfield.addTexts(['a fast car', 'a slow snail']));
    await settle(page);
    await context.setOffline(true);
    await page.reload();
    await page.evaluate(() => window.nearfield.ready);
    await expect(page.locator('.status')).toContainText('2 texts');
    const found = await page.evaluate(() => window.nearfield.search('automobile', { count: 1 }));
    const name = await page.evaluate(
      (id) => window.nearfield.items().find((item) => item.id === id)?.name,
      found[0]?.id,
    );
    expect(name).toBe('a fast car');
  });
});
