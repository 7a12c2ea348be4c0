// Makes Node look like a page with WebGPU, by Dawn: imported before anything that measures.
// DAWN_MODULE names a dawn.node to load instead of the npm package "webgpu", for machines that only have that file.
// DAWN_FLAGS are Dawn's own, separated by commas.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { create, globals } = process.env.DAWN_MODULE
  ? require(resolve(process.env.DAWN_MODULE))
  : await importPackage();
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

async function importPackage() {
  try {
    return await import('webgpu');
  } catch (error) {
    console.error(
      'No Dawn: the npm package "webgpu" is not here. Install it, or name a dawn.node (it lies in that package, under dist) by DAWN_MODULE.',
    );
    throw error;
  }
}
