// The objectives against PyTorch in float64 (tools/make-lab-fixtures.py), on the cpu backend; test/gpu/lab-objectives.test.ts has the others.
import { readFile } from 'node:fs/promises';
// Registers the gradients and the cpu backend.
import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { deviation, readCases } from './lab-objectives-cases.ts';

const cases = readCases(await readFile('test/fixtures/lab/losses.json', 'utf8'));

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

describe.each([...new Set(cases.map(({ objective }) => objective))])('%s', (objective) => {
  test.each(cases.filter((one) => one.objective === objective))('$name', async (given) => {
    const before = memory().numTensors;
    const { value, gradient, terms } = await deviation(given);
    expect(terms.sort()).toEqual(Object.keys(given.terms).sort());
    expect(value).toBeLessThan(1);
    expect(gradient).toBeLessThan(1);
    expect(memory().numTensors).toBe(before);
  });
});
