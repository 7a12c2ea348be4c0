// AdamW and its schedule against PyTorch in float64 (tools/make-lab-fixtures.py).
import { readFile } from 'node:fs/promises';
// Registers the gradients and the cpu backend.
import '@tensorflow/tfjs';
import { memory, setBackend, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { AdamW, type AdamWState, UnfitState } from '../../src/lab/optimizer/adam-w.ts';
import { learningRate } from '../../src/lab/optimizer/schedule.ts';
import { begin, distance, follow, readRuns } from './lab-optimizer-cases.ts';

const fixture = readRuns(await readFile('test/fixtures/lab/adam-w.json', 'utf8'));

beforeAll(async () => {
  expect(await setBackend('cpu')).toBe(true);
});

describe.each(fixture.runs.map((run) => [run.name, run] as const))('%s', (_, run) => {
  test('moves as PyTorch does over 20 steps, loss, parameters and moments', async () => follow(run));

  test('goes on from an exported state as if it had not stopped', async () => {
    const whole = begin(run);
    for (const step of run.rates.keys()) await whole.train(step);
    const half = begin(run);
    for (let step = 0; step < 7; step++) await half.train(step);
    const values = new Map<string, Float32Array>();
    for (const [name, one] of half.parameters) values.set(name, Float32Array.from(await one.data()));
    const state = await half.optimizer.exportState();
    half.close();

    const rest = begin(run);
    for (const [name, one] of rest.parameters)
      tidy(() => one.assign(tensor(values.get(name) ?? [], one.shape)));
    rest.optimizer.importState(state);
    for (let step = 7; step < run.rates.length; step++) await rest.train(step);
    for (const [name, one] of rest.parameters)
      expect(await one.data(), name).toEqual(await whole.parameters.get(name)?.data());
    rest.close();
    whole.close();
  });
});

test('holds two numbers a parameter, as many tensors after 500 steps as after one, and none when disposed of', async () => {
  const [run] = fixture.runs;
  if (!run) throw new Error('no run');
  const before = memory().numTensors;
  const { train, close } = begin(run);
  await train(0);
  const after1 = memory();
  for (let step = 0; step < 500; step++) await train(0);
  expect(memory()).toMatchObject({ numTensors: after1.numTensors, numBytes: after1.numBytes });
  close();
  expect(memory().numTensors).toBe(before);
});

test('made and used within a tidy, it lives on', () => {
  const before = memory().numTensors;
  const weights = variable(tensor([1, -2], [2, 1]));
  const gradient = () => ({ [weights.name]: tensor([0.5, 0.25], [2, 1]) });
  const made: AdamW[] = [];
  tidy(() => made.push(new AdamW([{ name: 'weights', values: weights, decays: true }])));
  const [optimizer] = made;
  tidy(() => optimizer?.step(gradient(), 0.1));
  tidy(() => optimizer?.step(gradient(), 0.1));
  const found = weights.dataSync();
  // Two equal gradients: each step is the rate in length, beside a decay of 1 ‰.
  expect(found[0]).toBeCloseTo((1 * 0.999 - 0.1) * 0.999 - 0.1, 5);
  optimizer?.dispose();
  weights.dispose();
  // The variable is counted with the tensor that it was made of.
  expect(memory().numTensors - before).toBeLessThanOrEqual(1);
});

describe('what it refuses', () => {
  const one = () => [{ name: 'weights', values: variable(tensor([1, 2, 3, 4], [2, 2])), decays: true }];

  test('a parameter without a gradient, and nothing has moved', async () => {
    const parameters = one();
    const optimizer = new AdamW(parameters);
    const before = memory().numTensors;
    expect(() => optimizer.step({}, 0.1)).toThrow('The loss does not depend on weights. Leave it out');
    expect(memory().numTensors).toBe(before);
    expect(optimizer.steps).toBe(0);
    expect(Array.from((await parameters[0]?.values.data()) ?? [])).toEqual([1, 2, 3, 4]);
  });

  test.each<[string, AdamWState, RegExp]>([
    ['a parameter less', { steps: 1, moments: new Map() }, /of weights it has 0 numbers, not 4/],
    [
      'another size',
      {
        steps: 1,
        moments: new Map([['weights', { first: new Float32Array(4), second: new Float32Array(3) }]]),
      },
      /of weights it has 3 numbers, not 4/,
    ],
    [
      'a parameter more',
      { steps: 1, moments: new Map([['bias', { first: new Float32Array(1), second: new Float32Array(1) }]]) },
      /this one has no parameter bias/,
    ],
    ['no number of steps', { steps: 1.5, moments: new Map() }, /after 1.5 steps/],
  ])('a state with %s', (_, state, message) => {
    const optimizer = new AdamW(one());
    const before = memory().numTensors;
    expect(() => optimizer.importState(state)).toThrow(UnfitState);
    expect(() => optimizer.importState(state)).toThrow(message);
    expect(memory().numTensors).toBe(before);
    expect(optimizer.steps).toBe(0);
  });

  test('no parameters, and settings out of range', () => {
    expect(() => new AdamW([])).toThrow('no parameter');
    expect(() => new AdamW([...one(), ...one()])).toThrow('Two parameters are called weights');
    for (const settings of [
      { beta1: 1 },
      { beta2: -0.1 },
      { epsilon: 0 },
      { weightDecay: -1 },
      { beta1: Number.NaN },
    ])
      expect(() => new AdamW(one(), settings)).toThrow(RangeError);
  });
});

describe('the schedule', () => {
  const { settings, rates } = fixture.schedule;

  test('warms up, follows the cosine, and stays at its end', () => {
    const found = rates.map((_, step) => learningRate(step, settings));
    expect(distance(found, rates)).toBeLessThan(1e-9);
    expect(found[4]).toBe(settings.peak);
    expect(found[19]).toBe(settings.final);
  });

  test('needs no warm-up, and may be one', () => {
    expect(learningRate(0, { peak: 2, warmupSteps: 0, totalSteps: 10 })).toBe(2);
    expect(learningRate(5, { peak: 2, warmupSteps: 0, totalSteps: 10 })).toBeCloseTo(1, 12);
    expect(learningRate(10, { peak: 2, warmupSteps: 0, totalSteps: 10 })).toBe(0);
    expect(learningRate(3, { peak: 2, warmupSteps: 4, totalSteps: 4 })).toBe(2);
  });

  test.each([
    { peak: 1, warmupSteps: 11, totalSteps: 10 },
    { peak: 1, warmupSteps: -1, totalSteps: 10 },
    { peak: 1, warmupSteps: 1, totalSteps: 2.5 },
  ])('refuses $warmupSteps of $totalSteps steps', (schedule) => {
    expect(() => learningRate(0, schedule)).toThrow('Choose whole numbers');
  });
});
