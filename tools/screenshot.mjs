// Makes docs/screenshot.png from the built app: the sample set, colored by labels.  npm run build && node tools/screenshot.mjs
import { chromium } from 'playwright';
import { preview } from 'vite';
import { ensureBrowser, launchArgs } from './browser.mjs';

const query = process.argv[2] ?? 'animal, food, vehicle, clothes';
const server = await preview({ preview: { port: 4180 } });
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: launchArgs });
try {
  const page = await browser.newPage({ viewport: { width: 1360, height: 820 } });
  await page.goto('http://localhost:4180/');
  await page.evaluate(() => window.nearfield.ready);
  await page.evaluate(() => window.nearfield.addSamples());
  const search = page.getByRole('textbox', { name: /Search/ });
  await search.fill(query);
  await search.press('Enter');
  await page.getByRole('table').waitFor();
  await page.getByRole('log').getByRole('button').waitFor({ state: 'detached', timeout: 30_000 });
  await page.screenshot({ path: 'docs/screenshot.png' });
  console.log('docs/screenshot.png');
} finally {
  await browser.close();
  await server.close();
}
