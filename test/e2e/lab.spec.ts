import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './page.ts';

const field = (page: Page, name: string): Locator => page.getByRole('textbox', { name, exact: true });

async function stepOf(page: Page): Promise<number> {
  const text = await page.locator('.lab-step-of').innerText();
  return Number(/Step ([\d,]+) of/.exec(text)?.[1]?.replaceAll(',', ''));
}

/** A run that a processor takes in seconds. */
async function makeTiny(page: Page, steps: number): Promise<void> {
  // Where there is no real GPU the lab begins with the small sizes; whatever it begins with, these are smaller.
  await page.getByText('Small', { exact: true }).click();
  await field(page, 'Batch').fill('16');
  await field(page, 'Steps').fill(String(steps));
  await page.getByText('More settings').click();
  await field(page, 'Pixels a side').fill('16');
  await field(page, 'Size of the encoders').fill('0.25');
  await page.getByText('More settings').click();
}

/** Totals of the loss by step, from its table. */
async function losses(page: Page): Promise<number[]> {
  await page.getByText('Numbers', { exact: true }).click();
  const loss = page.getByRole('region', { name: 'Loss', exact: true });
  const cells = loss.locator('tbody td:nth-of-type(1)');
  await expect(cells).toHaveCount(10);
  return (await cells.allInnerTexts()).map((text) => Number(text.replace('−', '-')));
}

test('SimCLR learns in the page: the loss falls, the map moves, it stands when told and begins anew', async ({
  page,
}) => {
  await page.goto('/?lab');
  await expect(page.getByRole('heading', { name: 'A world in six modalities' })).toBeVisible();
  await makeTiny(page, 24);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => stepOf(page)).toBe(1);
  const map = page.locator('.lab-pane-host');
  await expect(page.locator('.lab-caption')).toContainText('Step 1 ');
  const before = await map.screenshot();

  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => stepOf(page), { timeout: 30_000 }).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  // What stands takes one step when it is asked for one.
  await expect(page.locator('.lab-caption')).toContainText(`Step ${await stepOf(page)} `);
  const stood = await stepOf(page);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => stepOf(page)).toBe(stood + 1);

  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  expect(await stepOf(page)).toBe(24);
  const total = await losses(page);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(total.slice(-3))).toBeLessThan(mean(total.slice(0, 3)) - 0.2);
  await expect(page.locator('.lab-caption')).toContainText('Step 24 ');
  expect((await map.screenshot()).equals(before)).toBe(false);

  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'A world in six modalities' })).toBeVisible();
  await expect(field(page, 'Batch')).toHaveValue('16');
});

test('a preset opens a broken run beside the healthy one; what was changed is marked; the page has no faults', async ({
  page,
}) => {
  await page.goto('/?lab');
  await page.getByRole('combobox', { name: 'Break it' }).click();
  await page
    .getByRole('listbox', { name: 'Break it' })
    .getByRole('option', { name: 'CLIP with shuffled captions' })
    .click();
  await expect(page.getByText('What to look for')).toBeVisible();
  await expect(page.getByText('The second run differs in: Pairs: shuffled.')).toBeVisible();
  await field(page, 'Batch').fill('32');
  await expect(page.getByRole('button', { name: 'Reset: Batch' })).toBeVisible();
  await page.getByRole('button', { name: 'Reset: Batch' }).click();
  await expect(page.getByRole('button', { name: 'Reset: Batch' })).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  await page.getByRole('button', { name: 'Close the lab' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(new URL(page.url()).searchParams.has('lab')).toBe(false);
});
