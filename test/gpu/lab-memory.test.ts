// Memory that does not hold a batch: the worker's own, made small before its script runs.
import { ones, square } from '@tensorflow/tfjs-core';
import { expect, onTestFinished, test } from 'vitest';
import { OutOfMemory, withinMemory } from '../../src/lab/trainer/memory.ts';
import type { TrainerStarted } from '../../src/lab/trainer/protocol.ts';
import { createTrainer } from '../../src/lab/trainer/trainer.ts';
import type { StepNumbers } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';
import { startBackend } from '../../src/models/backend.ts';

const run: RunSettings = {
  ...defaultsOf('vicreg'),
  ...{ steps: 3, batchSize: 64, size: 0.25, width: 8, headWidth: 8, rate: 1e-4, warmupSteps: 0 },
  modalities: ['imu'],
};

/** The run to its end. */
async function train(settings: RunSettings) {
  let [resolve, reject] = [() => {}, (_: Error) => {}];
  const ended = new Promise<void>((fulfill, refuse) => {
    resolve = fulfill;
    reject = refuse;
  });
  const heard = {
    started: [] as TrainerStarted[],
    steps: [] as StepNumbers[],
    notices: [] as string[],
    failures: [] as string[],
  };
  const trainer = await createTrainer(settings, {
    ...{ backend: 'wasm', heldOut: 4, checkpointMs: 0 },
    listeners: {
      onStarted: (started) => heard.started.push(started),
      onSteps: (numbers) => heard.steps.push(...numbers),
      onSnapshot: () => undefined,
      onNotice: (notice) => heard.notices.push(notice),
      onFailure: (reason) => {
        heard.failures.push(reason);
        reject(new Error(reason));
      },
      onEnd: () => resolve(),
    },
  });
  onTestFinished(() => trainer.dispose());
  trainer.run();
  await ended;
  return { ...heard, settings: trainer.settings, state: await trainer.exportState() };
}

test('on wasm a step that is refused memory is taken again with half the batch, as by a run that began so', async () => {
  const plain = await train({ ...run, batchSize: 32 });
  limitWorkers(limitWasm, 26e6);
  const halved = await train(run);
  expect(halved.notices).toEqual([
    'Batch halved from 64 to 32: the page’s memory did not hold it. The run goes on from step 0.',
  ]);
  expect(halved.started.map(({ settings }) => settings.batchSize)).toEqual([64, 32]);
  expect(halved.settings).toEqual({ ...run, batchSize: 32 });
  expect(halved.steps).toEqual(plain.steps);
  expect(halved.state.settings).toEqual(halved.settings);
});

test('on a GPU a step is told of memory that it was refused, and of nothing that an other one was', async () => {
  await startBackend('webgpu');
  const step = () => withinMemory(() => square(ones([256, 1024])).data());
  expect(await step()).toHaveLength(256 * 1024);
  const { popErrorScope } = GPUDevice.prototype;
  onTestFinished(() => {
    GPUDevice.prototype.popErrorScope = popErrorScope;
  });
  GPUDevice.prototype.popErrorScope = async function () {
    expect(await popErrorScope.call(this)).toBeNull();
    return new GPUOutOfMemoryError('There is no more.');
  };
  await expect(step()).rejects.toThrow(new OutOfMemory('There is no more.'));
  GPUDevice.prototype.popErrorScope = popErrorScope;
  expect(await step()).toHaveLength(256 * 1024);
  const failing = () => Promise.reject(new Error('another reason'));
  await expect(withinMemory(failing)).rejects.toThrow(new Error('another reason'));
});

test('a device that allows less is given a smaller batch before the first step', async () => {
  limitWorkers(tellLittleMemory, 2 ** -5);
  const { notices, settings, steps } = await train(run);
  expect(notices).toEqual(['Batch lowered from 64 to 32: this device’s memory would not hold it.']);
  expect(settings.batchSize).toBe(32);
  expect(steps).toHaveLength(3);
});

test('where no batch fits, the run fails and says what to do', async () => {
  limitWorkers(limitWasm, 40e6);
  const large: RunSettings = { ...run, ...{ modalities: ['image'], batchSize: 3, side: 64, size: 1.5 } };
  await expect(train(large)).rejects.toThrow(
    /^There is no memory for a batch of 3\. Choose smaller encoders or pictures\./,
  );
});

/** @param limit runs in each worker, before its script */
function limitWorkers(limit: (bytes: number) => void, bytes: number): void {
  const Plain = globalThis.Worker;
  globalThis.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      const first = scriptUrl(
        `(${findFiles.toString()})(${JSON.stringify(location.href)});\n(${limit.toString()})(${bytes});`,
      );
      super(
        scriptUrl(`import '${first}';\nimport ${JSON.stringify(new URL(url, location.href).href)};`),
        options,
      );
    }
  };
  onTestFinished(() => {
    globalThis.Worker = Plain;
  });
}

function scriptUrl(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

/** What a script of text asks for by its path alone is the page's. */
function findFiles(page: string): void {
  const { fetch } = globalThis;
  globalThis.fetch = (address, options) =>
    fetch(typeof address === 'string' ? new URL(address, page) : address, options);
}

/** The module's memory grows so far and no further. */
function limitWasm(bytes: number): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65_536 > bytes) throw new RangeError('Maximum memory size exceeded');
    return grow.call(this, pages);
  };
}

function tellLittleMemory(gibibytes: number): void {
  Object.defineProperty(navigator, 'deviceMemory', { value: gibibytes });
}
