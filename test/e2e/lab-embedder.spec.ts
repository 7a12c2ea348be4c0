import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { drop, expect, pictures, settle, start, test } from './page.ts';

/** Which model the explorer embeds with, and what it makes of the items. */
function explorer(page: Page) {
  return page.evaluate(async () => {
    const used = (await window.nearfield.models()).find(({ inUse }) => inUse);
    const distances = [...(await window.nearfield.distances({ space: 'joint', metric: 'cosine' }))];
    return { id: used?.id, takes: used?.takes, distances };
  });
}

/** Workers that embed break down as they start. */
async function breakWorkers(page: Page): Promise<void> {
  await page.evaluate(() => {
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      static readonly Plain = Plain;
      constructor(url: string | URL, options?: WorkerOptions) {
        super(
          options?.name === 'embedder' ? 'data:text/javascript,throw new Error("broken on purpose")' : url,
          options,
        );
      }
    };
  });
}

async function mendWorkers(page: Page): Promise<void> {
  await page.evaluate(() => {
    if ('Plain' in window.Worker) window.Worker = window.Worker.Plain as typeof Worker;
  });
}

test.use({ expectedErrors: [/broken on purpose/] });

test('what a run has learned embeds the explorer’s pictures, until the model before is taken back', async ({
  page,
}) => {
  await start(page);
  await drop(page, '.empty', pictures('cat', 'owl', 'pear'));
  await expect(page.getByRole('log')).toContainText('3 items added.', { timeout: 100_000 });
  await settle(page);
  const before = await explorer(page);
  expect(before.id).toBe('embedded');

  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  await page.getByText('Small', { exact: true }).click();
  await field('Batch').fill('16');
  await field('Steps').fill('400');
  await page.getByText('More settings').click();
  await field('Pixels a side').fill('16');
  await field('Size of the encoders').fill('0.25');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const use = page.getByRole('button', { name: 'Use as the explorer’s model' });
  await breakWorkers(page);
  await use.click();
  await expect(page.locator('.lab-use [role="alert"]')).toContainText(
    'The explorer keeps the model that it has.',
    {
      timeout: 60_000,
    },
  );
  expect(await explorer(page)).toEqual(before);
  await mendWorkers(page);
  // The run was paused for it.
  await use.click();
  const told = page.locator('.lab-use [role="status"]');
  await expect(told).toContainText('It takes pictures only.', { timeout: 60_000 });
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);

  const learned = await explorer(page);
  expect(learned.id).toMatch(/^SimCLR, \d+ steps?, seed \d+ \([0-9a-f]{6}\)$/);
  expect(learned.takes).toBe('pictures');
  expect(learned.distances).toHaveLength(9);
  expect(learned.distances.every(Number.isFinite)).toBe(true);
  expect(learned.distances).not.toEqual(before.distances);
  // Of a picture that is added now, too.
  await page.getByRole('button', { name: 'Close the lab' }).click();
  await drop(page, '.map-host', pictures('otter'));
  await expect(page.getByRole('log')).toContainText('1 item added.', { timeout: 60_000 });
  await settle(page);
  expect((await explorer(page)).distances).toHaveLength(16);
  await expect(page.evaluate(() => window.nearfield.search('an owl'))).rejects.toThrow('takes pictures only');

  await page.getByRole('button', { name: 'Lab', exact: true }).click();
  await page.getByRole('button', { name: 'Back to the embedded model' }).click();
  await expect(told).toHaveCount(0);
  await expect.poll(async () => (await explorer(page)).id).toBe('embedded');
});
