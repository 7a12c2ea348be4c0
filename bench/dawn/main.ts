// What `npm run bench:dawn` builds into one file: the kernels on Dawn, without a browser.
import '../dawn-start.mjs';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { openGpu } from '../../src/gpu/gpu.ts';
import type { CaseRow } from './case.ts';
import { caseLists, kernelCases } from './cases.ts';
import { measureCases } from './measure-cases.ts';
import { PassTimer } from './pass-timer.ts';
import { peakOf } from './peaks.ts';
import { formatDawn } from './table.mjs';

/** No adapter: the starter tries again with a software one. */
const NO_ADAPTER = 3;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    seconds: { type: 'string' },
  },
});

const asked = options.seconds === undefined ? undefined : Number(options.seconds);
if (asked !== undefined && !(asked > 0)) refuse(`--seconds ${options.seconds} is no number above 0.`);

const gpu = await openGpu((reason) => console.error(reason));
if (!gpu) {
  console.error(
    'Dawn finds GPUs by Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows): is the driver here?',
  );
  process.exit(NO_ADAPTER);
}
const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
const description = adapter?.info.description ?? '';
const peak = peakOf(description);
const { vendor, architecture, isFallback, features } = gpu.adapter;
const seconds = asked ?? (isFallback ? 12 : 60);
const limits = { onceMs: seconds * 1000, caseMs: Math.min(seconds / 2, 15) * 1000 };

const timer = gpu.device.features.has('timestamp-query') ? new PassTimer(gpu.device) : undefined;
const rows: CaseRow[] = [];
const leftOut = new Set<string>();
const lists = [...caseLists, ...kernelCases(gpu)];
const isWanted = (task: string) => !options.only || options.only.some((word) => task.includes(word));
const tasks = [...new Set(lists.flat().map(({ task }) => task))];
if (!tasks.some(isWanted)) refuse(`--only ${options.only} is in none of ${tasks.join(', ')}.`);
for (const cases of lists) {
  const wanted = cases.filter(({ task }) => isWanted(task));
  const rest = await measureCases(gpu, wanted, limits, peak, timer, (row) => {
    const found = row.wallMs.length > 0 ? `${Math.min(...row.wallMs).toFixed(1)} ms` : row.verdict.says;
    console.error(`${row.title}, ${row.by}: ${found}`);
    rows.push(row);
  });
  for (const title of rest) leftOut.add(title);
}

const result = {
  date: new Date().toISOString().slice(0, 10),
  adapter: { vendor, architecture, description, isFallback, features },
  peak: peak ?? null,
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown processor',
    cores: availableParallelism(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  },
  rows,
  leftOut: [...leftOut],
  torch: null,
};
console.log(formatDawn(result));
if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
else console.log(JSON.stringify(result));
process.exit(0);

function refuse(reason: string): never {
  console.error(reason);
  process.exit(2);
}
