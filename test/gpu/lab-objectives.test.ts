// The objectives against PyTorch in float64 (tools/make-lab-fixtures.py), value and gradient, where they train in a browser.
import {
  dispose,
  env,
  fill,
  memory,
  type NamedTensorMap,
  type Rank,
  tidy,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { barlowTwins } from '../../src/lab/objectives/barlow-twins.ts';
import { differentiate } from '../../src/lab/objectives/differentiate.ts';
import '../../src/lab/objectives/gradients.ts';
import { ntXent } from '../../src/lab/objectives/nt-xent.ts';
import { vicReg } from '../../src/lab/objectives/vicreg.ts';
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

  test('rows of zeros have finite gradients', async () => {
    const rows = tidy(() => variable(zeros<Rank.R2>([4, 3])));
    const views = { first: rows, second: rows };
    for (const loss of [() => ntXent(views), () => barlowTwins(views), () => vicReg(views)]) {
      const { values, gradients } = differentiate(loss, [rows]);
      for (const one of [values, ...Object.values(gradients)])
        expect((await one.data()).every(Number.isFinite)).toBe(true);
      expect(Object.keys(gradients)).toHaveLength(1);
      dispose([values, gradients]);
    }
    rows.dispose();
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
    const parameters = sizes.map((size, at) => {
      const values = tidy(() => variable(fill([size], at)));
      return { name: `${at}`, values, decays: false };
    });
    const optimizer = new AdamW(parameters);
    const gradients: NamedTensorMap = {};
    for (const { values } of parameters) gradients[values.name] = fill(values.shape, 0.5);
    optimizer.step(gradients, 0.25);
    optimizer.dispose();
    dispose(gradients);
    for (const [at, { values }] of parameters.entries()) {
      const found = Array.from(await values.data(), (value) => value.toFixed(4));
      expect(new Set(found)).toEqual(new Set([(at - 0.25).toFixed(4)]));
      values.dispose();
    }
  });
});
