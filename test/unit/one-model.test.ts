// What is asked of a model while another comes into use, and changes of models that wait for each other.

import { expect, test } from 'vitest';
import { inTurn } from '../../src/app/commands/model-turns.ts';
import { modelChanged, withinOneModel } from '../../src/app/one-model.ts';

test('work that another model came into begins anew, and is done once otherwise', async () => {
  let times = 0;
  const work = async () => ++times;
  expect(await withinOneModel(work)).toBe(1);
  const changing = async () => {
    times++;
    if (times === 2) modelChanged();
    return times;
  };
  expect(await withinOneModel(changing)).toBe(3);
});

test('a failure that the change brought is not told, every other one is', async () => {
  let times = 0;
  const closed = async () => {
    if (++times > 1) return 'answer';
    modelChanged();
    throw new Error('The model was changed or closed while it worked.');
  };
  expect(await withinOneModel(closed)).toBe('answer');
  const failing = async () => {
    times++;
    throw new Error('no such file');
  };
  await expect(withinOneModel(failing)).rejects.toThrow('no such file');
  expect(times).toBe(3);
});

test('a cancel ends it, also when the model changed', async () => {
  let times = 0;
  const cancelled = async () => {
    times++;
    modelChanged();
    throw new DOMException('Cancelled.', 'AbortError');
  };
  await expect(withinOneModel(cancelled)).rejects.toThrow('Cancelled.');
  expect(times).toBe(1);
});

test('changes of models wait for each other, fail alone, and can be given up while they wait', async () => {
  const log: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const step =
    (name: string, until: Promise<unknown> = Promise.resolve()) =>
    async () => {
      log.push(`${name} begins`);
      await until;
      log.push(`${name} ends`);
      return name;
    };
  const stop = new AbortController();
  const first = inTurn(step('first', held), undefined);
  const given = inTurn(step('given up'), stop.signal);
  const failing = inTurn(() => Promise.reject(new Error('no room')), undefined);
  const last = inTurn(step('last'), undefined);
  stop.abort();
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  release();
  await expect(failing).rejects.toThrow('no room');
  expect(await Promise.all([first, last])).toEqual(['first', 'last']);
  expect(log).toEqual(['first begins', 'first ends', 'last begins', 'last ends']);
});
