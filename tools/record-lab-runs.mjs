// Trains the lab's runs that ship as recordings (src/lab/recording/recorded-runs.ts) and writes them to public/lab/.
//   node tools/record-lab-runs.mjs [--only WORD] [--jobs 2]      wasm, one thread a process; a minute or two each

import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = fileURLToPath(new URL('../public/lab/', import.meta.url));
// Of the steps: close together at first, where most happens.
const FRAMES = 14;
const SCENES = 256;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    run: { type: 'string' },
  },
});
if (options.run) await record(options.run);
else await recordAll();

async function recordAll() {
  const ids = await withProject(async (load) => {
    const { recordedRuns } = await load('/src/lab/recording/recorded-runs.ts');
    return recordedRuns.map(({ id }) => id).filter((id) => !options.only || id.includes(options.only));
  });
  await mkdir(OUT, { recursive: true });
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await inProcess(id);
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, work));
  await writeManifest();
}

/** tfjs has one backend a process, and two with a thread each do more than one with two. */
function inProcess(id) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--run', id]);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${id} failed.`))));
  });
}

async function record(id) {
  const tf = await import('@tensorflow/tfjs');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')))}/`);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('The backend wasm does not start.');
  await withProject(async (load) => {
    const { recordedRuns } = await load('/src/lab/recording/recorded-runs.ts');
    const { writeRecording } = await load('/src/lab/recording/recording.ts');
    const { createLearner } = await load('/src/lab/training/create-learner.ts');
    const { recipes } = await load('/src/lab/training/recipes.ts');
    const { heldOutScenes } = await load('/src/lab/training/scenes.ts');
    const { measure } = await load('/src/lab/probes/measure.ts');
    const { probeSettingsOf } = await load('/src/app/lab/probe-settings.ts');
    const { settings } = recordedRuns.find((run) => run.id === id);
    const learner = createLearner(settings);
    const scenes = heldOutScenes(settings, SCENES);
    const began = performance.now();
    const steps = [];
    const frames = [];
    const readAll = async (of) => {
      const rows = {};
      for (const modality of settings.modalities) rows[modality] = await learner.embed(modality, scenes, of);
      return rows;
    };
    const takeFrame = async () => {
      const rows = await readAll('embedding');
      const projections = settings.headWidth > 0 ? await readAll('projection') : {};
      const views = recipes[settings.recipe].data === 'views' ? await readAll('view') : {};
      const seen = { scenes, rows, projections, views };
      const report = await measure(seen, probeSettingsOf(settings));
      // The matrices are measured again where they are looked at.
      const pairs = report.pairs.map(({ first, second, alignment, gap }) => ({
        first,
        second,
        alignment,
        gap,
      }));
      frames.push({ step: learner.steps, rows, projections, views, report: { ...report, pairs } });
    };
    await takeFrame();
    for (let at = 1; at < FRAMES; at++) {
      const until = Math.max(at, Math.round(settings.steps * (at / (FRAMES - 1)) ** 1.6));
      while (learner.steps < until) steps.push(await learner.step());
      await takeFrame();
    }
    const seconds = Math.round((performance.now() - began) / 1000);
    const made = `${new Date().toISOString().slice(0, 10)}, ${settings.steps} steps on ${cpus()[0]?.model.trim() ?? 'a processor'}, tfjs ${tf.version.tfjs} wasm`;
    const bytes = await writeRecording({ settings, made, steps, frames });
    await writeFile(`${OUT}${id}.safetensors`, bytes);
    const last = frames.at(-1).report;
    const shape = last.linear.image?.value?.shape?.value;
    console.log(
      `${id}: ${seconds} s, loss ${steps[0].total.toPrecision(3)} → ${steps.at(-1).total.toPrecision(3)}, shape by linear probe ${shape?.toFixed(2) ?? '–'}, ${(bytes.length / 1e6).toFixed(2)} MB`,
    );
    learner.dispose();
  });
}

async function writeManifest() {
  const files = {};
  for (const name of (await readdir(OUT)).filter((each) => each.endsWith('.safetensors')).sort()) {
    const bytes = await readFile(`${OUT}${name}`);
    files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const manifest = {
    source:
      'made by tools/record-lab-runs.mjs from generated scenes; settings, seed and date are within each file',
    license: 'that of this project',
    files,
  };
  await writeFile(`${OUT}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The project's TypeScript, as Vite reads it. */
async function withProject(use) {
  const vite = await createServer({
    ...{ root: ROOT, configFile: false, logLevel: 'error' },
    server: { middlewareMode: true, ws: false, watch: null, hmr: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await use((path) => vite.ssrLoadModule(path));
  } finally {
    await vite.close();
  }
}
