// npm run bench:dawn: builds the bench of the kernels into one file that needs Node and Dawn only, and runs it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { formatDawn } from './dawn/table.mjs';

const USAGE = `npm run bench:dawn -- [--build] [--torch] [--only WORD] [--seconds N] [--json FILE]
  --build       only build dist-bench/dawn.mjs; on another machine: DAWN_MODULE=dawn.node node dawn.mjs
  --torch       PyTorch beside it, where python3 (or PYTHON) has torch
  --only WORD   products, manhattan, hamming or neighbors; may be repeated
  --seconds N   leave out what takes longer than this once (12 on a software adapter, 60 on a GPU)
  --json FILE   write the results there; printed after the table otherwise`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../dist-bench/dawn.mjs', import.meta.url));
const TORCH = fileURLToPath(new URL('../tools/bench-torch.py', import.meta.url));
const NO_ADAPTER = 3;
// Where Chrome and Chromium keep their software adapter.
const SOFTWARE = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

const { values: options } = parseArgs({
  options: {
    build: { type: 'boolean', default: false },
    torch: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    seconds: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
await build({
  ...{ root: ROOT, configFile: false, logLevel: 'warn', publicDir: false },
  build: {
    ssr: 'bench/dawn/main.ts',
    outDir: 'dist-bench',
    target: 'es2023',
    rollupOptions: { output: { entryFileNames: 'dawn.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true, external: ['webgpu'] },
});
if (options.build) {
  console.log('Built dist-bench/dawn.mjs. Elsewhere: DAWN_MODULE=/path/to/dawn.node node dawn.mjs');
  process.exit(0);
}
const choice = options.only.flatMap((word) => ['--only', word]);
if (options.seconds) choice.push('--seconds', options.seconds);
process.exit(options.torch ? runWithTorch() : runAlone());

function runAlone() {
  return run(options.json ? [...choice, '--json', options.json] : choice);
}

function run(rest) {
  const status = runBundle(rest, {});
  const software = SOFTWARE.find((path) => existsSync(path));
  if (status !== NO_ADAPTER || !software || process.env.VK_ICD_FILENAMES) return status;
  console.error(`No GPU that Dawn may use: the software adapter of ${software} instead.`);
  return runBundle(rest, { VK_ICD_FILENAMES: software });
}

function runBundle(rest, environment) {
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [BUNDLE, ...rest], { stdio: 'inherit', env }).status ?? 1;
}

/** Ours first, then PyTorch on the same sizes, each with the machine to itself; one table of both. */
function runWithTorch() {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status !== 0) {
    console.error(`PyTorch is not installed for ${python}: without it. (pip install torch, or set PYTHON.)`);
    return runAlone();
  }
  const folder = mkdtempSync(join(tmpdir(), 'nearfield-bench-'));
  const [ours, both] = [join(folder, 'dawn.json'), join(folder, 'both.json')];
  try {
    const status = run([...choice, '--json', ours]);
    if (status !== 0) return status;
    const torch = spawnSync(python, [TORCH, ours, '--json', both], { stdio: 'inherit' });
    if (torch.status !== 0) return torch.status ?? 1;
    const result = JSON.parse(readFileSync(both, 'utf8'));
    console.log(formatDawn(result));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
    else console.log(JSON.stringify(result));
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
