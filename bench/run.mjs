// npm run bench: our engines beside their peers, in one browser on one adapter, in turns.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { ensureBrowser, launchArgs } from '../tools/browser.mjs';
import { ensurePeer } from './peers.mjs';
import { formatReport } from './table.mjs';

const USAGE = `npm run bench -- [--only WORD] [--slow] [--json FILE]
  --only WORD   only tasks with WORD in their name, such as neighbors; may be repeated
  --slow        also what takes minutes (tfjs-webgpu with 5,000 rows)
  --json FILE   write the results there; printed after the table otherwise`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    slow: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const WASM = '/node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const closers = [];

async function close() {
  for (const closer of closers.splice(0).reverse()) await closer();
}

let isStopped = false;
process.once('SIGINT', () => {
  isStopped = true;
  console.error('\nStopped.');
  void close().finally(() => process.exit(130));
});

/** The page's server: isolated, so that wasm has threads; watching nothing, for a reload would lose the run. */
async function serve() {
  const headers = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  };
  const server = await createServer({
    ...{ root, configFile: false, logLevel: 'error', cacheDir: 'node_modules/.vite-bench' },
    server: { port: 0, headers, hmr: false, watch: null },
    optimizeDeps: { entries: ['bench/index.html'] },
    worker: { format: 'es' },
  });
  closers.push(() => server.close());
  await server.listen();
  return `${server.resolvedUrls.local[0]}bench/index.html`;
}

async function openPage(browser, url) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.exposeFunction('findPeer', ensurePeer);
  await page.goto(url);
  await page.waitForFunction(() => 'bench' in window);
  const about = await page.evaluate((given) => window.bench.open(given), {
    wasmPath: WASM,
    isSlow: options.slow,
  });
  return { page, about };
}

async function bench() {
  const url = await serve();
  const browser = await chromium.launch({
    executablePath: ensureBrowser(),
    args: launchArgs,
    handleSIGINT: false,
  });
  closers.push(() => browser.close());
  let { page, about } = await openPage(browser, url);
  const known = await page.evaluate(() => window.bench.tasks);
  const wanted = known.filter((id) => !options.only || options.only.some((word) => id.includes(word)));
  if (wanted.length === 0) throw new Error(`--only ${options.only} is in none of ${known.join(', ')}.`);
  const reports = [];
  for (const id of wanted) {
    console.error(`${id} …`);
    try {
      reports.push(await page.evaluate((task) => window.bench.run(task), id));
    } catch (error) {
      if (isStopped) throw error;
      // A peer can take the GPU process down with it: the rest of the tasks get a page of their own.
      reports.push({ id, title: id, note: `Failed: ${error.message.split('\n')[0]}`, rows: [] });
      await page.close();
      ({ page, about } = await openPage(browser, url));
    }
  }
  const date = new Date().toISOString().slice(0, 10);
  const cpu = cpus()[0]?.model ?? 'unknown processor';
  const machine = { cpu, cores: availableParallelism(), system: `${process.platform} ${process.arch}` };
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return { date, nearfield: version, browser: `Chromium ${browser.version()}`, ...about, machine, reports };
}

try {
  const result = await bench();
  const { date, adapter, browser, machine } = result;
  const cores = `${machine.cores} cores of ${machine.cpu}`;
  console.log(`Measured on ${date}: adapter ${adapter}, ${browser}, ${cores}, ${machine.system}.\n`);
  for (const report of result.reports) console.log(formatReport(report));
  if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
  else console.log(JSON.stringify(result));
} catch (error) {
  // What was under way when everything was closed fails; that is no news.
  if (!isStopped) throw error;
} finally {
  await close();
}
