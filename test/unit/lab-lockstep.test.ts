import { expect, test } from 'vitest';
import { nextTask } from '../../src/common/turns.ts';
import { Lockstep } from '../../src/lab/trainer/lockstep.ts';
import { TrainingLoop } from '../../src/lab/trainer/loop.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';

/** A run that counts, and waits some turns in each step. */
function createRun(lockstep: Lockstep<string>, id: string, steps: number, turns: number) {
  const run = { steps: 0 };
  const loop = new TrainingLoop(
    {
      settings: { ...defaultsOf('simclr'), steps },
      get steps() {
        return run.steps;
      },
      async step() {
        for (let turn = 0; turn < turns; turn++) await nextTask();
        run.steps += 1;
        return { step: run.steps, rate: 1, total: 1, terms: {}, weights: {}, learned: {} };
      },
    },
    {
      onSteps: (numbers) => lockstep.tell(id, numbers.at(-1)?.step ?? 0),
      between: () => Promise.resolve(),
      onEnd: () => lockstep.leave(id),
    },
  );
  lockstep.join(id, (bound) => loop.setBound(bound));
  return { run, loop };
}

/** A clock that says that each block took so long. */
function clock(milliseconds: number): () => number {
  let at = 0;
  return () => {
    at += milliseconds;
    return at;
  };
}

test('of two runs none gets ahead by more than a step where steps are slow, and both come to their end', async () => {
  const lockstep = new Lockstep<string>(clock(1000));
  const [fast, slow] = [createRun(lockstep, 'fast', 40, 0), createRun(lockstep, 'slow', 40, 5)];
  lockstep.tell('fast', 0);
  let most = 0;
  const runs = Promise.all([fast.loop.run(), slow.loop.run()]);
  for (let turn = 0; turn < 20; turn++) await nextTask();
  // The other has yet to say that it is there.
  expect(fast.run.steps).toBe(0);
  lockstep.tell('slow', 0);
  let isDone = false;
  void runs.then(() => {
    isDone = true;
  });
  while (!isDone) {
    await nextTask();
    most = Math.max(most, Math.abs(fast.run.steps - slow.run.steps));
  }
  expect(most).toBe(1);
  expect([fast.run.steps, slow.run.steps]).toEqual([40, 40]);
});

test('a block has more steps where they are fast, and at its end both are at the same', () => {
  const lockstep = new Lockstep<string>(clock(10));
  const bounds: number[] = [];
  lockstep.join('one', (bound) => bounds.push(bound));
  expect(lockstep.bound).toBe(Number.POSITIVE_INFINITY);
  lockstep.join('other', () => undefined);
  lockstep.tell('one', 0);
  lockstep.tell('other', 0);
  for (let at = 0; at < 9; at++) {
    const { bound } = lockstep;
    lockstep.tell('one', bound);
    expect(lockstep.bound).toBe(bound);
    lockstep.tell('other', bound);
    expect(lockstep.bound).toBeGreaterThan(bound);
  }
  const blocks = bounds.slice(2).map((bound, at) => bound - (bounds[at + 1] ?? 0));
  expect(Math.max(...blocks)).toBe(64);
});

test('nobody waits for a run that has left, and a pause does not wait for the other', async () => {
  const lockstep = new Lockstep<string>(clock(1000));
  const [one, other] = [createRun(lockstep, 'one', 10, 0), createRun(lockstep, 'other', 10, 0)];
  lockstep.tell('one', 0);
  lockstep.tell('other', 0);
  const run = one.loop.run();
  while (one.run.steps < 1) await nextTask();
  await one.loop.pause();
  await run;
  expect([one.run.steps, other.run.steps]).toEqual([1, 0]);
  const again = one.loop.run();
  for (let turn = 0; turn < 20; turn++) await nextTask();
  expect(one.run.steps).toBe(1);
  lockstep.leave('other');
  await again;
  expect(one.run.steps).toBe(10);
});
