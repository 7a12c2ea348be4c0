/** What the page and the trainer's worker tell each other. */
import type { BackendName } from '../../models/backend.ts';
import type { PictureSet } from '../data/pictures.ts';
import type { LearnerState, Rows, StepNumbers } from '../training/learner.ts';
import type { RunSettings } from '../training/settings.ts';
import type { Modality } from '../world/factors.ts';
import type { GradientCheck } from './check-gradients.ts';

/** Embeddings of the held-out items after a step. */
export interface TrainerSnapshot {
  readonly step: number;
  /** n × width, rows in the order of the held-out items. */
  readonly rows: Readonly<Partial<Record<Modality, Rows>>>;
  /** The same of items that were trained on and have a label, where it learns from pictures: label probes learn from them. */
  readonly known?: Readonly<Partial<Record<Modality, Rows>>>;
  /** What the loss compares of them, where a head makes it. */
  readonly projections?: Readonly<Partial<Record<Modality, Rows>>>;
  /** That of a view of each item, where views are learned from. */
  readonly views?: Readonly<Partial<Record<Modality, Rows>>>;
}

export interface TrainerRequest {
  readonly settings: RunSettings;
  readonly backend: BackendName | 'auto';
  /** Goes on from here; undefined: begins. */
  readonly state: LearnerState | undefined;
  /** Where the settings say that it learns from real pictures: these. */
  readonly pictures: PictureSet | undefined;
  /** Held-out items that snapshots embed, the first ones of the seed. */
  readonly heldOut: number;
  /** Milliseconds between two checkpoints. */
  readonly checkpointMs: number;
  /** Its first number is not 0 while the page wants the run to stand: heard in the middle of a step, as no message is. Only an isolated page has it. */
  readonly standing: Int32Array<SharedArrayBuffer> | undefined;
}

export interface TrainerStarted {
  /** As asked for, but for a batch that the device's memory would not hold. */
  readonly settings: RunSettings;
  readonly backend: BackendName;
  readonly threads: number;
  /** Steps that are taken already. */
  readonly step: number;
  /** Numbers that the model learns. */
  readonly parameters: number;
  /** Whether the backend's gradients are right; undefined where there is nothing to hold them to. */
  readonly check: GradientCheck | undefined;
}

/** `lost`: the device is gone; `memory`: a step needed more than there is. Another worker can go on from the last checkpoint then. */
export type FailureCause = 'lost' | 'memory' | 'other';

/** What the worker tells while it trains. */
export interface TrainerNews {
  onSteps(numbers: readonly StepNumbers[], pace: number | undefined): void;
  onSnapshot(snapshot: TrainerSnapshot): void;
  /** A state to go on from when the device or the worker is lost. */
  onCheckpoint(state: LearnerState): void;
  onEnd(): void;
  /** The run stands; the reason as people read it. */
  onFailure(reason: string, cause: FailureCause): void;
}

/** What the worker answers. */
export interface TrainerWorker {
  open(
    request: TrainerRequest,
    onSteps: TrainerNews['onSteps'],
    onSnapshot: TrainerNews['onSnapshot'],
    onCheckpoint: TrainerNews['onCheckpoint'],
    onEnd: TrainerNews['onEnd'],
    onFailure: TrainerNews['onFailure'],
  ): Promise<TrainerStarted>;
  /** Starts, and answers at once. */
  run(): void;
  /** Answers when it stands. */
  pause(): Promise<void>;
  step(): Promise<void>;
  setSpeed(mostASecond: number): void;
  setBound(step: number): void;
  snapshot(): Promise<TrainerSnapshot>;
  exportState(): Promise<LearnerState>;
}
