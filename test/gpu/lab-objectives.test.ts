// The objectives against PyTorch in float64 (tools/make-lab-fixtures.py), value and gradient, where they train in a browser.
import { dispose, env, fill, memory, type NamedTensorMap, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import '../../src/lab/objectives/gradients.ts';
import { AdamW } from '../../src/lab/optimizer/adam-w.ts';
import { startBackend } from '../../src/models/backend.ts';
import { deviation, type LossCase, readCases } from '../unit/lab-objectives-cases.ts';
import { follow, readRuns } from '../unit/lab-optimizer-cases.ts';

const fixture = async (name: string) => (await fetch(`/test/fixtures/lab/${name}.json`)).text();
const { runs } = readRuns(await fixture('adam-w'));
const cases = new Map<string, LossCase[]>();
for (const one of readCases(await fixture('losses')))
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

  test('AdamW moves as PyTorch does', async () => {
    const before = memory().numTensors;
    const [, run] = runs;
    if (!run) throw new Error('no run');
    await follow(run);
    expect(memory().numTensors).toBe(before);
  });

  test('AdamW trains more parameters than a kernel has inputs', async () => {
    const sizes = Array.from({ length: 20 }, (_, at) => 1 + at * 31);
    const parameters = new Map(sizes.map((size, at) => [`${at}`, tidy(() => variable(fill([size], at)))]));
    const optimizer = new AdamW(parameters);
    const gradients: NamedTensorMap = {};
    for (const { name, shape } of parameters.values()) gradients[name] = fill(shape, 0.5);
    optimizer.step(gradients, 0.25);
    optimizer.dispose();
    dispose(gradients);
    for (const [name, one] of parameters) {
      expect(new Set(Array.from(await one.data(), (value) => value.toFixed(4)))).toEqual(
        new Set([(Number(name) - 0.25).toFixed(4)]),
      );
      one.dispose();
    }
  });
});
