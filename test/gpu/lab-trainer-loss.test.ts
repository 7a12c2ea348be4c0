// A GPU that is lost under a run: the worker's own device is destroyed, as a driver that is reset does it.
import { expect, onTestFinished, test } from 'vitest';
import type { TrainerStarted } from '../../src/lab/trainer/protocol.ts';
import { createTrainer, type Trainer, type TrainerOptions } from '../../src/lab/trainer/trainer.ts';
import type { StepNumbers } from '../../src/lab/training/learner.ts';
import { defaultsOf } from '../../src/lab/training/recipes.ts';
import type { RunSettings } from '../../src/lab/training/settings.ts';

// Motion is the least that a software adapter has to compile.
const tiny: RunSettings = {
  ...defaultsOf('vicreg'),
  ...{ steps: 6, batchSize: 4, size: 0.1, width: 8, headWidth: 8, rate: 1e-4, warmupSteps: 0 },
  modalities: ['imu'],
};

interface Heard {
  readonly started: TrainerStarted[];
  readonly steps: StepNumbers[];
  readonly notices: string[];
  readonly failures: string[];
  readonly ended: Promise<void>;
  readonly options: TrainerOptions;
}

function listen(backend: 'webgpu' | 'wasm'): Heard {
  let resolve = () => {};
  let reject = (_: Error) => {};
  const promise = new Promise<void>((fulfill, refuse) => {
    resolve = fulfill;
    reject = refuse;
  });
  const heard: Omit<Heard, 'options'> = {
    ...{ started: [], steps: [], notices: [], failures: [], ended: promise },
  };
  promise.catch(() => undefined);
  return {
    ...heard,
    options: {
      ...{ backend, heldOut: 4, checkpointMs: 0 },
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
    },
  };
}

async function open(heard: Heard, options: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await createTrainer(tiny, { ...heard.options, ...options });
  onTestFinished(() => trainer.dispose());
  return trainer;
}

test('a GPU that is lost as the run is opened is opened again, and lost in a step gives way to wasm', async () => {
  const before = await open(listen('wasm'));
  for (let at = 0; at < 3; at++) await before.step();
  const state = await before.exportState();
  before.dispose();

  const loseAtNextSubmit = reachDevices();
  const heard = listen('webgpu');
  const trainer = await open(heard, { state });
  await loseAtNextSubmit();
  // Asked of a device that is lost in this step: answered by the worker that takes its place.
  await trainer.step();
  expect((await trainer.exportState()).step).toBe(4);
  trainer.run();
  await heard.ended;
  const lost = expect.stringMatching(/^The GPU was lost \(destroyed\)\. .*The run goes on from step 3\.$/s);
  expect(heard.notices).toEqual([lost, lost]);
  expect(heard.started.map(({ backend, step }) => [backend, step])).toEqual([
    ['webgpu', 3],
    ['wasm', 3],
  ]);
  expect(heard.steps.map(({ step }) => step)).toEqual([4, 5, 6]);
  expect(heard.steps.every(({ total }) => total > 0)).toBe(true);
  expect(heard.failures).toEqual([]);
});

test('what is asked of a worker that breaks down is answered by the next', async () => {
  const workers = watchWorkers();
  const heard = listen('wasm');
  const trainer = await open(heard);
  await trainer.step();
  const asked = Promise.all([trainer.step(), trainer.snapshot(), trainer.exportState(), trainer.pause()]);
  workers[0]?.terminate();
  workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
  const [, snapshot] = await asked;
  expect(snapshot.rows.imu?.count).toBe(4);
  expect((await trainer.exportState()).step).toBe(2);
  expect(heard.notices).toEqual(['The training worker failed: out of memory. The run goes on from step 1.']);
});

test('what is asked of a run that is let go of is refused and not left waiting', async () => {
  const trainer = await open(listen('wasm'));
  const asked = trainer.step();
  trainer.dispose();
  await expect(asked).rejects.toThrow('The run is over.');
  await expect(trainer.snapshot()).rejects.toThrow('The run is over.');
});

test('a speed that no run can have is refused and does not end it', async () => {
  const heard = listen('wasm');
  const trainer = await open(heard);
  expect(() => trainer.setSpeed(0)).toThrow(RangeError);
  await trainer.step();
  expect(heard.failures).toEqual([]);
});

/**
 * The next worker loses its device with its first work, and those after it when they are told to.
 *
 * @returns tells the worker that there is, and answers when it has heard
 */
function reachDevices(): () => Promise<void> {
  const channel = new BroadcastChannel(`devices ${crypto.randomUUID()}`);
  let opened = 0;
  watchWorkers((url) => {
    opened += 1;
    // The third one is on wasm, which finds its files beside its script.
    if (opened > 2) return url;
    const keep = scriptUrl(`(${keepDevices.toString()})(${JSON.stringify(channel.name)}, ${opened === 1});`);
    return scriptUrl(`import '${keep}';\nimport ${JSON.stringify(url)};`);
  });
  onTestFinished(() => channel.close());
  return () =>
    new Promise((resolve) => {
      channel.onmessage = () => resolve();
      channel.postMessage('lose it');
    });
}

/** @param wrap makes the address of a worker's script another one */
function watchWorkers(wrap = (url: string) => url): Worker[] {
  const Plain = globalThis.Worker;
  const workers: Worker[] = [];
  globalThis.Worker = class extends Plain {
    constructor(url: string | URL, options?: WorkerOptions) {
      const target = new URL(url, location.href).href;
      super(wrap(target), options);
      workers.push(this);
    }
  };
  onTestFinished(() => {
    globalThis.Worker = Plain;
  });
  return workers;
}

function scriptUrl(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

/** Runs in the worker, before its script. */
function keepDevices(channel: string, isDueAtOnce: boolean): void {
  let isDue = isDueAtOnce;
  const devices: GPUDevice[] = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    return device;
  };
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (buffers) {
    submit.call(this, buffers);
    if (isDue) for (const device of devices) device.destroy();
    isDue = false;
  };
  const told = new BroadcastChannel(channel);
  told.onmessage = () => {
    isDue = true;
    told.postMessage('heard');
  };
}
