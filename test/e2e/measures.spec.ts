import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addVectors, countWorkers, expect, start, test } from './page.ts';

/** Colors that are drawn on the map, by how many pixels have them, without those of letters and edges. */
async function colorsOnMap(page: Page): Promise<number> {
  const png = (await page.locator('.map-host').screenshot()).toString('base64');
  return page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!context) throw new Error('no 2D canvas');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const counts = new Map<number, number>();
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      if (Math.max(red, green, blue) - Math.min(red, green, blue) < 40) continue;
      const color = (red << 16) | (green << 8) | blue;
      counts.set(color, (counts.get(color) ?? 0) + 1);
    }
    return [...counts.values()].filter((pixels) => pixels > 60).length;
  }, png);
}

async function expectAccessible(page: Page, part: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const show = (page: Page, part: string) =>
  page.getByRole('radiogroup', { name: 'What is measured' }).getByText(part).click();

test('the panel shows the numbers that scripts get, draws them on the map, saves them, and computes nothing twice', async ({
  page,
}) => {
  const workers = await countWorkers(page, 'compare');
  await start(page);
  await addVectors(page, { twice: true });
  const plain = await colorsOnMap(page);
  await page.keyboard.press('r');

  const matrix = page.getByRole('region', { name: 'Matrix of metrics' });
  await expect(matrix.getByRole('button')).toHaveCount(12);
  const agreement = await page.evaluate(async () => {
    const found = await window.nearfield.measures({ part: 'agreement' });
    const names = new Map(window.nearfield.items().map(({ id, name }) => [id, name]));
    return {
      metrics: found.metrics,
      shares: found.pairs.map(
        ({ first, second, overlaps }) => [first, second, overlaps[1]?.share ?? 0] as const,
      ),
      contested: names.get(found.contested[0] ?? ''),
    };
  });
  expect(agreement.metrics).toEqual(['cosine', 'euclidean', 'manhattan', 'hamming']);
  const labels = ['Cosine', 'Euclidean', 'Manhattan', 'Hamming'];
  for (const [first, second, share] of agreement.shares) {
    const name = `${labels[first]} and ${labels[second]}: ${share.toFixed(3)}`;
    await expect(matrix.getByRole('button', { name })).toHaveText(share.toFixed(3));
  }
  const contested = page.getByRole('list', { name: 'Most contested items' });
  await expect(contested.getByRole('button').first()).toContainText(agreement.contested ?? '?');

  await page.getByRole('switch', { name: 'Color the map by disagreement' }).press('Space');
  await expect(page.getByRole('region', { name: 'Colors of the map' })).toContainText('Disagreement @15');
  await expect.poll(() => colorsOnMap(page)).toBeGreaterThan(plain + 6);
  await expectAccessible(page, '.app');
  await page.getByRole('button', { name: 'Take the colors away' }).click();
  await expect.poll(() => colorsOnMap(page)).toBe(plain);

  await show(page, 'Honest map');
  const honesty = await page.evaluate(async () => {
    const { honesty } = await window.nearfield.measures({ part: 'honesty' });
    const [map, pca] = honesty[0]?.maps.map(({ sizes }) => sizes[0]?.trustworthiness.value ?? 0) ?? [];
    return [map, pca, honesty[0]?.chance.sizes[0]?.trustworthiness].map((value) => value?.toFixed(3) ?? '');
  });
  expect(Number(honesty[0])).toBeGreaterThan(Number(honesty[2]));
  const trust = page.getByRole('row', { name: /^Trustworthiness @15/ });
  await expect(trust.getByRole('cell')).toHaveText(honesty);
  await expect(page.getByText('all 60 items')).toBeVisible();

  // Lines of the item that is looked at.
  const lines = page.locator('.stray-lines path');
  await expect(lines).toHaveCount(0);
  await page.getByRole('application', { name: 'Map of items' }).focus();
  await page.keyboard.press('n');
  await expect(lines).toHaveCount(2);
  await expect(lines.first()).toHaveAttribute('d', /^M[\d.]+ [\d.]+L/);
  const before = await lines.first().getAttribute('d');
  await page.keyboard.press('+');
  await expect.poll(() => lines.first().getAttribute('d')).not.toBe(before);
  await expectAccessible(page, '.side');

  await show(page, 'The space');
  const pairs = page.getByRole('list', { name: 'Near-duplicates' });
  await expect(pairs.getByRole('button')).toHaveText([/^Row 3 and Row 70$/]);
  const threshold = page.getByRole('slider', { name: /Threshold/ });
  await threshold.press('End');
  await expect.poll(() => pairs.getByRole('button').count()).toBe(8);
  await threshold.press('Home');
  await pairs.getByRole('button').click();
  await page
    .getByText('Details')
    .or(page.getByText('Selection', { exact: true }))
    .first()
    .click();
  await expect(page.getByText('2 items')).toBeVisible();
  await page.keyboard.press('r');
  await expectAccessible(page, '.side');

  const measured = await workers();
  expect(measured).toBeGreaterThan(0);
  const download = page.waitForEvent('download');
  const numbers = page.getByRole('group', { name: 'These numbers as a table' });
  await numbers.getByRole('button', { name: 'Save CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('nearfield-space.csv');
  const csv = await (await file.createReadStream()).setEncoding('utf8').toArray();
  const mean = await page.evaluate(async () => {
    const { spaces } = await window.nearfield.measures({ part: 'space', metrics: ['cosine'] });
    return spaces[0]?.distances.spread.mean;
  });
  expect(csv.join('')).toContain(`mean distance,${mean},`);
  expect(await workers()).toBe(measured);
});
