// npm run bench:lab: trains each objective of the lab and says whether it learned what it should.
import { fork } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { markdownTable } from './table.mjs';

const USAGE = `npm run bench:lab -- [--only WORD] [--seed N] [--backend NAME] [--full] [--jobs N]
  --only WORD     only objectives with WORD in their name, such as clip; may be repeated
  --seed N        of scenes, parameters and views (1)
  --backend NAME  wasm (one thread a process), webgpu (by Dawn, for a GPU) or cpu (slow)
  --full          the recipes' defaults in the whole world: for a GPU
  --jobs N        processes at once (2; with webgpu 1)`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'wasm' },
    full: { type: 'boolean', default: false },
    jobs: { type: 'string' },
    task: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(USAGE);
  process.exit(0);
}
if (options.task) await runTask(options.task);
else process.exitCode = await runAll();

async function runAll() {
  const names = await withTasks((tasks) => Object.keys(tasks));
  const chosen = names.filter(
    (name) => options.only.length === 0 || options.only.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) {
    console.error(`There is no such objective. There are ${names.join(', ')}.`);
    return 2;
  }
  const jobs = Number(
    options.jobs ?? (options.backend === 'webgpu' ? 1 : Math.min(2, availableParallelism())),
  );
  const began = performance.now();
  const waiting = [...chosen];
  const results = new Map();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      results.set(name, await runInProcess(name));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  const seconds = (performance.now() - began) / 1000;
  print(chosen, results, seconds, jobs);
  const rows = chosen.flatMap((name) => results.get(name)?.rows ?? []);
  const isWhole = chosen.every((name) => results.get(name)?.rows.length > 0);
  return isWhole && rows.every(({ isReached }) => isReached !== false) ? 0 : 1;
}

/** A process each: tfjs has one backend a process, and two with a thread each do more than one with two. */
function runInProcess(name) {
  return new Promise((resolve) => {
    const answer = { rows: [], seconds: Number.NaN };
    const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--task', name]);
    child.on('message', (message) => Object.assign(answer, message));
    child.on('exit', () => resolve(answer));
  });
}

async function runTask(name) {
  await startBackend(options.backend);
  await withTasks(async (tasks) => {
    const began = performance.now();
    const rows = await tasks[name]({ seed: Number(options.seed), isFull: options.full });
    process.send({ rows, seconds: (performance.now() - began) / 1000 });
  });
  process.disconnect();
}

/** The project's TypeScript, as Vite reads it. */
async function withTasks(use) {
  const vite = await createServer({
    ...{ root: ROOT, configFile: false, logLevel: 'error' },
    server: { middlewareMode: true, ws: false, watch: null, hmr: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    const { tasks } = await vite.ssrLoadModule('/bench/lab/main.ts');
    return await use(tasks);
  } finally {
    await vite.close();
  }
}

async function startBackend(name) {
  // With it, every op has its gradient.
  const tf = await import('@tensorflow/tfjs');
  if (name === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
    // Its threads are started by a script in a blob, which Node does not take.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  } else if (name === 'webgpu') {
    await import('./dawn-start.mjs');
    const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new Error('Dawn finds no GPU: is its driver here?');
    const { maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup } = adapter.limits;
    const { maxComputeWorkgroupSizeX, maxComputeWorkgroupStorageSize } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: {
        ...{ maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup },
        ...{ maxComputeWorkgroupSizeX, maxComputeWorkgroupStorageSize },
      },
    });
    tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  }
  if (!(await tf.setBackend(name))) throw new Error(`The backend ${name} does not start.`);
  await tf.ready();
}

function print(names, results, seconds, jobs) {
  const head = ['objective', 'measured', 'value', 'wanted', 'reached', 'seconds'];
  const body = names.flatMap((name) => {
    const { rows, seconds: took } = results.get(name);
    if (rows.length === 0) return [[name, 'failed: see above', '', '', 'no', '']];
    return rows.map(({ objective, measured, value, wanted, isReached }, at) => {
      const reached = isReached === undefined ? '' : isReached ? 'yes' : '**no**';
      return [objective, measured, value, wanted, reached, at === 0 ? took.toFixed(0) : ''];
    });
  });
  const size = options.full ? 'full size' : 'reduced size';
  console.log(`\n${markdownTable([head, ...body])}\n`);
  console.log(
    `${new Date().toISOString().slice(0, 10)}, seed ${options.seed}, ${options.backend}, ${size}, ${jobs} at once on ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${seconds.toFixed(0)} s in all.`,
  );
}
