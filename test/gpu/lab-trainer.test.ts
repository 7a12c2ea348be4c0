import { expect, onTestFinished, test } from 'vitest';
import type { TrainerSnapshot, TrainerStarted } from '../../src/lab/trainer/protocol.ts';
import { createTrainer, type Trainer } from '../../src/lab/trainer/trainer.ts';
import type { StepNumbers } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';

const tiny: RunSettings = {
  ...defaultsOf('simclr'),
  ...{ batchSize: 16, side: 16, size: 0.25, width: 16, headWidth: 8, steps: 12, warmupSteps: 2 },
};

interface Heard {
  readonly trainer: Trainer;
  readonly started: TrainerStarted[];
  readonly steps: StepNumbers[];
  readonly snapshots: TrainerSnapshot[];
  readonly notices: string[];
  readonly failures: string[];
  readonly ended: Promise<void>;
}

async function train(settings: RunSettings, backend: 'wasm' | 'cpu' | 'webgpu' = 'wasm'): Promise<Heard> {
  let end = () => {};
  let fail = (_: Error) => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const lists = { started: [], steps: [], snapshots: [], notices: [], failures: [] } as Pick<
    Heard,
    'started' | 'steps' | 'snapshots' | 'notices' | 'failures'
  >;
  const trainer = await createTrainer(settings, {
    backend,
    heldOut: 20,
    checkpointMs: 0,
    listeners: {
      onStarted: (started) => lists.started.push(started),
      onSteps: (numbers) => lists.steps.push(...numbers),
      onSnapshot: (snapshot) => lists.snapshots.push(snapshot),
      onNotice: (notice) => lists.notices.push(notice),
      onFailure: (reason) => {
        lists.failures.push(reason);
        fail(new Error(reason));
      },
      onEnd: () => end(),
    },
  });
  return { trainer, ...lists, ended };
}

test('a run in a worker tells every step and what it looks like, to its end', async () => {
  const { trainer, started, steps, snapshots, ended } = await train(tiny);
  trainer.run();
  await ended;
  trainer.dispose();
  expect(started).toMatchObject([{ backend: 'wasm', step: 0, check: { isRight: true } }]);
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
  expect(steps.every(({ total }) => total > 0)).toBe(true);
  expect(snapshots.at(-1)).toMatchObject({
    step: 12,
    rows: { image: { count: 20, width: 16 } },
    projections: { image: { count: 20, width: 8 } },
    views: { image: { count: 20, width: 8 } },
  });
});

test('a paused run stands, takes one step when asked, and goes on as one that never stood', async () => {
  const straight = await train(tiny);
  straight.trainer.run();
  await straight.ended;
  straight.trainer.dispose();

  const { trainer, steps, ended } = await train(tiny);
  trainer.run();
  await trainer.pause();
  const stood = steps.length;
  await trainer.step();
  const { step } = await trainer.snapshot();
  expect(step).toBe(stood + 1);
  trainer.run();
  await ended;
  trainer.dispose();
  expect(steps).toEqual(straight.steps);
});

test('a run whose worker breaks down goes on from its last checkpoint in another one', async () => {
  const threads = watchWorkers();
  const straight = await train(tiny);
  straight.trainer.run();
  await straight.ended;
  straight.trainer.dispose();

  const { trainer, started, steps, notices, ended } = await train({ ...tiny });
  const thread = threads.at(-1);
  for (let at = 0; at < 5; at++) await trainer.step();
  thread?.terminate();
  thread?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  trainer.run();
  await ended;
  trainer.dispose();
  expect(notices).toEqual(['The training worker failed: out of memory. The run goes on from step 5.']);
  expect(started.map(({ step }) => step)).toEqual([0, 5]);
  expect(steps).toEqual(straight.steps);
});

test('settings that no run can have are refused when it is opened', async () => {
  await expect(train({ ...tiny, batchSize: 0 })).rejects.toThrow(/batch/i);
});

/** All workers that are opened from here on. */
function watchWorkers(): Worker[] {
  const opened: Worker[] = [];
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      opened.push(this);
    }
  };
  onTestFinished(() => {
    globalThis.Worker = Plain;
  });
  return opened;
}
