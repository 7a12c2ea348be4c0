import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { addVectors, countWorkers, expect, start, test } from './page.ts';

const pane = (page: Page, letter: string) => page.getByRole('region', { name: `Pane ${letter}:` });

/** Waits until every pane shows its own layout. */
async function laidOut(page: Page, panes: number): Promise<void> {
  await expect(page.locator('.compare-map')).toHaveCount(panes);
  await expect(page.locator('.compare-map[data-stale]')).toHaveCount(0);
}

/** Pixels of the rings around what is marked, on each pane's map. */
async function ringed(page: Page): Promise<number[]> {
  const png = (await page.screenshot()).toString('base64');
  return page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (!context) throw new Error('no 2D canvas');
    context.drawImage(image, 0, 0);
    return [...document.querySelectorAll('.compare-map')].map((map) => {
      const { x, y, width, height } = map.getBoundingClientRect();
      const { data } = context.getImageData(x, y, width, height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
        if (red < 90 && green > 70 && green < 140 && blue > 200) count++;
      }
      return count;
    });
  }, png);
}

test('items selected in one pane are marked in all, lists are exact, and coming back computes nothing', async ({
  page,
}) => {
  const workers = await countWorkers(page);
  await start(page);
  await addVectors(page);
  await page.keyboard.press('c');
  await laidOut(page, 4);
  for (const [letter, metric] of [
    ['A', 'Cosine'],
    ['B', 'Euclidean'],
    ['C', 'Manhattan'],
    ['D', 'Hamming'],
  ] as const) {
    await expect(pane(page, letter)).toHaveAccessibleName(new RegExp(metric));
  }
  expect(await ringed(page)).toEqual([0, 0, 0, 0]);

  // One in pane A, by its keys.
  await pane(page, 'A').getByRole('application').focus();
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  // The map's own focus ring has the same color.
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await expect.poll(async () => Math.min(...(await ringed(page)))).toBeGreaterThan(10);

  const lists = page.getByRole('region', { name: 'Nearest items, side by side' });
  await expect(lists.getByRole('listitem')).toHaveCount(40);
  const exact = await page.evaluate(async () => {
    const { ids, indices } = await window.nearfield.neighbors({ metric: 'manhattan', k: 10 });
    const names = new Map(window.nearfield.items().map(({ id, name }) => [id, name]));
    return [...indices.slice(0, 10)].map((index) => names.get(ids[index] ?? ''));
  });
  const third = lists.getByRole('list', { name: 'Nearest in pane C: Manhattan, UMAP in 2D' });
  await expect(third.locator('.row-name')).toHaveText(exact.map((name) => name ?? ''));

  // A row marks its item everywhere.
  const marked = await ringed(page);
  await third.getByRole('button').nth(4).hover();
  const same = async () => (await ringed(page)).filter((count, at) => count === marked[at]);
  await expect.poll(same).toEqual([]);

  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  const before = await workers();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await expect(page.getByRole('application', { name: 'Map of items' })).toBeVisible();
  await page.keyboard.press('c');
  await laidOut(page, 4);
  expect(await workers()).toBe(before);

  // What goes leaves all panes, and each is laid out anew.
  await page.evaluate(() =>
    window.nearfield.remove(
      window.nearfield.items().flatMap(({ id, name }) => (name === 'Row 7' ? [id] : [])),
    ),
  );
  await expect.poll(workers).toBeGreaterThan(before + 3);
  await laidOut(page, 4);
});

test('a metric is changed by keyboard alone, and scripts get what is shown', async ({ page }) => {
  await start(page);
  await addVectors(page);
  await page.evaluate(() => window.nearfield.compare([{}, { metric: 'euclidean' }]));
  await laidOut(page, 2);
  const isMetricOfB = () => document.activeElement?.getAttribute('aria-label') === 'Metric of pane B';
  for (let tab = 0; tab < 60 && !(await page.evaluate(isMetricOfB)); tab++) await page.keyboard.press('Tab');
  expect(await page.evaluate(isMetricOfB)).toBe(true);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: 'Manhattan' })).toBeVisible();
  const reached = page.locator('[role="option"][data-combobox-selected]');
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(reached).toHaveText('Manhattan', { timeout: 500 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(pane(page, 'B')).toHaveAccessibleName(/Manhattan/);
  await laidOut(page, 2);

  const answer = await page.evaluate(async () => {
    const { panes } = await window.nearfield.compare([{}, { projection: 'pca', dimensions: 3 }]);
    return panes.map(({ setting, ids, positions }) => [setting.projection, ids.length, positions.length]);
  });
  expect(answer).toEqual([
    ['umap', 60, 120],
    ['pca', 60, 180],
  ]);
  await expect(pane(page, 'B')).toHaveAccessibleName('Pane B: Cosine, PCA in 3D');

  // What plays stops at Escape, which leaves the comparison and the focus where they are.
  const play = page.getByRole('button', { name: 'Play pane A into another' });
  await play.press('Enter');
  await expect(page.getByRole('button', { name: 'Stop playing pane A' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(play).toBeFocused();
  await expect(pane(page, 'B')).toBeVisible();
  await page.evaluate(() => window.nearfield.compare([]));
  await expect(page.getByRole('application', { name: 'Map of items' })).toBeVisible();
});

test('a change says what it would compute before it does, PCA and scaling say what they show, and a map of before is there at once', async ({
  page,
}) => {
  await start(page);
  await addVectors(page);
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  const plan = page.locator('.layout-plan');
  await page.getByText('Scaling', { exact: true }).click();
  await expect(plan).toHaveText(/^Will compute: all distances of 60 items by Cosine/);
  await page.getByRole('button', { name: 'Apply' }).click();
  const shows = page.getByText(/^This map shows \d+ % of the variance in 2 directions/);
  await expect(shows).toBeVisible();
  const before = await shows.textContent();
  await page.getByText('UMAP', { exact: true }).click();
  await expect(plan).toHaveText('Kept from before: shown at once.');
  await page.getByRole('button', { name: 'Drop changes' }).click();
  await expect(plan).toHaveCount(0);
  await page.keyboard.press('Escape');

  // A reload shows the same map, made in the same way.
  await page.reload();
  await page.evaluate(() => window.nearfield.ready);
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await expect(shows).toHaveText(before ?? '');
  await page.keyboard.press('Escape');

  await page.evaluate(() => window.nearfield.compare([{}]));
  await page.getByRole('button', { name: 'PCA, scaling and UMAP' }).click();
  await laidOut(page, 3);
  await expect(pane(page, 'B')).toHaveAccessibleName(/Classical scaling \(MDS\)/);
  await expect(page.getByText(/% of the variance in 2 directions/)).toHaveCount(2);
  await page.getByRole('button', { name: /^Settings of pane C/ }).click();
  await page.getByRole('slider', { name: /^Minimal distance/ }).press('Home');
  await expect(plan).toHaveText(/^Will compute: 500 epochs; the 15 nearest by Cosine are known/);
  await page.getByRole('button', { name: 'Minimal distance back to 0.7' }).click();
  await expect(plan).toHaveCount(0);
  await page.getByRole('slider', { name: /^Minimal distance/ }).press('Home');
  await page.getByRole('button', { name: 'Drop changes' }).click();
  await expect(plan).toHaveCount(0);

  // Escape closes the form and not the comparison, and so does applying; both lead back to the button.
  await page.keyboard.press('Escape');
  const settings = page.getByRole('button', { name: /^Settings of pane C/ });
  await expect(plan.or(page.getByRole('button', { name: 'Apply' }))).toHaveCount(0);
  await expect(settings).toBeFocused();
  await page.keyboard.press('Enter');
  await page.locator('.layout-dropdown').getByText('PCA', { exact: true }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('button', { name: 'Apply' })).toHaveCount(0);
  await expect(settings).toBeFocused();
  await expect(settings).toHaveAccessibleName('Settings of pane C: PCA 2D');

  const refused = await page.evaluate(() =>
    window.nearfield
      .compare([{ projection: 'scaling', metric: 'dot' }])
      .catch((error: unknown) => String(error)),
  );
  expect(refused).toMatch(/^RangeError: Classical scaling needs distances/);
});
