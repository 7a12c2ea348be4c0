import { drop, expect, inkOnMap, type PlainFile, pictures, settle, start, test } from './page.ts';

const ANIMALS = ['cat', 'tiger', 'lion', 'penguin', 'dolphin', 'shark'];
const FOOD = ['banana', 'pineapple', 'strawberry', 'hamburger', 'pizza', 'broccoli'];

const page404: PlainFile = {
  name: 'cat.png',
  mimeType: 'image/png',
  buffer: Buffer.from('<!doctype html><html><body>404 Not Found</body></html>'),
};

test('pictures dropped on the page land on the map, and what cannot be read is named', async ({ page }) => {
  await start(page);
  await expect(page.getByRole('heading', { name: 'Drop pictures, type words, see one map' })).toBeVisible();

  const cut = pictures('owl').map((file) => ({
    ...file,
    name: 'cut.webp',
    buffer: file.buffer.subarray(0, 60),
  }));
  const words = {
    name: 'words.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('a wild animal\n\nsomething sweet\n'),
  };
  await drop(page, '.empty', [...pictures(...ANIMALS, ...FOOD), page404, ...cut, words]);
  await expect(page.getByRole('log')).toContainText('14 items added. 2 files could not be taken in.', {
    timeout: 100_000,
  });
  await settle(page);
  await expect(page.locator('.status')).toContainText('12 pictures, 2 texts');
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect(page.locator('.status')).toContainText(`${Math.min(4, cores)} thread`);

  // The list says what failed and why.
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(page.getByText('2 files could not be taken in').last()).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'cat.png' })).toContainText('HTML');
  await expect(page.getByRole('listitem').filter({ hasText: 'cut.webp' }).first()).toBeVisible();

  // The map has drawn something, and everything is in the list.
  expect(await inkOnMap(page)).toBeGreaterThan(0.005);
  const list = page.getByRole('region', { name: 'All items' });
  await expect(list.getByRole('button', { name: 'penguin.webp' })).toBeVisible();

  // The same bytes again are the same items.
  await drop(page, '.stage', pictures('cat', 'tiger'));
  await expect(page.getByRole('log')).toContainText('0 items added. 2 were here already.');
});

test('a chosen item shows its nearest, search lights up, and labels make a table', async ({ page }) => {
  await start(page);
  await page.evaluate(() => window.nearfield.addTexts(['dog', 'a bicycle']));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Files…' }).click();
  await (await chooser).setFiles(pictures(...ANIMALS, ...FOOD));
  await expect(page.locator('.status')).toContainText('12 pictures', { timeout: 100_000 });
  await settle(page);

  await page.getByText('Collection', { exact: true }).click();
  await page.getByRole('region', { name: 'All items' }).getByRole('button', { name: 'tiger.webp' }).click();
  const nearest = page.getByRole('region', { name: 'The 12 nearest' });
  await expect(nearest.getByRole('listitem')).toHaveCount(12);
  const distances = (await nearest.locator('.row-number').allInnerTexts()).map(Number);
  expect(distances).toEqual([...distances].sort((a, b) => a - b));

  const plain = await inkOnMap(page);
  const box = page.getByRole('textbox', { name: 'Search by words, or drop a picture here' });
  await box.fill('a big cat');
  await box.press('Enter');
  const results = page.getByRole('region', { name: 'Search results' });
  await expect(results.getByRole('button').first()).toBeVisible();
  const first = await results
    .getByRole('button')
    .evaluateAll((rows) => rows.slice(0, 4).map((row) => row.textContent));
  expect(first.join(' ')).toMatch(/tiger|lion|cat/);
  // What is not like it fades.
  await expect.poll(() => inkOnMap(page)).toBeLessThan(plain * 0.8);

  await drop(page, '.search input', pictures('leopard'));
  await expect(page.getByText('Nearest to the picture')).toBeVisible();

  await box.fill('animal, fruit');
  await box.press('Enter');
  const table = page.getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(13);
  const shares = await table
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('.cell-bar')].map((cell) => Number.parseFloat(cell.textContent ?? '')),
      ),
    );
  for (const row of shares)
    expect(Math.abs(row.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThan(1.1);
  expect(shares.map((row) => row[0])).toEqual(shares.map((row) => row[0]).sort((a = 0, b = 0) => b - a));
  await table.getByRole('button', { name: 'fruit', exact: true }).click();
  await expect(table.getByRole('columnheader', { name: 'fruit' })).toHaveAttribute('aria-sort', 'descending');

  // A temperature of 1 spreads the shares, and there is a way back; other templates give other shares.
  const best = table.locator('tbody tr').first();
  const shown = await best.innerText();
  await page.getByRole('slider', { name: /Temperature/ }).press('End');
  await expect(page.getByLabel('Temperature, typed')).toHaveValue('1');
  await expect(best).not.toHaveText(shown);
  await page.getByRole('button', { name: 'Back to 0.15, usual for this model' }).click();
  await expect(best).toHaveText(shown, { useInnerText: true });
  await page.getByLabel('Each label as').selectOption({ label: 'A photo of it' });
  await expect(best).not.toHaveText(shown, { useInnerText: true });
  await page.locator('.map-host').press('l');
  await expect(page.getByLabel('A label a line')).toHaveValue('animal\nfruit');
  await expect(page.getByLabel('A template a line, {} is the label')).toHaveValue('a photo of a {}');
});

test('the collection is there again after a reload, and removing can be undone', async ({ page }) => {
  await start(page);
  await drop(page, '.empty', pictures(...ANIMALS));
  await expect(page.getByRole('log')).toContainText('6 items added.', { timeout: 100_000 });
  await page.reload();
  await page.evaluate(() => window.nearfield.ready);
  await settle(page);
  await expect(page.locator('.status')).toContainText('6 pictures');
  expect(await inkOnMap(page)).toBeGreaterThan(0.003);

  await page.locator('.stage').click({ position: { x: 5, y: 300 } });
  await page.keyboard.press('Control+a');
  await expect(page.getByText('6 items selected')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('heading', { name: 'Drop pictures, type words, see one map' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.status')).toContainText('6 pictures');
  await settle(page);
});

test('cancelling an intake keeps what is done', async ({ page }) => {
  await start(page);
  await drop(
    page,
    '.empty',
    pictures(...ANIMALS, ...FOOD, 'automobile', 'train', 'ship', 'bus', 'guitar', 'harp', 'drum'),
  );
  await expect(page.locator('.status')).toContainText('8 pictures', { timeout: 100_000 });
  await page
    .locator('.job')
    .filter({ hasText: 'Adding to the map' })
    .getByRole('button', { name: 'Cancel' })
    .click();
  await expect(page.getByRole('log')).toContainText(/Cancelled; (8|16) items kept/);
  await settle(page);
  const kept = await page.evaluate(() => window.nearfield.items().length);
  expect([8, 16]).toContain(kept);
});
