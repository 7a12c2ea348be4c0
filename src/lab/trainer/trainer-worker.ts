/** The worker in which a model is trained. Its page side is trainer.ts. */
import '../objectives/gradients.ts';
import * as comlink from 'comlink';
import { nextTask } from '../../common/turns.ts';
import { startBackend } from '../../models/backend.ts';
import { createPictureSource } from '../data/picture-source.ts';
import type { PictureSet } from '../data/pictures.ts';
import { type Source, world } from '../data/source.ts';
import { createLearner } from '../training/create-learner.ts';
import type { Learner, Rows } from '../training/learner.ts';
import { recipes } from '../training/recipes.ts';
import type { RunSettings } from '../training/settings.ts';
import { fitBatch } from '../training/step-bytes.ts';
import type { Modality } from '../world/factors.ts';
import { checkGradients } from './check-gradients.ts';
import { type SteppedLearner, TrainingLoop } from './loop.ts';
import { deviceOfBackend, memoryLimit, mendAllocation, OutOfMemory, withinMemory } from './memory.ts';
import type { TrainerRequest, TrainerSnapshot, TrainerWorker } from './protocol.ts';

/** A run, whatever its items are. */
interface Model {
  readonly learner: Omit<Learner, 'embed'>;
  /** Numbers that it learns. */
  readonly parameters: number;
  snapshot(): Promise<TrainerSnapshot>;
  /** @returns undefined when it was given up before it was complete */
  snapshot(isUnwanted: () => boolean): Promise<TrainerSnapshot | undefined>;
}

/** What snapshots embed. */
interface SnapshotItems<Item> {
  readonly heldOut: readonly Item[];
  readonly known: readonly Item[];
}

interface Opened extends Model {
  readonly loop: TrainingLoop;
}

/** Of the time, that snapshots may take. */
const SNAPSHOT_SHARE = 0.25;
const SNAPSHOT_EVERY_MS = 500;
const LOSS_IS_TOLD_WITHIN_MS = 1000;

let opened: Opened | undefined;
/** Whether the page wants it to train: what is read off the model in between does not end that. */
let isWished = false;
/** Reading the model and stepping it exclude each other. */
let turn: Promise<unknown> = Promise.resolve();
let onFailed: (error: unknown) => void = () => undefined;
/** When the device is lost; on wasm and cpu there is none. */
let lost: Promise<void> | undefined;

const worker: TrainerWorker = {
  async open(
    { settings: asked, backend: wished, state, pictures, heldOut, checkpointMs, standing },
    onSteps,
    onSnapshot,
    onCheckpoint,
    onEnd,
    onFailure,
  ) {
    onFailed = (error) =>
      onFailure(
        error instanceof Error ? error.message : String(error),
        error instanceof OutOfMemory ? 'memory' : 'other',
      );
    const started = await startBackend(wished);
    lost = watchDevice((reason) => onFailure(reason, 'lost'));
    mendAllocation();
    const check = await unlessLost(checkGradients(started.backend, asked));
    const source = sourceOf(asked, pictures);
    const begins = { settings: asked, step: state?.step ?? 0, heldOut };
    const model = await (source ? createModel(source, begins) : createModel(world, begins));
    const { learner, parameters } = model;
    const { settings } = learner;
    if (state) learner.importState(state);
    let nextSnapshot = 0;
    let nextCheckpoint = performance.now() + checkpointMs;
    const isUnwanted = standing && (() => Atomics.load(standing, 0) !== 0);
    const between = async (): Promise<void> => {
      const began = performance.now();
      const isLast = learner.steps >= settings.steps;
      if (began >= nextSnapshot || isLast) {
        const wasWished = isWished;
        // A run that is told to stand does not finish it first.
        const isGivenUp = () => !isLast && (isWished !== wasWished || isUnwanted?.() === true);
        const snapshot = await model.snapshot(isGivenUp);
        if (!snapshot) return;
        onSnapshot(comlink.transfer(snapshot, buffersOf(snapshot)));
        const took = performance.now() - began;
        nextSnapshot = performance.now() + Math.max(SNAPSHOT_EVERY_MS, took * (1 / SNAPSHOT_SHARE - 1));
      }
      if (began >= nextCheckpoint) {
        onCheckpoint(await learner.exportState());
        nextCheckpoint = performance.now() + checkpointMs;
      }
    };
    const loop = new TrainingLoop(inMemory(learner), { onSteps, onEnd, between }, isUnwanted);
    opened = { ...model, loop };
    return { ...started, settings, step: learner.steps, parameters, check };
  },

  run() {
    if (isWished) return;
    isWished = true;
    train();
  },
  async pause() {
    isWished = false;
    await open().loop.pause();
  },
  async step() {
    isWished = false;
    const { loop } = open();
    await loop.pause();
    await unlessLost(inTurn(() => loop.step()));
  },
  setSpeed: (mostASecond) => open().loop.setSpeed(mostASecond),
  setBound: (step) => open().loop.setBound(step),
  async snapshot() {
    const model = open();
    const snapshot = await aside(() => model.snapshot());
    return comlink.transfer(snapshot, buffersOf(snapshot));
  },
  exportState: () => aside(() => open().learner.exportState()),
};

function open(): Opened {
  if (!opened) throw new Error('The run is not open.');
  return opened;
}

/** Undefined for the made-up world. */
function sourceOf({ data }: RunSettings, pictures: PictureSet | undefined): Source<number> | undefined {
  if (!data) return undefined;
  if (pictures?.data.hash !== data.hash) {
    throw new Error(`The ${data.count} pictures that the run learns from were not given.`);
  }
  return createPictureSource(pictures);
}

async function createModel<Item>(
  source: Source<Item>,
  { settings, step, heldOut }: Pick<TrainerRequest, 'settings' | 'heldOut'> & { readonly step: number },
): Promise<Model> {
  const { learner, parameters } = await createFitting(source, settings, step);
  const items = {
    heldOut: source.heldOut(learner.settings, heldOut),
    known: source.known(learner.settings, heldOut),
  };
  function snapshot(): Promise<TrainerSnapshot>;
  function snapshot(isUnwanted: () => boolean): Promise<TrainerSnapshot | undefined>;
  function snapshot(isUnwanted?: () => boolean) {
    return isUnwanted ? takeSnapshot(learner, items, isUnwanted) : takeSnapshot(learner, items);
  }
  return { learner, parameters, snapshot };
}

/** With a batch that the device should hold. */
async function createFitting<Item>(source: Source<Item>, asked: RunSettings, step: number) {
  const learner = createLearner(asked, source);
  let parameters = 0;
  for (const { values } of (await learner.exportState()).parameters.values()) parameters += values.length;
  const settings = fitBatch(asked, parameters, memoryLimit(), step);
  if (settings === asked) return { learner, parameters };
  learner.dispose();
  return { learner: createLearner(settings, source), parameters };
}

function inMemory(learner: Model['learner']): SteppedLearner {
  return {
    settings: learner.settings,
    get steps() {
      return learner.steps;
    },
    step: (isUnwanted) => withinMemory(() => learner.step(isUnwanted)),
  };
}

function train(): void {
  const { loop } = open();
  unlessLost(inTurn(() => (isWished ? loop.run() : Promise.resolve()))).catch(onFailed);
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

/** Between two steps of a run that goes on afterwards. */
async function aside<T>(work: () => Promise<T>): Promise<T> {
  await open().loop.pause();
  try {
    return await unlessLost(inTurn(work));
  } finally {
    if (isWished) train();
  }
}

async function takeSnapshot<Item>(
  learner: Learner<Item>,
  items: SnapshotItems<Item>,
): Promise<TrainerSnapshot>;
/** @returns undefined when it was given up before it was complete */
async function takeSnapshot<Item>(
  learner: Learner<Item>,
  items: SnapshotItems<Item>,
  isUnwanted: () => boolean,
): Promise<TrainerSnapshot | undefined>;
async function takeSnapshot<Item>(
  learner: Learner<Item>,
  items: SnapshotItems<Item>,
  isUnwanted?: () => boolean,
) {
  const { modalities, headWidth, recipe } = learner.settings;
  let isWhole = true;
  const read = async (of: 'embedding' | 'projection' | 'view', some = items.heldOut) => {
    const rows: Partial<Record<Modality, Rows>> = {};
    for (const modality of modalities) {
      const embedded = isWhole ? await learner.embed(modality, some, of, isUnwanted) : undefined;
      if (embedded) rows[modality] = embedded;
      else isWhole = false;
      // Else a pause that came meanwhile would be heard after the last of them.
      await nextTask();
    }
    return rows;
  };
  const rows = await read('embedding');
  const snapshot: TrainerSnapshot = {
    ...{ step: learner.steps, rows },
    ...(items.known.length > 0 && { known: await read('embedding', items.known) }),
    ...(headWidth > 0 && { projections: await read('projection') }),
    ...(recipes[recipe].data === 'views' && { views: await read('view') }),
  };
  return isWhole ? snapshot : undefined;
}

function buffersOf({ rows, known, projections, views }: TrainerSnapshot): Transferable[] {
  return [rows, known ?? {}, projections ?? {}, views ?? {}].flatMap((all) =>
    Object.values(all).map(({ values }) => values.buffer),
  );
}

/** tfjs says nothing of a device that is lost: what reads from it fails as anything may, and some of it waits for ever. */
function watchDevice(onLost: (reason: string) => void): Promise<void> | undefined {
  return deviceOfBackend()?.lost.then(({ reason, message }) =>
    onLost(`The GPU was lost (${reason}). ${message}`),
  );
}

/** An error that comes of a lost device or of full memory is not told to who asks: the page hears of that itself, and ends this worker. */
async function unlessLost<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OutOfMemory) {
      onFailed(error);
      return new Promise<never>(() => undefined);
    }
    // What is read fails before the device is said to be lost.
    const isLost =
      lost && (await Promise.race([lost.then(() => true), after(LOSS_IS_TOLD_WITHIN_MS).then(() => false)]));
    if (isLost) return new Promise<never>(() => undefined);
    throw error;
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

comlink.expose(worker);
