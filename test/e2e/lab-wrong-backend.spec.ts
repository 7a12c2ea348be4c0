import { expect, test } from './page.ts';

test('a backend whose kernels are wrong is told of before the first step', async ({ page }) => {
  // Under the name of ReLU the module then has SELU, which is 1.05 times as large, and under the other's name ReLU.
  await page.context().route(/\.wasm$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: swap(await response.body(), 'Relu', 'Selu') });
  });
  await page.goto('/?lab');
  await page.getByText('Small', { exact: true }).click();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(
    page.getByText(/^Gradients on wasm are off by [\d.e+-]+ of their size at image\./),
  ).toBeVisible({
    timeout: 20_000,
  });
  // It is told, and the run goes on: a class may want to see what comes of it.
  await expect(page.getByText('Paused', { exact: true })).toBeVisible({ timeout: 20_000 });
});

/** Two exports of a module under each other's name, which are as long as one another. */
function swap(module: Buffer, one: string, other: string): Buffer {
  const swapped = Buffer.from(module);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    // A name in the module's list of exports has its length before it and its kind, a function, after it.
    const name = Buffer.from(`${String.fromCharCode(from.length)}${from}\0`);
    const at = module.indexOf(name);
    expect(at).toBeGreaterThan(0);
    expect(module.indexOf(name, at + 1)).toBe(-1);
    swapped.write(to, at + 1, 'latin1');
  }
  return swapped;
}
