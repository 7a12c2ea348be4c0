import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, settle, start, test } from './page.ts';

const GROUPS = 4;
const ITEMS = 48;

/** Vectors in four groups that come one after the other: row 0 is of the first, row 1 of the second, … */
async function addVectors(page: Page): Promise<void> {
  await page.evaluate(
    async ([items = 0, groups = 1]) => {
      const dimension = 16;
      const noise = (at: number) => {
        const value = Math.sin(at * 12.9898) * 43_758.5453;
        return value - Math.floor(value) - 0.5;
      };
      const vectors = Float32Array.from({ length: items * dimension }, (_, at) => {
        const group = Math.floor(at / dimension) % groups;
        return 3 * noise(7000 + group * dimension + (at % dimension)) + noise(at);
      });
      await window.nearfield.addVectors({ vectors, dimension });
    },
    [ITEMS, GROUPS],
  );
  await settle(page);
}

const matrix = (page: Page) => page.getByRole('application', { name: /Distance matrix/ });

async function shown(page: Page): Promise<void> {
  await expect(matrix(page)).toBeVisible();
  await expect(page.locator('.matrix-plot[data-stale]')).toHaveCount(0);
}

test('the matrix is opened, walked and selected from by keys, and a block by hand', async ({ page }) => {
  await start(page);
  await addVectors(page);
  await page.keyboard.press('x');
  await shown(page);
  await expect(matrix(page)).toBeFocused();

  // By cluster: along the order the group changes three times.
  const names = await page.evaluate(async () => {
    const { ids, distances } = await window.nearfield.matrix({ metric: 'euclidean', order: 'cluster' });
    const items = new Map(window.nearfield.items().map(({ id, name }) => [id, name]));
    const first = await window.nearfield.distances({ metric: 'euclidean', ids });
    return {
      order: ids.map((id) => items.get(id) ?? ''),
      same: first.every((value, at) => Math.abs(value - (distances[at] ?? 0)) < 1e-6),
      third: distances[2] ?? 0,
    };
  });
  await shown(page);
  expect(names.same).toBe(true);
  const groups = names.order.map((name) => Number(name.replace(/\D/g, '')) % GROUPS);
  expect(groups.filter((group, place) => place > 0 && group !== groups[place - 1])).toHaveLength(GROUPS - 1);

  // Keys: the first cell, then two to the right.
  await matrix(page).focus();
  await page.keyboard.press('ArrowDown');
  for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowRight');
  const cell = page.locator('.matrix-cell');
  await expect(cell.locator('.row-name')).toHaveText([names.order[0] ?? '', names.order[2] ?? '']);
  await expect(cell.locator('.matrix-distance')).toHaveText(`Euclidean ${names.third.toFixed(3)}`);
  await expect(cell.getByRole('status')).toHaveText(/Row 1, .*; column 3, .*: Euclidean/);
  await page.keyboard.press('Enter');
  const selection = page.locator('.side');
  await expect(selection).toContainText('2 items selected');

  // A block along the diagonal: the second quarter is the second group.
  const plot = await page.locator('.matrix-plot canvas').first().boundingBox();
  if (!plot) throw new Error('no plot');
  const side = Math.min(plot.width, plot.height);
  const left = plot.x + (plot.width - side) / 2;
  const top = plot.y + (plot.height - side) / 2;
  const at = (place: number) =>
    [left + ((place + 0.5) * side) / ITEMS, top + ((place + 0.5) * side) / ITEMS] as const;
  await page.keyboard.down('Shift');
  await page.mouse.move(...at(12));
  await page.mouse.down();
  await page.mouse.move(...at(18), { steps: 2 });
  await page.mouse.move(...at(23));
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(selection).toContainText('12 items selected');
  await expect(selection.locator('.row-name')).toHaveText(names.order.slice(12, 24));

  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  await page.getByRole('button', { name: 'End', exact: true }).click();
  await expect(page.getByRole('application', { name: 'Map of items' })).toBeVisible();
  await expect(matrix(page)).toHaveCount(0);
});

test('without WebGPU: two metrics and their difference, and words that say what is what', async ({
  page,
}) => {
  await start(page, '?gpu=off');
  await addVectors(page);
  await page.getByRole('button', { name: 'Matrix', exact: true }).click();
  await shown(page);
  await page.getByText('Two', { exact: true }).click();
  await expect(page.locator('.matrix-legend')).toContainText('Cosine above, Euclidean below');
  await shown(page);
  await matrix(page).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.matrix-distance')).toHaveText(/^Euclidean [\d.]+ · Cosine [\d.]+$/);
  await page.getByText('Difference', { exact: true }).click();
  await expect(page.locator('.matrix-legend')).toContainText('nearer under Euclidean');
  await page.evaluate(() => window.nearfield.matrix({ order: 'added' }));
  await expect(page.locator('.matrix-legend')).toContainText(`${ITEMS} items`);
  const refused = await page.evaluate(async () => {
    try {
      await window.nearfield.matrix({ order: 'label' });
      return '';
    } catch (error) {
      return String(error);
    }
  });
  expect(refused).toContain('There are no labels to order by');
});

test.describe('a worker that does not load', () => {
  test.use({ expectedErrors: [/ERR_FAILED/] });

  test('is told of, and trying again starts another', async ({ page }) => {
    await page.route(/matrix-worker/, (route) => route.abort(), { times: 1 });
    await start(page, '?gpu=off');
    await addVectors(page);
    await page.keyboard.press('x');
    const progress = page.locator('.matrix-progress');
    await expect(progress).toContainText('The distance matrix worker failed');
    await progress.getByRole('button', { name: 'Try again' }).click();
    await shown(page);
    await expect(progress).toBeEmpty();
    await expect(page.locator('.matrix-legend')).toContainText(`${ITEMS} items`);
  });
});
