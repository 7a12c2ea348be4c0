import { create } from 'zustand';
import type { Accuracy } from '../../lab/probes/accuracy.ts';
import type { ByFactor, ByModality, ProbeReport } from '../../lab/probes/report.ts';
import type { Rows } from '../../lab/training/learner.ts';
import { defaultsOf } from '../../lab/training/recipes.ts';
import type { RunSettings } from '../../lab/training/settings.ts';
import type { Factor, Modality } from '../../lab/world/factors.ts';

export type RunStatus =
  | { readonly type: 'idle' }
  | { readonly type: 'starting'; readonly what: string }
  | { readonly type: 'running' }
  /** Told to stand, and still at its last step. */
  | { readonly type: 'pausing' }
  | { readonly type: 'paused' }
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly reason: string };

/** What each step was, in the order of steps; a column a number. Long runs may have had steps left out evenly. */
export interface Curves {
  readonly steps: readonly number[];
  readonly rate: readonly number[];
  readonly total: readonly number[];
  /** As the objective names its terms, before they are weighted. */
  readonly terms: Readonly<Record<string, readonly number[]>>;
  /** Numbers that the objective learned. */
  readonly learned: Readonly<Record<string, readonly number[]>>;
}

/** Embeddings of the held-out scenes after a step. */
export interface Snapshot {
  readonly step: number;
  /** n × width, rows in the order of the held-out scenes. */
  readonly rows: Readonly<Partial<Record<Modality, Rows>>>;
  /** The same of labeled pictures that were trained on; the probes learn from them. */
  readonly known?: Readonly<Partial<Record<Modality, Rows>>>;
  /** What the loss compares of them, where a head makes it; the probes read it. */
  readonly projections?: Readonly<Partial<Record<Modality, Rows>>>;
  /** Another view of the same scenes, as the loss compares it, where views are compared; the probes read it. */
  readonly views?: Readonly<Partial<Record<Modality, Rows>>>;
}

/** What the probes found of a snapshot. */
export interface StepReport {
  readonly step: number;
  readonly report: ProbeReport;
}

export interface RawAccuracies {
  readonly knn: ByFactor<Accuracy>;
  readonly linear: ByFactor<Accuracy>;
}

/** What the probes found in a run. */
export interface Probes {
  /** The step of the snapshot that is being measured. */
  readonly measuring: number | undefined;
  /** Of the newest snapshot that was measured; of the first one as far as it is. */
  readonly latest: StepReport | undefined;
  /** Of all that were measured, by step. Pictures (correlations, similarities) are in the latest only. */
  readonly history: readonly StepReport[];
  /** What the inputs tell as they are, without any encoder. */
  readonly raw: ByModality<RawAccuracies> | undefined;
}

export interface Framed {
  /** Of the snapshot. */
  readonly step: number;
  readonly projection: Projection;
  /** PCA: of the variance, the shares that its two directions have, in 0..1. */
  readonly explained: readonly [number, number] | undefined;
}

/** One of the two runs that can be seen side by side. */
export interface LabRun {
  readonly id: number;
  readonly settings: RunSettings;
  readonly status: RunStatus;
  /** Where it is computed, as people read it; empty until it is known. */
  readonly backend: string;
  /** Steps taken. */
  readonly step: number;
  /** Steps a second, smoothed; undefined while it stands. */
  readonly pace: number | undefined;
  readonly curves: Curves;
  /** How the terms are weighted in the total. */
  readonly weights: Readonly<Record<string, number>>;
  readonly snapshot: Snapshot | undefined;
  /** What its map shows, once it does. */
  readonly framed?: Framed | undefined;
  readonly probes: Probes;
  /** Recorded by a script, with its date and machine, instead of computed here. */
  readonly recorded: string | undefined;
}

export type Projection = 'pca' | 'umap';

export const PANEL_IDS = ['loss', 'probes', 'pictures', 'formula'] as const;
export type PanelId = (typeof PANEL_IDS)[number];

export type SizeOfRun = 'small' | 'full';

/** How the map shows the held-out scenes. */
export interface LabView {
  readonly projection: Projection;
  /** Pictures in place of dots. */
  readonly pictures: boolean;
  readonly color: Factor;
  /** Modalities whose embeddings are shown, of those that a run has. */
  readonly hidden: readonly Modality[];
  /** Lines between the embeddings of one scene. */
  readonly lines: boolean;
}

interface LabState {
  /** One, or two that differ in what was changed. */
  readonly runs: readonly LabRun[];
  /** What the form has, by the place of the run: a run has it from its next start on. */
  readonly drafts: readonly RunSettings[];
  /** What the settings are compared with. */
  readonly size: SizeOfRun;
  /** Steps a second at most. */
  readonly speed: number;
  readonly view: LabView;
  /** The measures that are open. */
  readonly panel: PanelId;
  /** The preset that is tried, by its id. */
  readonly preset: string | undefined;
  /** The held-out scene that is looked at, by its place among them. */
  readonly scene: number | undefined;
}

export const NO_CURVES: Curves = { steps: [], rate: [], total: [], terms: {}, learned: {} };

export const NO_PROBES: Probes = { measuring: undefined, latest: undefined, history: [], raw: undefined };

export const useLab = create<LabState>(() => ({
  runs: [],
  drafts: [defaultsOf('simclr')],
  size: 'full',
  speed: Number.POSITIVE_INFINITY,
  view: { projection: 'pca', pictures: true, color: 'shape', hidden: [], lines: true },
  panel: 'loss',
  preset: undefined,
  scene: undefined,
}));

/** Held-out scenes that the map shows and the probes measure. */
export const HELD_OUT = 256;

export const readLab = useLab.getState;
export const writeLab = useLab.setState;

/** Changes one run; nothing where it is gone. */
export function writeRun(id: number, change: Partial<LabRun>): void {
  writeLab(({ runs }) => ({ runs: runs.map((run) => (run.id === id ? { ...run, ...change } : run)) }));
}
