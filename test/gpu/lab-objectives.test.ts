// The objectives against PyTorch in float64 (tools/make-lab-fixtures.py), value and gradient, where they train in a browser.
import { env, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import '../../src/lab/objectives/gradients.ts';
import { startBackend } from '../../src/models/backend.ts';
import { deviation, type LossCase, readCases } from '../unit/lab-objectives-cases.ts';

const response = await fetch('/test/fixtures/lab/losses.json');
const cases = new Map<string, LossCase[]>();
for (const one of readCases(await response.text()))
  cases.set(one.objective, [...(cases.get(one.objective) ?? []), one]);

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
  beforeAll(async () => {
    await startBackend(backend, 1);
    // Else tfjs computes what is as small as this on the CPU.
    if (backend === 'webgpu') env().set('WEBGPU_CPU_FORWARD', false);
  });

  test.each([...cases])('%s', async (_, all) => {
    // WebGPU compiles anew for most shapes, which takes long on a software adapter.
    const given = backend === 'webgpu' ? all.filter((_, at) => at % 3 === 2) : all;
    const before = memory().numTensors;
    const deviations = await Promise.all(given.map(deviation));
    for (const [at, { value, gradient }] of deviations.entries()) {
      expect(value, `value: ${given[at]?.name}`).toBeLessThan(1);
      expect(gradient, `gradient: ${given[at]?.name}`).toBeLessThan(1);
    }
    expect(memory().numTensors).toBe(before);
  });
});
