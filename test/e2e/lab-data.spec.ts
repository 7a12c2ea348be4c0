import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { drop, expect, type PlainFile, pictures, settle, start, test } from './page.ts';

const field = (page: Page, name: string): Locator => page.getByRole('textbox', { name, exact: true });

async function choose(page: Page, objective: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Objective' }).or(field(page, 'Objective')).first().click();
  await page.getByRole('listbox', { name: 'Objective' }).getByRole('option', { name: objective }).click();
}

/** A run that a processor takes in seconds. */
async function makeTiny(page: Page, steps: number): Promise<void> {
  await field(page, 'Batch').fill('16');
  await field(page, 'Steps').fill(String(steps));
  await page.getByText('More settings').click();
  await field(page, 'Pixels a side').fill('16');
  await field(page, 'Size of the encoders').fill('0.25');
  await page.getByText('More settings').click();
}

test('the lab learns from the sample pictures, and from them with their words', async ({ page }) => {
  await page.goto('/?lab');
  await page.getByText('Small', { exact: true }).click();
  await page.getByLabel('Learns from').selectOption('samples');
  await expect(page.getByRole('heading', { name: 'The sample pictures' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('374 pictures to learn from, 93 held out.')).toBeVisible();
  await makeTiny(page, 8);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Colors by label' })).toContainText('animal');
  await page.getByRole('tab', { name: 'Probes' }).click();
  await expect(page.getByText(/pictures that were never trained on/)).toBeVisible();
  await expect(page.getByText(/^Label is .* where one constant answer has/)).toBeVisible();
  const box = await page.locator('.lab-pane-host').boundingBox();
  if (!box) throw new Error('no map');
  // Whatever lies nearest to the middle is pointed at.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByRole('region', { name: 'Picture' })).toContainText('never trained on');
  const { violations } = await new AxeBuilder({ page }).include('.lab').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await choose(page, 'CLIP');
  await expect(page.getByText(/held out\. \d+ words\./)).toBeVisible();
  await makeTiny(page, 4);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/image to text:/i)).toBeVisible();

  await choose(page, 'ImageBind');
  await expect(page.getByRole('region', { name: 'Run' }).getByRole('alert')).toContainText(
    'ImageBind binds sound',
  );
  await expect(page.getByLabel('Learns from')).toHaveValue('world');
});

const CATS = ['cat', 'cat face', 'lion', 'tiger', 'leopard', 'dog', 'dog face', 'poodle', 'wolf', 'fox'];
const OTHERS = ['horse', 'zebra', 'deer', 'monkey', 'gorilla', 'orangutan', 'raccoon', 'lion', 'cat', 'dog'];

/** More pictures than there are names: what is behind a WebP's last chunk is not looked at, and makes another file of it. */
function zipOf(copies: number): PlainFile {
  const entries: Record<string, Uint8Array> = {};
  for (const [folder, names] of [['tame', CATS] as const, ['wild', OTHERS] as const]) {
    for (const [at, { buffer }] of pictures(...names).entries()) {
      for (let copy = 0; copy < copies; copy++) {
        const name = `${names[at]} ${folder} ${copy}.webp`;
        entries[`${folder}/${name}`] = new Uint8Array([...buffer, ...new TextEncoder().encode(name)]);
      }
    }
  }
  const bytes = zipSync(entries, { level: 0 });
  return { name: 'pets.zip', mimeType: 'application/zip', buffer: Buffer.from(bytes) };
}

test('the lab learns from the pictures of the explorer, says when there are too few, and keeps what it took', async ({
  page,
}) => {
  await start(page);
  await drop(page, 'body', pictures('cat', 'dog', 'horse'));
  await settle(page);
  await page.keyboard.press('t');
  await page.getByText('Small', { exact: true }).click();
  await expect(page.getByLabel('Learns from')).toContainText('Your pictures (3)');
  await page.getByLabel('Learns from').selectOption('loaded');
  await expect(page.getByRole('region', { name: 'Run' }).getByRole('alert')).toHaveText(
    'There are 3 pictures. At least 40 are needed to learn from: load more, or choose the sample pictures.',
  );
  await page.getByRole('button', { name: 'Close the lab' }).click();
  await expect(page.getByLabel('Learns from')).toHaveCount(0);

  await drop(page, 'body', [zipOf(2)]);
  await expect(page.getByText('43 pictures')).toBeVisible();
  await settle(page);
  await page.keyboard.press('t');
  await expect(page.getByLabel('Learns from')).toContainText('Your pictures (43)');
  await page.getByLabel('Learns from').selectOption('loaded');
  await expect(page.getByRole('heading', { name: 'Your pictures' })).toBeVisible();
  await expect(page.getByText('35 pictures to learn from, 8 held out.')).toBeVisible();
  await makeTiny(page, 4);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Colors by label' })).toContainText('wild');

  await page.evaluate(async () => {
    const [first] = window.nearfield.items();
    if (first) await window.nearfield.remove([first.id]);
  });
  await expect(
    page.getByText('Your pictures have changed. The lab keeps the 43 pictures that it took.'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Start anew' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Take them anew' }).click();
  await expect(page.getByText('34 pictures to learn from, 8 held out.')).toBeVisible();
});
