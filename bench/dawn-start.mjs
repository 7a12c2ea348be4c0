// Makes Node look like a page with WebGPU, by Dawn: imported before anything that measures.
// DAWN_MODULE names a dawn.node to load instead of the npm package "webgpu", for machines that only have that file.
// DAWN_FLAGS are Dawn's own, separated by commas.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { create, globals } = process.env.DAWN_MODULE
  ? require(process.env.DAWN_MODULE)
  : await import('webgpu');
Object.assign(globalThis, globals);
// Timestamps as they are: else they are rounded to tens of microseconds, as browsers do against spying.
const flags = process.env.DAWN_FLAGS ?? 'disable-dawn-features=timestamp_quantization';
// Dawn crashes when what `create` returns is collected.
globalThis.dawn = create(flags.split(',').filter(Boolean));
Object.defineProperty(globalThis, 'navigator', {
  value: {
    gpu: globalThis.dawn,
    userAgent: `Node ${process.version}`,
    hardwareConcurrency: availableParallelism(),
  },
  configurable: true,
});
