import { expect, test } from './page.ts';

test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

test('a recorded run says that it is one, and plays without a network', async ({ page, context }) => {
  await page.goto('/?lab');
  // The first visit's page is taken over by the service worker once that is ready.
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    }
  });
  const choice = page.getByLabel('Or play a recorded run');
  await choice.selectOption('SimCLR');
  await expect(page.getByText('A recording.')).toBeVisible();
  await expect(page.getByText(/It was trained before, by a script: 20\d\d-/)).toBeVisible();

  await context.setOffline(true);
  await page.reload();
  await choice.selectOption('SimCLR');
  await expect(page.getByText('A recording.')).toBeVisible();
  const step = page.getByRole('slider', { name: 'Step of the recording' });
  await page.getByRole('button', { name: 'Pause' }).click();
  await step.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText(/^Step 0 of \d+$/)).toBeVisible();
  const map = page.locator('.lab-pane-host');
  await expect(page.locator('.lab-caption')).toContainText('Step 0 ');
  const before = await map.screenshot();

  await page.keyboard.press('End');
  await expect(page.getByText(/^Step (\d+) of \1$/)).toBeVisible();
  await expect(page.locator('.lab-caption')).not.toContainText('Step 0 ');
  expect((await map.screenshot()).equals(before)).toBe(false);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'A world in six modalities' })).toBeVisible();
});
