/** What the probes found, as plain data. What is not measured yet is not there. */
import type { Rows } from '../training/learner.ts';
import type { Factor, Modality } from '../world/factors.ts';
import type { Scene } from '../world/scene.ts';
import type { Accuracy } from './accuracy.ts';
import type { Blocks, CrossCorrelation } from './correlation.ts';
import type { Alignment, ModalityGap, Uniformity } from './hypersphere.ts';
import type { LinearAccuracy } from './linear.ts';
import type { PairMark, Recall } from './retrieval.ts';
import type { Spread } from './spread.ts';

/** Real items, of which at most a label is known. */
export interface LabeledItems {
  readonly length: number;
  /** Of each, from 0; `NO_LABEL` where it has none. Undefined where there are no labels. */
  readonly labels: Uint8Array | undefined;
  /** Items that were trained on, with a label each: probes then learn from them, and accuracies are of all that were not. */
  readonly known?: { readonly rows: Rows; readonly labels: Uint8Array };
}

/** Embeddings of scenes, or of real items, that were never trained on, all in their order. */
export interface ProbeSnapshot {
  readonly scenes: readonly Scene[] | Omit<LabeledItems, 'known'>;
  /** Of real items: labeled ones that were trained on. */
  readonly known?: { readonly rows: ByModality<Rows>; readonly labels: Uint8Array };
  /** What the encoders give. */
  readonly rows: ByModality<Rows>;
  /** What the loss compares, where a head makes it; elsewhere `rows` are. */
  readonly projections?: ByModality<Rows>;
  /** Another view of the same scenes, in the space that the loss compares: for objectives within one modality. */
  readonly views?: ByModality<Rows>;
}

export interface ProbeSettings {
  /** Modalities that learn from each other, each pair once; without those that were bound to items of others. */
  readonly trained: readonly (readonly [Modality, Modality])[];
  /** DeCUR: how many dimensions of what the loss compares are common, the first ones. */
  readonly common?: number;
  /** Nearest neighbors that vote; 10 unless told. */
  readonly k?: number;
  /** Scenes among which an item is sought, the first ones; 256 unless told, or all where there are fewer. */
  readonly soughtAmong?: number;
}

export type ByModality<T> = Readonly<Partial<Record<Modality, T>>>;
/** What probes tell: a factor of the world, or the label of a real item. */
export type Told = Factor | 'label';
export type ByFactor<T> = Readonly<Partial<Record<Told, T>>>;

/** A number, or why there is none, as people read it. */
export type Probed<T> =
  | { readonly type: 'measured'; readonly value: T }
  | { readonly type: 'unfit'; readonly reason: string };

export interface ProbeReport {
  /** Scenes that accuracies are learned from, the first ones, and those that they are of. */
  readonly split: { readonly train: number; readonly test: number };
  /** Of what the encoders give. */
  readonly spread: ByModality<Probed<Spread>>;
  /** Of what the loss sees, where a head makes it: there the variance of VICReg is asked for. */
  readonly projectionSpread: ByModality<Probed<Spread>>;
  /** Of what the loss compares, as pairs and retrieval are. */
  readonly uniformity: ByModality<Probed<Uniformity>>;
  readonly pairs: readonly PairReport[];
  /** Every modality sought by every other, each direction once. */
  readonly retrieval: readonly RetrievalReport[];
  /** Factors that are the same in all scenes are left out. */
  readonly knn: ByModality<Probed<ByFactor<Accuracy>>>;
  readonly linear: ByModality<Probed<ByFactor<LinearAccuracy>>>;
  /** Linear probes of the common and of the unique dimensions alone; empty where there are no such. */
  readonly parts: ByModality<{
    readonly common: Probed<ByFactor<LinearAccuracy>>;
    readonly unique: Probed<ByFactor<LinearAccuracy>>;
  }>;
}

/** Two modalities, or two views of one: then both names are the same. */
export interface PairReport {
  readonly first: Modality;
  readonly second: Modality;
  readonly alignment: Probed<Alignment>;
  readonly gap: Probed<ModalityGap>;
  /** Only of pairs that learn from each other, and of views. */
  readonly correlation?: Probed<CrossCorrelation & { readonly blocks: Blocks }>;
  /** Cosines of the first few items with each other's: row-major, rows of `first`. Only where `correlation` is. */
  readonly similarities?: Probed<{ readonly values: Float32Array<ArrayBuffer>; readonly n: number }>;
}

export interface RetrievalReport {
  readonly from: Modality;
  readonly to: Modality;
  readonly mark: PairMark;
  /** What the two can know of each other by what was trained. */
  readonly factors: readonly Factor[];
  readonly recalls: Probed<readonly RecallReport[]>;
}

export interface RecallReport extends Recall {
  /** Recall of embeddings that know exactly the levels of `factors`; of real items none are known. */
  readonly byLevels?: number;
}
