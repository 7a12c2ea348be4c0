import { drop, expect, settle, start, test } from './page.ts';

test('a damaged embedding is made again, and costs nothing else', async ({ page }) => {
  await start(page);
  await page.evaluate(() => window.nearfield.addTexts(['sun', 'rain', 'snow']));
  await settle(page);
  await page.evaluate(async () => {
    const opened = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('nearfield');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const store = opened.transaction('embeddings', 'readwrite').objectStore('embeddings');
    await new Promise((resolve, reject) => {
      const keys = store.getAllKeys();
      keys.onsuccess = () => {
        const [first] = keys.result;
        if (first === undefined) throw new Error('nothing is stored');
        const put = store.put({ joint: Float32Array.of(1, Number.NaN), text: Float32Array.of(1) }, first);
        put.onsuccess = resolve;
        put.onerror = reject;
      };
    });
    opened.close();
  });
  await page.reload();
  await page.evaluate(() => window.nearfield.ready);
  await expect(page.locator('.status')).toContainText('3 texts');
  await settle(page);
  expect(await page.evaluate(() => window.nearfield.search('weather', { count: 9 }))).toHaveLength(3);
});

test('counts are right when the same comes in twice at once, and clearing ends what still comes in', async ({
  page,
}) => {
  await start(page);
  const [first, second] = await page.evaluate(() =>
    Promise.all([window.nearfield.addTexts(['sun', 'rain']), window.nearfield.addTexts(['rain', 'snow'])]),
  );
  expect([...first.added, ...second.added]).toHaveLength(3);
  expect([...first.known, ...second.known]).toHaveLength(1);
  await settle(page);

  const left = await page.evaluate(async () => {
    const many = Array.from({ length: 400 }, (_, i) => `a sentence about the number ${i}`);
    const coming = window.nearfield.addTexts(many);
    while (window.nearfield.items().length < 30) await new Promise((resolve) => setTimeout(resolve, 20));
    await window.nearfield.clear();
    const { added } = await coming;
    return { items: window.nearfield.items().length, added: added.length };
  });
  expect(left.items).toBe(0);
  expect(left.added).toBeLessThan(400);
});

test('Escape lets go of the selection, then of the search and its words', async ({ page }) => {
  await start(page);
  await page.evaluate(() => window.nearfield.addTexts(['sun', 'rain', 'snow', 'a dog']));
  await settle(page);
  const box = page.getByRole('textbox', { name: /Search/ });
  await box.fill('weather');
  await box.press('Enter');
  const results = page.getByRole('region', { name: 'Search results' });
  await expect(results.getByRole('button')).toHaveCount(4);
  // What comes in later is ranked too.
  await page.evaluate(() => window.nearfield.addTexts(['wind']));
  await expect(results.getByRole('button')).toHaveCount(5);
  await results.getByRole('button').first().click();
  await expect(page.getByRole('region', { name: 'The 12 nearest' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(results).toBeVisible();
  await page.getByRole('application').click({ position: { x: 4, y: 400 } });
  await page.keyboard.press('Escape');
  await expect(results).toHaveCount(0);
  await expect(box).toHaveValue('');

  // A search that fails says why and leaves the panel as it was.
  await drop(page, '.search input', [
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
  ]);
  await expect(page.getByRole('log')).toContainText('notes.txt is not a picture');
  await expect(page.getByText('Click or tap something on the map')).toBeVisible();
});
