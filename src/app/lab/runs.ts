/** What can be done with the lab's runs. */
import { Lockstep } from '../../lab/trainer/lockstep.ts';
import type { TrainerStarted } from '../../lab/trainer/protocol.ts';
import { createTrainer, type Trainer } from '../../lab/trainer/trainer.ts';
import type { LearnerState } from '../../lab/training/learner.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import { messageOf, notify } from '../jobs.ts';
import { nextId } from '../store.ts';
import { addSteps } from './curves.ts';
import { picturesFor } from './data/picture-sets.ts';
import {
  HELD_OUT,
  type LabRun,
  NO_CURVES,
  NO_PROBES,
  type RunStatus,
  readLab,
  writeLab,
  writeRun,
} from './state.ts';

/** Of the runs that were opened; a run has none before its start and after it failed. */
const trainers = new Map<number, Promise<Trainer>>();

/** Runs that are to go on; told otherwise while they start or take a step, they stand afterwards. */
const wished = new Set<number>();

/** Two runs are seen at the same step. */
const lockstep = new Lockstep<number>();

export const isGoing = ({ status }: LabRun): boolean =>
  status.type === 'starting' || status.type === 'running' || status.type === 'pausing';

/** Trains all runs: those that stand go on, others begin. */
export function train(): void {
  begin();
  for (const { id, status } of readLab().runs) {
    if (isOver(status)) continue;
    wished.add(id);
    setStatus(id, trainers.has(id) ? { type: 'running' } : STARTING);
    void withTrainer(id, (trainer) => {
      if (!wished.has(id)) return;
      setStatus(id, { type: 'running' });
      trainer.run();
    });
  }
}

/** Resolves once all runs stand. */
export async function pause(): Promise<void> {
  const standing = readLab()
    .runs.filter(isGoing)
    .map(({ id }) => {
      wished.delete(id);
      setStatus(id, { type: 'pausing' });
      return withTrainer(id, async (trainer) => {
        await trainer.pause();
        await stand(id, trainer);
      });
    });
  await Promise.all(standing);
}

/** One step of each run, after which it stands. */
export function stepOnce(): void {
  begin();
  const standing = readLab().runs.filter(({ status }) => !isOver(status));
  // A pause may have come while one had taken a step more: the other is to catch up.
  const least = Math.min(...standing.map(({ step }) => step));
  for (const { id, step } of standing) {
    if (step > least) continue;
    wished.delete(id);
    setStatus(id, trainers.has(id) ? { type: 'pausing' } : STARTING);
    void withTrainer(id, async (trainer) => {
      await trainer.step();
      await stand(id, trainer);
    });
  }
}

/** Begins anew with what the form has. */
export function startAnew(): void {
  reset();
  train();
}

/** Lets go of the runs; the form keeps what it has. */
export function reset(): void {
  for (const { id } of readLab().runs) drop(id);
  writeLab({ runs: [], scene: undefined });
}

export function setSpeed(speed: number): void {
  writeLab({ speed });
  for (const trainer of trainers.values())
    void trainer.then(
      (each) => each.setSpeed(speed),
      () => undefined,
    );
}

/** Whether the form has other settings than the runs. */
export function isChanged({ runs, drafts }: ReturnType<typeof readLab>): boolean {
  const textOf = (all: readonly RunSettings[]) =>
    JSON.stringify(all.map(({ earlierBatches: _, ...settings }) => settings));
  return runs.length > 0 && textOf(runs.map(({ settings }) => settings)) !== textOf(drafts);
}

/** A run for each of the form's settings, where there is none yet. */
function begin(): void {
  const { runs, drafts } = readLab();
  if (runs.length > 0) return;
  writeLab({ runs: drafts.map(newRun) });
}

/** What a run has learned so far. */
export async function stateOf(id: number): Promise<LearnerState> {
  const trainer = trainers.get(id);
  if (!trainer) throw new Error('The run is not open. Start it first.');
  return (await trainer).exportState();
}

function newRun(settings: RunSettings): LabRun {
  return {
    id: nextId(),
    settings,
    status: { type: 'idle' },
    backend: '',
    step: 0,
    pace: undefined,
    curves: NO_CURVES,
    weights: {},
    snapshot: undefined,
    probes: NO_PROBES,
    recorded: undefined,
  };
}

function drop(id: number): void {
  const trainer = trainers.get(id);
  trainers.delete(id);
  wished.delete(id);
  lockstep.leave(id);
  void trainer?.then(
    (opened) => opened.dispose(),
    () => undefined,
  );
}

/** Opens the run where it is not, and does something with it; what goes wrong ends the run with its reason. */
async function withTrainer(id: number, work: (trainer: Trainer) => unknown): Promise<void> {
  const run = readLab().runs.find((each) => each.id === id);
  if (!run) return;
  const trainer = trainers.get(id) ?? open(id, run.settings);
  trainers.set(id, trainer);
  try {
    const opened = await trainer;
    if (trainers.get(id) !== trainer) return;
    await work(opened);
  } catch (error) {
    if (trainers.get(id) === trainer) fail(id, messageOf(error));
  }
}

async function open(id: number, settings: RunSettings): Promise<Trainer> {
  let opened: Trainer | undefined;
  lockstep.join(id, (bound) => opened?.setBound(bound));
  const trainer = await createTrainer(settings, {
    heldOut: HELD_OUT,
    pictures: settings.data && (await picturesFor(settings.data)),
    listeners: {
      onStarted: (started) => {
        lockstep.tell(id, started.step);
        onStarted(id, started);
      },
      onSteps: (numbers, pace) => {
        const run = readLab().runs.find((each) => each.id === id);
        const last = numbers.at(-1);
        if (!run || !last) return;
        lockstep.tell(id, last.step);
        writeRun(id, {
          curves: addSteps(run.curves, numbers),
          step: last.step,
          weights: last.weights,
          pace: run.status.type === 'running' ? pace : undefined,
        });
        if (!Number.isFinite(last.total)) fail(id, divergedText(last.step));
      },
      onSnapshot: (snapshot) => writeRun(id, { snapshot }),
      onEnd: () => {
        lockstep.leave(id);
        writeRun(id, { status: { type: 'finished' }, pace: undefined });
      },
      onNotice: (notice) => notify('info', notice),
      onFailure: (reason) => fail(id, reason),
    },
  });
  opened = trainer;
  trainer.setBound(lockstep.bound);
  const { speed } = readLab();
  if (Number.isFinite(speed)) trainer.setSpeed(speed);
  if (readLab().runs.some((run) => run.id === id)) await showNow(id, trainer);
  return trainer;
}

const STARTING: RunStatus = { type: 'starting', what: 'Starting the model' };

const isOver = ({ type }: RunStatus): boolean => type === 'finished' || type === 'failed';

/** It has come to rest, and the map shows the step at which it did, not one some steps before. */
async function stand(id: number, trainer: Trainer): Promise<void> {
  const run = readLab().runs.find((each) => each.id === id);
  if (!run || wished.has(id)) return;
  if (!isOver(run.status)) setStatus(id, { type: 'paused' });
  await showNow(id, trainer);
}

async function showNow(id: number, trainer: Trainer): Promise<void> {
  const snapshot = await trainer.snapshot();
  const run = readLab().runs.find((each) => each.id === id);
  if (run && run.snapshot?.step !== snapshot.step) writeRun(id, { snapshot });
}

const divergedText = (step: number): string =>
  `From step ${step} on the loss is not a number: the run has diverged. A lower learning rate or a higher temperature may hold it.`;

function onStarted(id: number, { settings, backend, threads, check }: TrainerStarted): void {
  takeBatch(id, settings);
  writeRun(id, {
    backend: backend === 'wasm' ? `wasm, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : backend,
  });
  if (check && !check.isRight) {
    notify(
      'error',
      `Gradients on ${backend} are off by ${check.deviation.toPrecision(2)} of their size at ${check.parameter} (at most ${check.allowed} is allowed): what is learned here may be wrong. Another browser or an update of the graphics driver may help.`,
    );
  }
}

/** A batch that the memory did not hold is shown as what it was lowered to, in the form, too. */
function takeBatch(id: number, settings: RunSettings): void {
  const { runs, drafts } = readLab();
  const at = runs.findIndex((run) => run.id === id);
  if (runs[at]?.settings.batchSize === settings.batchSize) return;
  const { batchSize } = settings;
  writeRun(id, { settings });
  writeLab({ drafts: drafts.map((draft, place) => (place === at ? { ...draft, batchSize } : draft)) });
}

function fail(id: number, reason: string): void {
  drop(id);
  writeRun(id, { status: { type: 'failed', reason }, pace: undefined });
}

function setStatus(id: number, status: RunStatus): void {
  writeRun(id, { status, ...(status.type !== 'running' && { pace: undefined }) });
}
