// The encoders on every backend that trains in a browser, beside the cpu backend, whose gradients test/unit/lab-encoders.test.ts checks.
import { env, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import '../../src/lab/objectives/gradients.ts';
import { startBackend } from '../../src/models/backend.ts';
import { encoderCases, run } from '../unit/lab-encoders-cases.ts';

await startBackend('cpu');
const expected = new Map<string, Awaited<ReturnType<typeof run>>>();
for (const [name, given] of Object.entries(encoderCases)) expected.set(name, await run(given));

// A software adapter takes 20 s to compile the shaders of the other two, which are of the same parts.
const names = { wasm: ['picture', 'motion', 'text'], webgpu: ['motion'] };

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
  beforeAll(async () => {
    await startBackend(backend, 1);
    // Else tfjs computes what is as small as this on the CPU.
    if (backend === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
  });

  test.each(names[backend])('%s', async (name) => {
    const before = memory().numTensors;
    const [given, wanted] = [encoderCases[name], expected.get(name)];
    if (!given) throw new Error(`There is no case ${name}.`);
    const found = await run(given);
    for (const part of ['rows', 'gradients'] as const) {
      const largest = Math.max(...(wanted?.[part] ?? []).map(Math.abs));
      expect(found[part]).toHaveLength(wanted?.[part].length ?? 0);
      const off = found[part].map((value, at) => Math.abs(value - (wanted?.[part][at] ?? Number.NaN)));
      expect(Math.max(...off) / largest, part).toBeLessThan(1e-5);
    }
    expect(memory().numTensors).toBe(before);
  });
});
