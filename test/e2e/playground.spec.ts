import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './page.ts';

const card = (page: Page, name: string): Locator =>
  page.getByRole('region', { name, exact: true }).locator('output');

async function numbers(page: Page): Promise<string[]> {
  const names = ['Euclidean', 'Manhattan', 'Cosine', 'Hamming'];
  return Promise.all(names.map((name) => card(page, name).innerText()));
}

async function middle(point: Locator): Promise<{ x: number; y: number }> {
  const box = await point.locator('.pg-dot').boundingBox();
  if (!box) throw new Error('The point is not drawn.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

test('without a GPU: opens by address; B moves by pointer and by keys, and the numbers follow', async ({
  page,
}) => {
  await page.goto('/?gpu=off&playground');
  const b = page.getByRole('slider', { name: 'Point B' });
  await expect(b).toHaveAttribute('aria-valuetext', 'x 1, y 5');
  expect(await numbers(page)).toEqual(['3.606', '5', '0.293', '0']);

  const a = await middle(page.getByRole('slider', { name: 'Point A' }));
  const from = await middle(b);
  // A is at (3, 2), B at (1, 5): what one unit is on the screen.
  const unit = (a.x - from.x) / 2;
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - unit, from.y + 4 * unit, { steps: 4 });
  await page.mouse.move(from.x - 2 * unit, from.y + 7 * unit, { steps: 4 });
  await page.mouse.up();
  await expect(b).toHaveAttribute('aria-valuetext', 'x −1, y −2');
  expect(await numbers(page)).toEqual(['5.657', '8', '1.868', '2']);
  await expect(page.getByRole('region', { name: 'Manhattan', exact: true })).toContainText(
    '70 shortest ways',
  );

  await b.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
  await expect(b).toHaveAttribute('aria-valuetext', 'x 1, y −0.9');
  await expect(page.getByRole('status').filter({ hasText: 'B at' })).toHaveText(
    'B at x 1, y −0.9. Euclidean 3.523, Manhattan 4.900, Cosine 0.753, Hamming 1.',
  );

  const challenges = page.getByRole('region', { name: 'Challenges' }).getByRole('listitem');
  const second = challenges.nth(1);
  await second.getByRole('button', { name: 'Check' }).click();
  await expect(second).toContainText('Not yet: Cosine is 0.753, wanted 0; Euclidean is 3.523, wanted 5.');
  await second.getByRole('button', { name: 'Show an answer' }).click();
  await expect(second).toContainText('Solved');
  expect(await numbers(page)).toEqual(['5', '5', '0', '0']);

  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(new URL(page.url()).search).toBe('?gpu=off');
});

test('key g opens it over an empty page; neighbors and strings change as they are played with', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.goto('/?gpu=off');
  await expect(page.getByRole('button', { name: 'Playground' })).toBeVisible();
  await page.keyboard.press('g');
  await page.getByRole('tab', { name: 'Two points' }).press('ArrowRight');
  const ranks = page.getByRole('table');
  await expect(ranks.getByRole('row')).toHaveCount(7);
  const shared = ranks.getByRole('row', { name: /Shared/ });
  await expect(shared.getByRole('cell').first()).toHaveText('5 of 5');
  await expect(ranks.locator('mark')).not.toHaveCount(0);
  await page.getByRole('radiogroup', { name: 'Metric of the neighbors' }).getByText('Hamming').click();
  await expect(shared.getByRole('cell').last()).toHaveText('5 of 5');
  const chosen = page.getByRole('radio', { name: /^Point/, checked: true });
  const index = Number(await chosen.getAttribute('data-index'));
  await chosen.press('ArrowRight');
  await expect(
    page.getByRole('heading', { name: `Nearest to point ${((index + 1) % 24) + 1}` }),
  ).toBeVisible();
  await expect(chosen).toBeFocused();
  expect(await faults(page)).toEqual([]);

  await page.getByRole('tab', { name: 'Strings' }).click();
  expect(new URL(page.url()).searchParams.get('playground')).toBe('strings');
  const answer = page.getByRole('status').filter({ hasText: /distance|compares/ });
  await expect(answer).toHaveText('Hamming distance 1 of 6 positions');
  await expect(page.locator('[data-differs]')).toHaveText(/^2ao≠$/);
  await page.getByRole('textbox', { name: 'Second string' }).fill('🍎ourav!');
  await expect(answer).toContainText('The first has 6 characters, the second 7');
  await page.getByRole('button', { name: /Cut/ }).click();
  await expect(answer).toHaveText('Hamming distance 2 of 6 positions');
  await page.getByRole('textbox', { name: 'Second string' }).fill('Sourav');
  await page.getByRole('switch', { name: /bits/ }).check();
  await expect(page.getByRole('status').filter({ hasText: 'As bits' })).toContainText('3 of 48');
  expect(await faults(page)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('nothing is cut off, and a finger moves B', async ({ page, context }) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Playground' }).tap();
    const b = page.getByRole('slider', { name: 'Point B' });
    const from = await middle(b);
    const unit = ((await middle(page.getByRole('slider', { name: 'Point A' }))).x - from.x) / 2;
    const touch = await context.newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', up: number) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: from.x, y: from.y - up * unit }],
      });
    await send('touchStart', 0);
    for (const up of [-0.5, -1, -2, -3, -4]) await send('touchMove', up);
    await send('touchEnd', -4);
    await expect(b).toHaveAttribute('aria-valuetext', 'x 1, y 1');
    expect(await page.locator('.pg-readout').innerText()).toContain('2.236');
    expect(await faults(page)).toEqual([]);
    for (const name of ['Two points', 'Neighbors', 'Strings']) {
      await page.getByRole('tab', { name }).tap();
      const widths = await page
        .getByRole('dialog')
        .evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth]);
      expect(widths).toEqual([390, 390]);
    }
    await page.goBack();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});
