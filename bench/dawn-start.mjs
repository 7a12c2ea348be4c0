// Makes Node look like a page with WebGPU, by Dawn: imported before anything that measures.
// DAWN_MODULE names a dawn.node to load instead of the npm package "webgpu", for machines that only have that file.
import { createRequire } from 'node:module';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { create, globals } = process.env.DAWN_MODULE
  ? require(process.env.DAWN_MODULE)
  : await import('webgpu');
Object.assign(globalThis, globals);
// Dawn crashes when what `create` returns is collected.
globalThis.dawn = create((process.env.DAWN_FLAGS ?? '').split(',').filter(Boolean));
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: globalThis.dawn, userAgent: `Node ${process.version}`, hardwareConcurrency: 0 },
  configurable: true,
});
