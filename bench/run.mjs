// npm run bench: our engines beside their peers, in one browser, in turns. Prints a table, then the same as JSON.
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { ensureBrowser, launchArgs } from '../tools/browser.mjs';

const WASM = '/node_modules/@tensorflow/tfjs-backend-wasm/dist/';

const server = await createServer({ logLevel: 'error', server: { port: 0, open: false } });
await server.listen();
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: launchArgs });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`${server.resolvedUrls.local[0]}bench/index.html`);
  await page.waitForFunction(() => 'runBench' in window);
  const result = await page.evaluate((wasm) => window.runBench(wasm), WASM);
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${date}, ${result.adapter}, ${result.threads} threads, Chromium ${browser.version()}\n`);
  console.log('| task | by | median | fastest to slowest | repetitions |\n|---|---|---|---|---|');
  for (const { task, name, medianMs, fastestMs, slowestMs, durationsMs } of result.measured) {
    const spread = `${fastestMs.toFixed(1)} to ${slowestMs.toFixed(1)} ms`;
    console.log(`| ${task} | ${name} | ${medianMs.toFixed(1)} ms | ${spread} | ${durationsMs.length} |`);
  }
  console.log(`\n${JSON.stringify({ date, ...result })}`);
} finally {
  await browser.close();
  await server.close();
}
